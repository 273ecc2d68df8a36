"""What a database complains about, in words for the person who can repair it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tieline.errors import Place, TielineError

UNREACHABLE = "ledger_unreachable"

# (what the driver's message holds, code, what it means, what to do); the first that fits is told.
_FAULTS = (
    (
        ("database is locked", "database table is locked", "lock timeout"),
        "ledger_locked",
        "Another program is writing to the ledger and does not finish.",
        "Wait for it or end it, then try again.",
    ),
    (
        ("readonly database", "read-only transaction", "permission denied for"),
        "ledger_read_only",
        "You may not write to the ledger.",
        "Get the right to (of a file: also to its folder; SQLite needs both even to read).",
    ),
    (
        ("file is not a database", "malformed", "disk i/o error", "file is encrypted"),
        "damaged_ledger",
        "The ledger's file is damaged.",
        "Put the last backup in its place; `sqlite3 FILE .recover` saves what can be read of it.",
    ),
    (
        ("unable to open database file",),
        UNREACHABLE,
        "The ledger's file cannot be opened.",
        "Check that its folder is there and that you may write to it.",
    ),
    (
        ("database or disk is full", "no space left"),
        "disk_full",
        "The disk is full; the last fact was not written.",
        "Make room, then try again.",
    ),
    (
        ("password authentication failed", "no password supplied", "role "),
        "ledger_refused",
        "The PostgreSQL server does not let this user in.",
        "Check the user and the password in DATABASE_URL.",
    ),
    (
        ('" does not exist',),
        "unknown_database",
        "The PostgreSQL server has no such database.",
        "Make it (createdb NAME), or correct DATABASE_URL.",
    ),
    (
        ("invalid connection option", "invalid uri", "invalid integer", "sslmode value"),
        "unusable_database_url",
        "DATABASE_URL holds an option that PostgreSQL does not know.",
        "Correct what stands behind the ? in it.",
    ),
    (
        (
            "connection failed",
            "connection refused",
            "could not connect",
            "failed to resolve",
            "timeout expired",
            "connection is bad",
            "server closed the connection",
            "terminating connection",
            "connection already closed",
            "the connection is closed",
            "connection is lost",
            "consuming input failed",
        ),
        UNREACHABLE,
        "The PostgreSQL server of the ledger does not answer.",
        "Check that it runs and that host and port in DATABASE_URL are right.",
    ),
)


@contextmanager
def told(place: Place) -> Iterator[None]:
    """Turn a complaint of Django or its driver into a TielineError; the cause is not chained.

    Drivers put connection settings into their messages and traces: none of it is passed on but the
    first line of what is unknown here.
    """
    from django.core.exceptions import ImproperlyConfigured
    from django.db import Error

    try:
        yield
        return
    except ImproperlyConfigured as error:
        if "psycopg" not in str(error):
            raise
        fault = TielineError(
            "psycopg_missing",
            "A ledger on PostgreSQL needs the package psycopg.",
            place=place,
            next_step="Install it: pip install 'tieline[postgres]'",
        )
    except Error as error:
        fault = _fault(str(error), place)
    raise fault from None


def _fault(said: str, place: Place) -> TielineError:
    folded = said.casefold()
    for signs, code, message, next_step in _FAULTS:
        if any(sign in folded for sign in signs):
            return TielineError(code, message, place=place, next_step=next_step)
    first = said.strip().splitlines()[0] if said.strip() else "it gave no reason"
    return TielineError(
        "ledger_fault",
        f"The ledger's database refused: {first}",
        place=place,
        next_step="Nothing was written.",
    )
