import csv
import gzip
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tieline.data.mapping import ColumnMapping, map_columns

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"

Columns = dict[str, list[str]]


def read(path: Path, rows: int = 1000) -> Columns:
    if path.suffix == ".parquet":
        table = pq.read_table(path).slice(0, rows)
        return {
            name: [str(v or "") for v in table[name].to_pylist()] for name in table.column_names
        }
    if path.suffix == ".json":
        records = json.loads(path.read_text(encoding="utf-8"))
        return {name: [str(r.get(name) or "") for r in records] for name in records[0]}
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as lines:
        header, *body = itertools.islice(csv.reader(lines, skipinitialspace=True), rows + 1)
    return {name: [row[i] for row in body] for i, name in enumerate(header)}


@pytest.fixture
def real_file() -> Callable[[str], Columns]:
    """The columns of a file of the real data, by its path there."""

    def load(name: str) -> Columns:
        if not (DATA / name).exists():
            pytest.skip(f"the real data is not here ({name})")
        return read(DATA / name)

    return load


@pytest.fixture
def mapped() -> Callable[..., ColumnMapping]:
    """Map columns that are given with their values."""

    def run(columns: Columns, **options) -> ColumnMapping:
        return map_columns(list(columns), columns, **options)

    return run
