"""Parquet files that are the same bytes whenever they hold the same rows.

DuckDB's own writer cuts row groups where its chunks happen to end, and each engine writes other
bytes; a content hash over files needs one writer whose cuts depend on nothing but the rows. So the
rows are re-cut here into groups of exactly `ROW_GROUP` rows, each in one contiguous piece.
"""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.errors import Place, TielineError

# DuckDB's own row group size: one group is one unit of work for a thread that reads the file.
ROW_GROUP = 122_880

# Files written at a time; more than a machine has processors only wait in memory.
_WRITERS = min(4, len(os.sched_getaffinity(0)))


def write(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    """Write rows in the given order to `path`, flushed to disk, and return their number.

    The bytes depend only on schema and rows (and the pyarrow version, which the file names), not on
    how the rows were cut into batches. Raises `disk_full` or `cannot_write`, leaving no file.
    """
    schema = schema.remove_metadata()
    rows = 0
    try:
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
            for group in _groups(batches, schema):
                writer.write_table(group, row_group_size=ROW_GROUP)
                rows += group.num_rows
        flush(path)
    except OSError as problem:
        path.unlink(missing_ok=True)
        raise cannot_write(path, problem) from problem
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return rows


def write_buckets(batches: Iterable[pa.RecordBatch], schema: pa.Schema, folder: Path) -> int:
    """Write rows into a new folder, a file per bucket, as `write` does; return their number.

    The last column of `schema` is the number of the row's bucket; rows come in its order. It is not
    written: the file is named after it ("07.parquet"). A bucket without rows has no file.
    """
    folder.mkdir()
    kept = pa.schema(list(schema)[:-1])
    rows, waiting = 0, deque[Future[int]]()
    # Compressing takes longest, and is of no use to whoever gives the rows.
    with ThreadPoolExecutor(_WRITERS) as pool:
        for bucket, group in itertools.groupby(_cut(batches), key=lambda piece: piece[0]):
            pieces = [batch.select(kept.names) for _, batch in group]
            waiting.append(pool.submit(write, pieces, kept, folder / f"{bucket:02}.parquet"))
            if len(waiting) > _WRITERS:
                rows += waiting.popleft().result()
        rows += sum(one.result() for one in waiting)
    flush(folder)
    return rows


def _cut(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Give the pieces of each batch that are of one bucket."""
    for batch in batches:
        start, runs = 0, pc.run_end_encode(batch.column(batch.num_columns - 1))
        for bucket, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            yield bucket, batch.slice(start, end - start)
            start = end


def cannot_write(path: Path, problem: Exception) -> TielineError:
    """Return the error for a file that could not be written, saying whether the disk is full."""
    text = str(problem)
    full = any(mark in text for mark in ("No space left", "File too large", "quota exceeded"))
    if full:
        return TielineError(
            "disk_full",
            "There is no space left to write this file.",
            place=Place(str(path)),
            next_step="Free some disk space and run the command again; nothing was changed.",
        )
    return TielineError(
        "cannot_write",
        f"This file cannot be written ({text}).",
        place=Place(str(path)),
        next_step="Check that the folder exists and that you may write to it.",
    )


def _groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        start = 0
        while rows + batch.num_rows - start >= ROW_GROUP:
            cut = ROW_GROUP - rows
            yield _contiguous([*waiting, batch.slice(start, cut)], schema)
            waiting, rows, start = [], 0, start + cut
        if start < batch.num_rows:
            waiting.append(batch.slice(start))
            rows += batch.num_rows - start
    if waiting:
        yield _contiguous(waiting, schema)


def _contiguous(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    # Pages are cut at chunk borders too, so chunks must not be seen by the writer.
    return pa.Table.from_batches(batches, schema).combine_chunks()


def flush(path: Path) -> None:
    """Have a file or folder on the disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
