"""Two snapshots beside each other: only what differs is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot
from tieline.identity.change_feed import differing
from tieline.identity.changes import RELATIONS

WHOLE = ("contacts", "sites", "accounts")
IN_PART = ("record_entities", "consents")


@contextmanager
def two_sides(before: Snapshot, after: Snapshot) -> Iterator[DuckEngine]:
    """An engine that reads the tables of both, whole, under `before_` and `after_` their names.

    Of the tables IN_PART, `before_NAME_part` and `after_NAME_part` hold the rows that differ, and
    others only as far as they lie in one file with them.
    """
    with DuckEngine() as engine:
        for side, snapshot in (("before", before), ("after", after)):
            for table in (*WHOLE, *IN_PART, "funnel", *RELATIONS):
                if table in snapshot.tables:
                    engine.read_parquet(f"{side}_{table}", snapshot.table(table))
        found = differing(before, after, IN_PART)
        for side, snapshot, parts in zip(("before", "after"), (before, after), found, strict=True):
            for table in IN_PART:
                if table in snapshot.tables:
                    _read_parts(engine, f"{side}_{table}", parts.tables.get(table, ()))
        yield engine


def _read_parts(engine: DuckEngine, name: str, files: tuple[Path, ...]) -> None:
    selects = [f"SELECT * FROM {name} WHERE false"]
    for number, file in enumerate(files):
        engine.read_parquet(f"{name}_{number}", file)
        selects.append(f"SELECT * FROM {name}_{number}")
    engine.create(f"{name}_part", " UNION ALL ".join(selects))
