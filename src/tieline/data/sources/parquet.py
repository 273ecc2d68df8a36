"""Parquet files: every column becomes text, nested ones become JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.data.sources.cell_text import cell_text
from tieline.data.sources.column_names import column_names
from tieline.data.sources.landed import Piece, Reading, rows_schema
from tieline.errors import Place, TielineError


def read(path: Path) -> list[Reading]:
    """The one table of a Parquet file, read in batches."""
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise _broken(path, error) from error
    columns, notes = column_names(file.schema_arrow.names)
    reading = Reading("parquet", columns, _pieces(path, file, columns), notes=notes)
    return [reading]


def _pieces(path: Path, file: pq.ParquetFile, columns: tuple[str, ...]) -> Iterator[Piece]:
    row = 1
    try:
        with file:
            for batch in file.iter_batches(batch_size=65536):
                numbers = pa.array(range(row, row + batch.num_rows), pa.int64())
                arrays = [numbers, *(_as_text(column) for column in batch.columns)]
                yield Piece(pa.Table.from_arrays(arrays, schema=rows_schema(columns)))
                row += batch.num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise _broken(path, error) from error


def _as_text(column: pa.Array) -> pa.Array:
    """Text of a column; an empty string becomes NULL, a whole float loses its `.0`."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        text = column.cast(pa.string())
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    if pa.types.is_integer(kind):
        return column.cast(pa.string())
    return pa.array([_one(value) for value in column.to_pylist()], pa.string())


def _one(value: Any) -> str | None:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=cell_text)
    return cell_text(value)


def _broken(path: Path, error: Exception) -> TielineError:
    return TielineError(
        "broken_parquet",
        f"The Parquet file cannot be read ({error}).",
        place=Place(str(path)),
        next_step="Export or copy it again; it may have been cut off on the way.",
    )
