"""Rows of standard values as an Arrow table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa


def text_column(table: pa.Table, name: str) -> list[str | None]:
    """One text column as Python strings; all NULL where the table lacks it."""
    if name not in table.column_names:
        return [None] * table.num_rows
    column = table.column(name)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        column = column.cast(pa.string())
    values: list[str | None] = column.to_pylist()
    return values


def output_table(rows: Iterable[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """Tuples in the order of the schema's columns, as a table."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    if not columns:
        return schema.empty_table()
    return pa.table(
        [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )
