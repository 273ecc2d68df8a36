"""The change feed: what each new snapshot changed, for systems that keep our ids."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot
from tieline.errors import TielineError
from tieline.identity.changes import ENTITIES, RELATIONS, SCHEMA, Followed, Side, changes

FOLLOWED = (*(f"{entity}s" for entity in ENTITIES), *RELATIONS)
"""The tables whose changes the feed tells."""


@dataclass(frozen=True)
class Step:
    """One step of the feed: from one snapshot to the next, as `number` 1, 2, ..."""

    number: int
    before: str
    after: str
    file: Path


def steps(folder: Path) -> list[Step]:
    """The steps there are, oldest first."""
    found = []
    for file in sorted(folder.glob("*.parquet")):
        number, before, after = file.stem.split("-")
        found.append(Step(int(number), before, after, file))
    return found


def append(
    folder: Path,
    before: Snapshot,
    after: Snapshot,
    figures: Mapping[str, Followed] | None = None,
) -> Step | None:
    """Add the step between two snapshots, whole or not at all; None if they are the same.

    `figures` are tables of figures whose values are followed too.
    """
    if before.id == after.id:
        return None
    with DuckEngine() as engine:
        sides = differing(before, after, (*FOLLOWED, *(figures or ())))
        rows = changes(engine, *sides, figures)
    known = steps(folder)
    number = known[-1].number + 1 if known else 1
    file = folder / f"{number:08}-{before.id}-{after.id}.parquet"
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{file.name}.new"
    pq.write_table(rows, beside, compression="zstd")
    os.replace(beside, file)
    return Step(number, before.id, after.id, file)


def since(folder: Path, snapshot: str = "") -> pa.Table:
    """The changes after a snapshot, in order; without one the last step.

    One row per change: `step`, `from_snapshot`, `to_snapshot` and the columns of
    `identity.changes.changes`. Raises `unknown_snapshot` where the feed does not know it (any
    more): then all is to be read anew.
    """
    listed = steps(folder)
    if snapshot:
        places = [n for n, step in enumerate(listed) if step.before == snapshot]
        if places:
            # A snapshot may have come back by an undo: what followed last is what is missing.
            listed = listed[places[-1] :]
        elif listed and listed[-1].after == snapshot:
            listed = []
        else:
            raise TielineError(
                "unknown_snapshot",
                f"The change feed does not know the snapshot {snapshot!r}.",
                next_step="Read the tables whole (tieline export), then follow from the snapshot "
                "that `tieline path` names.",
            )
    else:
        listed = listed[-1:]
    tables = [_with_step(step) for step in listed]
    return pa.concat_tables(tables) if tables else _STEPS.empty_table()


def _with_step(step: Step) -> pa.Table:
    rows = pq.read_table(step.file, schema=SCHEMA)
    told = {"step": step.number, "from_snapshot": step.before, "to_snapshot": step.after}
    columns = [pa.array([value] * rows.num_rows, _STEPS.field(n).type) for n, value in told.items()]
    return pa.table([*columns, *rows.columns], schema=_STEPS)


_STEPS = pa.schema(
    [
        ("step", pa.int64()),
        ("from_snapshot", pa.string()),
        ("to_snapshot", pa.string()),
        *SCHEMA,
    ]
)


def differing(
    before: Snapshot, after: Snapshot, tables: Sequence[str] = FOLLOWED
) -> tuple[Side, Side]:
    """Both sides with the files that differ; `redirects`, which only answer, are whole."""
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
