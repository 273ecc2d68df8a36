"""The fast way through text that keeps every rule: checked byte by byte first, then read by Arrow.

Nothing is believed: a block is only read here when its quotes stand where the rules want them,
and only accepted when the number of rows read is the number of line ends outside quotes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from tieline.data.sources.quoting import Dialect

#: Fewest lines within one quoted cell that look like rows of their own and make its quote suspect.
SUSPECT_LINES = 2

Positions = npt.NDArray[np.int64]

_LF, _CR = 10, 13


@dataclass(frozen=True)
class Shape:
    """Where the records of a block end: `ends` are positions just behind their line ends."""

    ends: Positions
    quoted_newlines: bool

    def up_to(self, end: int) -> Shape:
        """The records that end before or at a position."""
        return Shape(self.ends[self.ends <= end], self.quoted_newlines)


def can_be_fast(dialect: Dialect) -> bool:
    """True for dialects Arrow reads the way `quoting.split` does."""
    return (
        len(dialect.delimiter) == 1
        and dialect.delimiter.isascii()
        and not dialect.blank_before_quote
        and not dialect.wrapped
    )


def regular_shape(data: bytes, dialect: Dialect, newline: bytes, width: int) -> Shape | None:
    """The records of a block whose quoting keeps every rule; None when any rule is broken.

    The block may end inside a quoted cell: then `ends` stops before that record.
    """
    if dialect.escape and dialect.escape.encode() in data:
        return None
    if newline == b"\n":
        if data.count(b"\r") != data.count(b"\r\n"):
            return None
    elif b"\n" in data:
        return None
    raw = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(raw == newline[0])
    quote = dialect.quote.encode()
    if not quote or quote not in data:
        return Shape(newlines + 1, quoted_newlines=False)
    quotes = np.flatnonzero(raw == quote[0])
    if not _quotes_keep_rules(raw, quotes, ord(dialect.delimiter)):
        return None
    inside = np.searchsorted(quotes, newlines) % 2 == 1
    if inside.any():
        delimiters = np.flatnonzero(raw == ord(dialect.delimiter))
        if _swallows_rows(newlines, inside, quotes, delimiters, width):
            return None
    return Shape(newlines[~inside] + 1, quoted_newlines=bool(inside.any()))


def _quotes_keep_rules(raw: npt.NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Opening quotes follow a delimiter, line end or quote; closing ones precede such."""
    allowed = np.zeros(256, bool)
    allowed[[delimiter, _LF, _CR, int(raw[quotes[0]])]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before = opening[opening > 0] - 1
    after = closing[closing < len(raw) - 1] + 1
    return bool(allowed[raw[before]].all() and allowed[raw[after]].all())


def _swallows_rows(
    newlines: Positions,
    inside: npt.NDArray[np.bool_],
    quotes: Positions,
    delimiters: Positions,
    width: int,
) -> bool:
    """True when a quoted cell holds lines that look like rows: its quote is likely stray."""
    if width < 3:
        return False
    both = np.flatnonzero(inside[:-1] & inside[1:])
    cell = np.searchsorted(quotes, newlines)
    both = both[cell[both] == cell[both + 1]]
    cells = np.searchsorted(delimiters, newlines[both + 1]) - np.searchsorted(
        delimiters, newlines[both]
    )
    return int((cells == width - 1).sum()) >= SUSPECT_LINES


def read_regular(
    data: bytes, shape: Shape, dialect: Dialect, newline: bytes, columns: tuple[str, ...]
) -> pa.Table | None:
    """The rows of whole regular records as text columns; None when Arrow sees anything else.

    Empty lines are no rows. An empty cell is NULL.
    """
    text = pa.string()
    names = [str(position) for position in range(len(columns))]
    try:
        table = pa_csv.read_csv(
            pa.py_buffer(data),
            read_options=pa_csv.ReadOptions(column_names=names, block_size=len(data) + 16),
            parse_options=pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                newlines_in_values=shape.quoted_newlines,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, text),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != _rows_expected(data, shape, newline):
        return None
    return table.rename_columns(columns)


def _rows_expected(data: bytes, shape: Shape, newline: bytes) -> int:
    """Records that are not empty lines."""
    starts = np.concatenate(([0], shape.ends))
    stops = shape.ends
    if not len(stops) or stops[-1] < len(data):
        stops = np.concatenate((stops, [len(data)]))
    else:
        starts = starts[:-1]
    sizes = stops - starts
    empty = sizes == 1
    if newline == b"\n":
        raw = np.frombuffer(data, np.uint8)
        pairs = np.flatnonzero(sizes == 2)
        empty[pairs] = (raw[starts[pairs]] == _CR) & (raw[starts[pairs] + 1] == _LF)
    return int(len(sizes) - empty.sum())


def repeats_header(table: pa.Table, header: list[str]) -> bool:
    """True when a row of the table is the header again, cell for cell."""
    if not header or not table.num_columns:
        return False
    same = pc.equal(pc.utf8_trim_whitespace(table.column(0)), header[0].strip())
    if not pc.any(same).as_py():
        return False
    rows = table.filter(pc.fill_null(same, False)).to_pylist()
    wanted = [cell.strip() for cell in header]
    return any([(cell or "").strip() for cell in row.values()] == wanted for row in rows)
