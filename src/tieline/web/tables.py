"""The tables of the pages: made and brought up to date when the server starts."""

from __future__ import annotations

import os
from typing import Any

OURS = ("contenttypes", "auth", "sessions", "web")
LEDGER = "ledger"


class Router:
    """Keeps the ledger's tables in its own database and ours in ours."""

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        """The alias `default` holds the pages, every other one is a ledger."""
        return (app_label != LEDGER) == (db == "default")


def bring_up_to_date() -> None:
    """Make the tables, or change them to what this version knows."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if connection.vendor == "sqlite":
        # Made by us first, so that nobody else on the machine may read it.
        os.close(os.open(connection.settings_dict["NAME"], os.O_CREAT | os.O_RDWR, 0o600))
    executor = MigrationExecutor(connection)
    wanted = [key for key in executor.loader.graph.leaf_nodes() if key[0] in OURS]
    if executor.migration_plan(wanted):
        executor.migrate(wanted)
    connection.close()
