"""Delimited text (thin)."""

from __future__ import annotations

import csv as text_csv
from collections.abc import Iterator
from pathlib import Path

from tieline.data.sources.column_names import column_names
from tieline.data.sources.landed import Piece, Reading, Unreadable, piece_of_rows


def read(path: Path) -> list[Reading]:
    """The one table of a delimited text file."""
    raw = path.read_bytes()
    try:
        text, encoding = raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = raw.decode("cp1252", "replace"), "cp1252"
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    text_csv.field_size_limit(1 << 24)
    rows = text_csv.reader(text.replace("\r\n", "\n").split("\n"), delimiter=delimiter)
    header = next(rows, [])
    columns, notes = column_names(header)
    return [Reading("csv", columns, _pieces(rows, columns), None, encoding, delimiter, 1, notes)]


def _pieces(rows: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[Piece]:
    numbers: list[int] = []
    good: list[list[str | None]] = []
    bad: list[Unreadable] = []
    for number, cells in enumerate((row for row in rows if row), start=1):
        if len(cells) > len(columns):
            text = ",".join(cells)
            bad.append(Unreadable(number, number + 1, "too_many_cells", "Too many cells.", text))
            continue
        numbers.append(number)
        good.append([*cells, *[None] * (len(columns) - len(cells))])
    yield piece_of_rows(columns, numbers, good, tuple(bad))
