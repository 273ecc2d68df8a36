"""Two snapshots beside each other: only what differs is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import Engine
from tieline.identity.changes import ENTITIES, RELATIONS, Side

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


def differing(before: Snapshot, after: Snapshot) -> tuple[Side, Side]:
    """Both sides with the files that differ; `redirects`, which only answer, are whole."""
    tables = (*(f"{entity}s" for entity in ENTITIES), *RELATIONS)
    kept: tuple[dict[str, tuple[Path, ...]], ...] = ({}, {})
    for table in tables:
        both = [_files(snapshot, table) for snapshot in (before, after)]
        for side, own, other in zip(kept, both, reversed(both), strict=True):
            same = set(other.values())
            parts = tuple(path for path, content in own.items() if content not in same)
            if parts:
                side[table] = parts
    for side, snapshot in zip(kept, (before, after), strict=True):
        if "redirects" in snapshot.tables:
            side["redirects"] = tuple(_files(snapshot, "redirects"))
    return Side(kept[0]), Side(kept[1])


def _files(snapshot: Snapshot, table: str) -> Mapping[Path, tuple[str, str]]:
    """The files of a table, each with its name and the hash of its content."""
    told: Mapping[str, Any] | None = snapshot.manifest["tables"].get(table)
    if told is None:
        return {}
    path = snapshot.table(table)
    if "files" not in told:
        return {path: (path.name, told["sha256"])}
    return {path / name: (name, one["sha256"]) for name, one in told["files"].items()}
