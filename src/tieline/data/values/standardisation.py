"""Run one kind of value over the distinct texts of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pyarrow as pa


class Kind(Protocol):
    """A module of this package: what it reads, what it gives, and how."""

    __name__: str
    VERSION: int
    INPUTS: tuple[str, ...]
    OUTPUT: pa.Schema

    def standardise(self, distinct: pa.Table) -> pa.Table:
        """One output row per input row, in the same order."""
        ...


Progress = Callable[[int, int], None]


def distinct_inputs(kind: Kind, table: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    """The distinct raw tuples of a kind, named by its inputs; NULL where no column is given."""
    nulls = pa.nulls(table.num_rows, pa.string())
    raw = pa.table(
        {
            name: table.column(columns[name]).cast(pa.string()) if name in columns else nulls
            for name in kind.INPUTS
        }
    )
    distinct = raw.group_by(list(kind.INPUTS), use_threads=False).aggregate([])
    return distinct.select(list(kind.INPUTS))


def standardise(
    kind: Kind,
    table: pa.Table,
    columns: Mapping[str, str],
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> pa.Table:
    """The distinct raw tuples (columns `raw_<input>`) beside their standard values."""
    distinct = distinct_inputs(kind, table, columns)
    standard = kind.standardise(distinct)
    if progress:
        progress(distinct.num_rows, distinct.num_rows)
    names = [f"raw_{name}" for name in kind.INPUTS] + standard.column_names
    return pa.table(list(distinct.columns) + list(standard.columns), names=names)
