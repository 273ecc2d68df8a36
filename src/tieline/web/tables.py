"""The tables of the pages: made and brought up to date when the server starts."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tieline.errors import TielineError

OURS = ("contenttypes", "auth", "sessions", "web")
LEDGER = "ledger"
LOCK = 0x7469656C
"""The advisory lock of PostgreSQL that stands for "the tables are being changed"."""


class Router:
    """Keeps the ledger's tables in its own database and ours in ours."""

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        """The alias `default` holds the pages, every other one is a ledger."""
        return (app_label != LEDGER) == (db == "default")


def bring_up_to_date() -> None:
    """Make the tables, or change them to what this version knows; one process does it at a time."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with _alone(connection):
        executor = MigrationExecutor(connection)
        leaves = [key for key in executor.loader.graph.leaf_nodes() if key[0] in OURS]
        _refuse_newer(executor.loader)
        if executor.migration_plan(leaves):
            executor.migrate(leaves)
    connection.close()


@contextmanager
def _alone(connection: Any) -> Iterator[None]:
    """Hold off others that start at the same moment, such as a server and its worker."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        # Made by us first, so that nobody else on the machine may read it.
        os.close(os.open(name, os.O_CREAT | os.O_RDWR, 0o600))
        with Path(name).open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _refuse_newer(loader: Any) -> None:
    """TielineError `newer_tables` where a newer version has changed the tables already."""
    unknown = sorted(
        name
        for app, name in loader.applied_migrations
        if app == "web" and (app, name) not in loader.disk_migrations
    )
    if unknown:
        raise TielineError(
            "newer_tables",
            f"The tables of the pages are those of a newer version of Tieline ({unknown[-1]}).",
            next_step="Install that version again, or restore the backup from before it.",
        )
