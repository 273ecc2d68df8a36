"""One post to a webhook: to the checked address, without following anybody elsewhere."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from tieline.errors import TielineError
from tieline.web.api.webhooks.addresses import Target, target
from tieline.web.api.webhooks.signing import HEADER, signature

PATIENCE_SECONDS = 10
MOST_READ = 4096
"""Bytes of an answer that are read: only its status counts."""


@dataclass(frozen=True)
class Posted:
    """What came back: the status (None if nothing did), and a few words."""

    status: int | None
    said: str

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, secret: str, body: bytes, *, delivery: str) -> Posted:
    """Post a body, signed as of now."""
    try:
        there = target(url)
    except TielineError as problem:
        return Posted(None, problem.message[:200])
    seconds = int(time.time())
    headers = {
        "Host": _host(there),
        "Content-Type": "application/json",
        "User-Agent": "Tieline",
        "Tieline-Delivery": delivery,
        HEADER: signature(secret, seconds, body),
    }
    connection = _Pinned(there)
    try:
        connection.request("POST", there.path, body, headers)
        answer = connection.getresponse()
        answer.read(MOST_READ)
        return Posted(answer.status, answer.reason[:200])
    except (OSError, HTTPException, ValueError) as problem:
        return Posted(None, str(problem)[:200] or type(problem).__name__)
    finally:
        connection.close()


class _Pinned(HTTPConnection):
    """A connection to the address that was checked, whatever the name leads to by now."""

    def __init__(self, there: Target) -> None:
        super().__init__(there.host, there.port, timeout=PATIENCE_SECONDS)
        self._there = there

    def connect(self) -> None:
        """Connect to the address; the certificate has to be that of the name."""
        there = self._there
        self.sock = socket.create_connection((there.address, there.port), PATIENCE_SECONDS)
        if there.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=there.host)


def _host(there: Target) -> str:
    host = f"[{there.host}]" if ":" in there.host else there.host
    usual = 443 if there.secure else 80
    return host if there.port == usual else f"{host}:{there.port}"
