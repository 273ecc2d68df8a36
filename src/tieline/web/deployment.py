"""`tieline serve --check`: what is wrong with how the pages are put up, and what to do."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tieline.errors import TielineError
from tieline.web.configuration import DATABASE_FILE, Serving, configure
from tieline.web.secret_key import FILE

LEAST_FREE_BYTES = 1024**3
_LOCAL = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (`grave`) or could be better."""

    grave: bool
    says: str
    next_step: str


def check(serving: Serving) -> list[Finding]:
    """Everything that would let somebody in, lose data or keep people out."""
    configure(serving)
    hidden = serving.workspace / ".tieline"
    found = [*_reach(serving), *_files(hidden), *_people(), *_company(), *_room(hidden)]
    return sorted(found, key=lambda one: not one.grave)


def _reach(serving: Serving) -> Iterator[Finding]:
    if serving.host not in _LOCAL and not serving.secure:
        yield Finding(
            True,
            f"It listens at {serving.host}, where others can reach it, and passwords would travel "
            "unencrypted.",
            "Listen at 127.0.0.1 behind a web server with a certificate, and name its address: "
            "--url https://tieline.example.com",
        )
    if serving.url and not serving.secure:
        yield Finding(
            True,
            f"{serving.url} is not encrypted: passwords could be read on the way.",
            "Give the web server in front a certificate and name the address with https://.",
        )
    if serving.secure and serving.host not in _LOCAL:
        yield Finding(
            False,
            f"It listens at {serving.host}: the web server in front can be gone around, and with "
            "it the encryption.",
            "Let a firewall allow that server only, or listen at 127.0.0.1.",
        )
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Finding(
            False,
            "It runs as root: a fault of it could change the whole machine.",
            "Run it as a user of its own that owns nothing but the workspace.",
        )


def _files(hidden: Path) -> Iterator[Finding]:
    for name, what in (
        (FILE, "the secret that sessions are signed with"),
        (DATABASE_FILE, "people, sessions and the audit log"),
        ("ledger.sqlite", "every decision and event"),
    ):
        path = hidden / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding(
                name == FILE,
                f"Other users of this machine may read {what}: {path}",
                f"chmod 600 {path}",
            )
    if not os.access(hidden, os.W_OK):
        yield Finding(
            True, f"The workspace cannot be written to: {hidden}", "Give the user the right to."
        )


def _people() -> Iterator[Finding]:
    from tieline.web import members, tables

    tables.bring_up_to_date()
    if not members.has_administrator():
        yield Finding(
            False,
            "There is no administrator yet: whoever opens the link of tieline serve first is it.",
            "Run tieline serve and open the link yourself.",
        )


def _company() -> Iterator[Finding]:
    from django.conf import settings

    if settings.TIELINE_COMPANY is None:
        return
    try:
        from tieline.web import provider

        provider.speaks(settings.TIELINE_COMPANY)
    except TielineError as problem:
        yield Finding(
            not settings.TIELINE_PASSWORDS,
            problem.message,
            "Compare TIELINE_OIDC_ISSUER with what the provider states; see the line above.",
        )


def _room(hidden: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(hidden).free
    if free < LEAST_FREE_BYTES:
        yield Finding(
            True,
            f"Only {free // 1024**2:,} MB are free where the workspace lies; a build needs room "
            "for a second database.",
            "Free some space, or move the workspace.",
        )
    if not (hidden / "CURRENT").exists():
        yield Finding(False, "Nothing was built yet: the pages are empty.", "Run: tieline build")
