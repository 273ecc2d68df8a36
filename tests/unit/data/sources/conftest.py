from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tieline.data.sources.landed import Landed
from tieline.data.sources.landing import land


@dataclass(frozen=True)
class Result:
    """A landed table with its rows read back."""

    landed: Landed

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        return [tuple(row[1:]) for row in self._numbered()]

    @property
    def row_numbers(self) -> list[int]:
        return [row[0] for row in self._numbered()]

    @property
    def unreadable(self) -> list[dict]:
        return pq.read_table(self.landed.unreadable_path).to_pylist()

    @property
    def notes(self) -> str:
        return " ".join(self.landed.notes)

    def _numbered(self) -> list[list]:
        table = pq.read_table(self.landed.rows_path)
        assert table.column_names == ["row_number", *self.landed.columns]
        return [list(row.values()) for row in table.to_pylist()]


def check_law(result: Result) -> None:
    """Every row read is readable or unreadable, and every row number is used once."""
    landed = result.landed
    assert landed.rows_read == landed.rows_readable + landed.rows_unreadable
    assert landed.rows_readable == len(result.row_numbers)
    assert landed.rows_unreadable == len(result.unreadable)
    numbers = result.row_numbers + [row["row_number"] for row in result.unreadable]
    assert sorted(numbers) == list(range(1, landed.rows_read + 1))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Result]:
    """Land the given content of one file and read it back."""
    counter = iter(range(1_000_000))

    def _read(content: bytes | str, encoding: str = "utf-8", name: str = "list.csv") -> Result:
        data = content if isinstance(content, bytes) else content.encode(encoding)
        folder = tmp_path / str(next(counter))
        folder.mkdir()
        path = folder / name
        path.write_bytes(data)
        (landed,) = land(str(path), folder / "landed")
        result = Result(landed)
        check_law(result)
        return result

    return _read
