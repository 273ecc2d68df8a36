"""Landed content without the rows of forgotten people: a new content under a new name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.data.sources.landed import UNREADABLE_SCHEMA, Landed, read_landed
from tieline.data.sources.landing import ROW_GROUP
from tieline.engine.parquet import flush

ERASED = "erased"
"""The reason of a row that was removed: nothing is left of it but its number."""
MESSAGE = "The row was removed on request of the person it is about."


@dataclass(frozen=True)
class Rewritten:
    """A content without some of its rows; `removed` is how many went this time."""

    landed: Landed
    removed: int


def without_rows(landed_dir: Path, sha256: str, numbers: Collection[int]) -> Rewritten:
    """Write a content anew without the rows of these numbers, readable or not.

    The others keep their number. The old files stay until `remove_content`, so that whoever points
    at them can be changed first. Equal remains are the same content.
    """
    landed = read_landed(landed_dir / f"{sha256}.json")
    gone = pa.array(sorted(set(numbers)), pa.int64())
    rows, unreadable = (
        pq.ParquetFile(landed.rows_path).read(),
        pq.ParquetFile(landed.unreadable_path).read(),
    )
    kept = rows.filter(pc.invert(pc.is_in(rows["row_number"], value_set=gone)))
    was_erased = pc.equal(unreadable["reason"], ERASED)
    hit = pc.and_(pc.is_in(unreadable["row_number"], value_set=gone), pc.invert(was_erased))
    others = unreadable.filter(pc.invert(hit))
    removed = rows.filter(pc.is_in(rows["row_number"], value_set=gone))["row_number"].to_pylist()
    removed += unreadable.filter(hit)["row_number"].to_pylist()
    if not removed:
        return Rewritten(landed, 0)
    marks = pa.Table.from_pylist(
        [
            {"row_number": n, "line_number": None, "reason": ERASED, "message": MESSAGE}
            for n in removed
        ],
        schema=UNREADABLE_SCHEMA,
    )
    bad = pa.concat_tables([others.cast(UNREADABLE_SCHEMA), marks]).sort_by("row_number")
    return Rewritten(_land(landed, kept, bad), len(removed))


def remove_content(landed_dir: Path, sha256: str) -> int:
    """Delete the files of a content; how many there were."""
    found = [
        landed_dir / f"{sha256}{ending}" for ending in (".json", ".unreadable.parquet", ".parquet")
    ]
    there = [path for path in found if path.exists()]
    for path in there:
        path.unlink()
    return len(there)


def _land(old: Landed, rows: pa.Table, unreadable: pa.Table) -> Landed:
    """Write rows beside the others and put them in place under the name of what is in them."""
    # Hidden under the name of this process: a landing sweeps up after one that was killed.
    beside = old.landed_dir / f".partial-{os.getpid()}-erased"
    parts = [beside.with_suffix(ending) for ending in (".rows", ".bad", ".facts")]
    try:
        pq.write_table(
            rows.combine_chunks(), parts[0], compression="zstd", compression_level=1,
            row_group_size=ROW_GROUP,
        )  # fmt: skip
        pq.write_table(unreadable.combine_chunks(), parts[1])
        new = replace(
            old,
            sha256=_name_of(parts[0], parts[1]),
            # A note may quote what stood in the file.
            notes=(),
            rows_readable=rows.num_rows,
            rows_unreadable=unreadable.num_rows,
        )
        parts[2].write_text(new.to_json(), encoding="utf-8")
        for part, path in zip(
            parts, (new.rows_path, new.unreadable_path, new.facts_path), strict=True
        ):
            flush(part)
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return new


def _name_of(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()
