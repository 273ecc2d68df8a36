"""Two snapshots beside each other: only what differs is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import Engine
from tieline.identity.changes import RELATIONS

WHOLE = ("record_entities", "contacts", "sites", "accounts")
"""Tables that are readable whole, as `before_NAME` and `after_NAME`."""


@contextmanager
def two_sides(before: Snapshot, after: Snapshot) -> Iterator[Engine]:
    """An engine that reads the tables of both, whole, under `before_` and `after_` their names."""
    with DuckEngine() as engine:
        for name, snapshot in (("before", before), ("after", after)):
            for table in (*WHOLE, "funnel", "consents", *RELATIONS):
                if table in snapshot.tables:
                    engine.read_parquet(f"{name}_{table}", snapshot.table(table))
        yield engine
