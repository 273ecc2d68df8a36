"""Take a sample of the values of every column of a landed file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 1_000
"""So many rows, spread evenly over the file, stand for it."""
CELLS = 1_000_000
"""Fewer rows are taken from a file so wide that they would hold more cells than this."""
AT_LEAST = 20
"""A column with fewer values in the sample is read whole, for its first `ROWS` values."""


def sample_columns(path: Path) -> dict[str, list[str]]:
    """Values by column ('' for an empty cell), without `row_number`; the same for the same file."""
    file = pq.ParquetFile(path)
    columns = [name for name in file.schema_arrow.names if name != "row_number"]
    total = file.metadata.num_rows
    wanted = min(total, max(50, min(ROWS, CELLS // max(1, len(columns)))))
    picked = _spread(file, columns, total, wanted)
    samples = {name: [value or "" for value in picked.column(name).to_pylist()] for name in columns}
    if wanted < total:
        for name in columns:
            if sum(1 for value in samples[name] if value) < AT_LEAST:
                whole = file.read(columns=[name]).column(name).drop_null().slice(0, wanted)
                samples[name] += whole.to_pylist()
    return samples


def _spread(file: pq.ParquetFile, columns: list[str], total: int, wanted: int) -> pa.Table:
    """Rows at even distances, read one row group at a time."""
    positions = np.unique(np.linspace(0, max(total - 1, 0), num=wanted, dtype=np.int64))
    parts = [file.schema_arrow.empty_table().select(columns)]
    start = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        inside = positions[(positions >= start) & (positions < start + rows)] - start
        if len(inside):
            parts.append(file.read_row_group(group, columns=columns).take(pa.array(inside)))
        start += rows
    return pa.concat_tables(parts)
