"""Where webhooks may be posted to: not into our own network, whatever a name leads to.

An administrator of the pages is not one of the network behind them. The addresses that a name has
are looked up once, all are checked, and the post goes to a checked one: a name that leads elsewhere
a moment later changes nothing.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from tieline.errors import Place, TielineError

ALLOWED = "TIELINE_WEBHOOK_NETWORKS"
"""The environment variable that opens private networks: `10.1.0.0/16,127.0.0.1/32`."""


@dataclass(frozen=True)
class Target:
    """Where a post goes: the host as it is named, the address it has, port and path."""

    secure: bool
    host: str
    address: str
    port: int
    path: str


def target(url: str) -> Target:
    """The target of a webhook's address; `bad_url` or `private_address` if nothing goes there."""
    try:
        told = urlsplit(url)
        host, port = told.hostname or "", told.port
    except ValueError:
        host, port, told = "", None, urlsplit("")
    if told.scheme not in ("https", "http") or not host or told.username or told.fragment:
        raise TielineError(
            "bad_url",
            f"{url[:80]!r} is no address of a webhook.",
            next_step="Write it as https://example.com/tieline, without a name and password.",
        )
    secure = told.scheme == "https"
    port = port or (443 if secure else 80)
    found = _addresses(host, port)
    opened = _opened()
    for address in found:
        known = ipaddress.ip_address(address)
        inside = any(known in network for network in opened if network.version == known.version)
        if not inside and not (known.is_global and not known.is_multicast):
            raise TielineError(
                "private_address",
                f"{host} leads to {address}, which is no address of the internet.",
                next_step=f"If it is meant, whoever runs the server opens it: {ALLOWED}={address}",
            )
        if not inside and not secure:
            raise TielineError(
                "not_encrypted",
                f"{url[:80]!r} is not encrypted.",
                next_step="Write it with https://.",
            )
    path = (told.path or "/") + (f"?{told.query}" if told.query else "")
    return Target(secure, host, found[0], port, path)


def _addresses(host: str, port: int) -> list[str]:
    try:
        listed = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TielineError(
            "unknown_host", f"{host[:80]} leads nowhere.", next_step="Check how it is written."
        ) from None
    # An IPv4 address in the clothes of IPv6 is what it stands for.
    plain = [str(one[4][0]).partition("%")[0] for one in listed]
    mapped = [getattr(ipaddress.ip_address(one), "ipv4_mapped", None) for one in plain]
    return list(dict.fromkeys(str(v4 or one) for one, v4 in zip(plain, mapped, strict=True)))


def _opened() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    told = os.environ.get(ALLOWED, "")
    try:
        return [ipaddress.ip_network(one.strip()) for one in told.split(",") if one.strip()]
    except ValueError as problem:
        raise TielineError(
            "bad_networks",
            f"It names no networks: {problem}.",
            place=Place(ALLOWED),
            next_step="Write them as 10.1.0.0/16,127.0.0.1/32",
        ) from None
