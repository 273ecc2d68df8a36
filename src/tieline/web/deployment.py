"""`tieline serve --check`: what is wrong with how the pages are put up, and what to do."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tieline.errors import TielineError
from tieline.web.configuration import DATABASE_FILE, Serving, configure
from tieline.web.secret_key import FILE

LEAST_FREE_BYTES = 1024**3
LATE_MINUTES = 5
"""A job that nobody began after so long is told."""
_ENCRYPTED = ("require", "verify-ca", "verify-full")
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
    found = [
        *_reach(serving),
        *_files(hidden),
        *_people(),
        *_company(),
        *_room(hidden),
        *database(os.environ.get("DATABASE_URL", "")),
    ]
    found += [*_work(serving), *_backups(serving.workspace)]
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


def database(url: str) -> Iterator[Finding]:
    """What is wrong with a DATABASE_URL, '' if there is none; the server is not asked."""
    if not url.strip():
        return
    from tieline.ledger.database_url import parse_database_url

    address = parse_database_url(url)
    if not address.host or address.host.startswith("/") or address.host in _LOCAL:
        return
    if not address.password and "sslcert" not in address.options:
        yield Finding(
            True,
            f"The database at {address.host} lets this user in over the network without a "
            "password of its own.",
            "Give the user a password and name it in DATABASE_URL, in a file only root reads.",
        )
    if address.options.get("sslmode") not in _ENCRYPTED:
        yield Finding(
            False,
            f"What goes to the database at {address.host} may travel unencrypted.",
            "Write ?sslmode=verify-full at the end of DATABASE_URL.",
        )


def _work(serving: Serving) -> Iterator[Finding]:
    from django.utils import timezone

    from tieline.web.background import signs
    from tieline.web.models import Job, Schedule

    if signs.living().exists():
        return
    late = timezone.now() - timedelta(minutes=LATE_MINUTES)
    waiting = Job.objects.filter(state__in=("waiting", "running"), asked_at__lt=late).count()
    overdue = Schedule.objects.filter(paused=False, next_at__lt=late).count()
    if waiting or overdue:
        yield Finding(
            True,
            f"Nobody does the jobs: {waiting:,} wait and {overdue:,} schedules are overdue.",
            "Start tieline work, or tieline serve without --no-jobs.",
        )
    elif not serving.does_jobs:
        yield Finding(
            False,
            "The pages leave the jobs to tieline work, and none was heard of in the last minute.",
            "Start tieline work beside them.",
        )


def _backups(workspace: Path) -> Iterator[Finding]:
    from tieline.web.background import backups
    from tieline.web.models import Job, Schedule

    if not Schedule.objects.filter(kind="backup", paused=False).exists():
        yield Finding(
            False,
            "No backup is made by itself.",
            "Set one up on the page Jobs, or have another program run tieline backup.",
        )
        return
    last = Job.objects.filter(kind="backup", ended_at__isnull=False).order_by("-id").first()
    if last is not None and last.state == "failed":
        yield Finding(True, "The last backup failed.", f"See why on the page of job {last.pk}.")
    root = backups.root(workspace)
    if root.exists() and root.stat().st_dev == workspace.stat().st_dev:
        yield Finding(
            False,
            f"Backups lie on the disk of the workspace, in {root}: both are lost with it.",
            f"Name a folder on another disk in {backups.SETTING}, or copy them away.",
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
