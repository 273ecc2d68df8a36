"""What landing a source leaves behind, and the shape in which every reader hands over its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

#: Called with the name of the table being landed and the rows read so far.
Progress = Callable[[str, int], None]

#: Characters of an unreadable row that are kept for the person who repairs it.
TEXT_KEPT = 4096

UNREADABLE_SCHEMA = pa.schema(
    [
        ("row_number", pa.int64()),
        ("line_number", pa.int64()),
        ("reason", pa.string()),
        ("message", pa.string()),
        ("text", pa.string()),
    ]
)


@dataclass(frozen=True)
class Landed:
    """One landed table: the facts of its side file `<sha256>.json`, and where its rows lie.

    `rows_read = rows_readable + rows_unreadable`, always. `header_row` is the 1-based line (row of
    a sheet) the column names were taken from, None where the file has none. `delimiter` and
    `encoding` are None where the format knows none.
    """

    sha256: str
    name: str
    location: str
    format: str
    encoding: str | None
    delimiter: str | None
    header_row: int | None
    columns: tuple[str, ...]
    rows_read: int
    rows_readable: int
    rows_unreadable: int
    notes: tuple[str, ...]
    landed_dir: Path

    @property
    def rows_path(self) -> Path:
        """Parquet of the readable rows: `row_number` and one text column per source column."""
        return self.landed_dir / f"{self.sha256}.parquet"

    @property
    def unreadable_path(self) -> Path:
        """Parquet of the unreadable rows: row_number, line_number, reason, message, text."""
        return self.landed_dir / f"{self.sha256}.unreadable.parquet"

    @property
    def facts_path(self) -> Path:
        """The JSON side file."""
        return self.landed_dir / f"{self.sha256}.json"

    def to_json(self) -> str:
        """The text of the side file."""
        facts = asdict(self)
        del facts["sha256"], facts["landed_dir"]
        return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def read_landed(facts_path: Path) -> Landed:
    """The landed table whose side file is `facts_path`."""
    facts: dict[str, Any] = json.loads(facts_path.read_text(encoding="utf-8"))
    facts["columns"] = tuple(facts["columns"])
    facts["notes"] = tuple(facts["notes"])
    return Landed(sha256=facts_path.stem, landed_dir=facts_path.parent, **facts)


@dataclass(frozen=True)
class Unreadable:
    """One row that could not be read: which, why (reason code and sentence), and its text."""

    row_number: int
    line_number: int
    reason: str
    message: str
    text: str


@dataclass(frozen=True)
class Piece:
    """A stretch of rows: `rows` holds `row_number` and text columns, in file order."""

    rows: pa.Table
    unreadable: tuple[Unreadable, ...] = ()


@dataclass
class Reading:
    """One table of a source while it is read. `notes` is complete once `pieces` is exhausted."""

    format: str
    columns: tuple[str, ...]
    pieces: Iterator[Piece]
    table: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    notes: list[str] = field(default_factory=list)


def rows_schema(columns: tuple[str, ...]) -> pa.Schema:
    """The schema of readable rows: `row_number`, then every source column as text."""
    return pa.schema([("row_number", pa.int64()), *((name, pa.string()) for name in columns)])


def piece_of_rows(
    columns: tuple[str, ...],
    row_numbers: list[int],
    rows: Sequence[Sequence[str | None]],
    unreadable: tuple[Unreadable, ...] = (),
) -> Piece:
    """A piece made of Python rows of equal width; an empty cell becomes NULL."""
    cells: Iterator[tuple[str | None, ...]] = zip(*rows, strict=True) if rows else iter(())
    arrays = [pa.array(row_numbers, pa.int64())]
    arrays += [pa.array([cell or None for cell in column], pa.string()) for column in cells]
    if not rows:
        arrays += [pa.array([], pa.string()) for _ in columns]
    return Piece(pa.Table.from_arrays(arrays, schema=rows_schema(columns)), unreadable)
