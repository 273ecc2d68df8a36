"""Delimited text of any delimiter, encoding and state of repair.

Blocks that keep every rule are read by Arrow (`regular_block`), the others line by line
(`careful_rows`); both give the same rows. Every cell stays the text it was.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pyarrow as pa

from tieline.data.sources.careful_rows import FOOTER_RECORDS, CarefulRows
from tieline.data.sources.column_names import column_names
from tieline.data.sources.dialect import NO_DELIMITER, find_dialect, sep_line
from tieline.data.sources.encoding import Encoding, find_encoding
from tieline.data.sources.header import COMPARED, SEARCHED, Header, find_header, usual_width
from tieline.data.sources.landed import (
    TEXT_KEPT,
    Piece,
    Reading,
    Unreadable,
    piece_of_rows,
    rows_schema,
)
from tieline.data.sources.lines import (
    LINE_LIMIT,
    Lines,
    Overlong,
    Readable,
    Utf8Stream,
    line_blocks,
)
from tieline.data.sources.quoting import Dialect, split
from tieline.data.sources.regular_block import (
    can_be_fast,
    read_regular,
    regular_shape,
    repeats_header,
)

#: Characters of the file the dialect and the header are decided on.
SAMPLE = 1 << 18

#: Bytes of the stretches an irregular block is cut into.
STRETCH = 1 << 14

#: What each rescue is called in a note; `{n}` rows or lines, `{line}` the first one.
RESCUES = {
    "filled_up": "{n} rows had too few cells and were filled up (first: line {line}).",
    "empty_surplus": "{n} rows had surplus empty cells, cut off (first: line {line}).",
    "quotes_repaired": "{n} rows had quotes inside a quoted cell, kept (first: line {line}).",
    "quotes_taken_literally": "{n} rows had a stray quote, kept as text (first: line {line}).",
    "line_unwrapped": "{n} rows stood in quotes as a whole, now unwrapped (first: line {line}).",
    "repeated_header": "{n} lines repeat the header and were skipped (first: line {line}).",
}


def read(path: Path) -> list[Reading]:
    """The one table of a delimited text file."""
    encoding = find_encoding(path)
    reading = Reading("csv", (), iter(()), encoding=encoding.name, notes=list(encoding.notes))
    pieces = _read_file(path, encoding, reading)
    # The first piece fixes columns and delimiter, which whoever writes the rows must know before.
    first = next(pieces)
    reading.pieces = _chain(first, pieces)
    return [reading]


def _chain(first: Piece, others: Iterator[Piece]) -> Iterator[Piece]:
    yield first
    yield from others


def _read_file(path: Path, encoding: Encoding, reading: Reading) -> Iterator[Piece]:
    with path.open("rb") as file:
        file.seek(encoding.mark_size)
        stream: Readable = Utf8Stream(file, encoding.name) if encoding.wide else file
        table = _Table(reading, encoding)
        for block in line_blocks(stream, encoding.newline):
            if isinstance(block, Overlong):
                yield from table.overlong(block)
            else:
                yield from table.lines(block)
        table.close()
        if isinstance(stream, Utf8Stream) and stream.damaged:
            reading.notes.append(f"{stream.damaged} damaged characters were replaced by U+FFFD.")


class _Table:
    """One delimited file while its blocks arrive."""

    def __init__(self, reading: Reading, encoding: Encoding) -> None:
        self._reading = reading
        self._encoding = encoding
        self._newline = encoding.newline
        self._careful: CarefulRows | None = None
        self._fast = False
        self._carry = b""
        self._line = 1
        self._row = 1
        self._zeros = 0
        self._before: list[Unreadable] = []

    def overlong(self, block: Overlong) -> Iterator[Piece]:
        """A line too long to be read is one unreadable row; lines before it are finished first."""
        if self._carry:
            yield from self._rows(self._carry, last=True, footers=False)
            self._carry = b""
        text = self._encoding.decode(block.head)[:TEXT_KEPT]
        message = f"The line has {block.size} bytes; lines up to {LINE_LIMIT >> 20} MiB are read."
        row = Unreadable(self._row, self._line, "line_too_long", message, text)
        self._line += 1
        self._row += 1
        if self._careful is None:
            self._before.append(row)
        else:
            yield piece_of_rows(self._reading.columns, [], [], (row,))

    def lines(self, block: Lines) -> Iterator[Piece]:
        """The rows of a block of whole lines."""
        data = block.data
        if zeros := data.count(0):
            self._zeros += zeros
            data = data.replace(b"\x00", b"")
        data = self._carry + self._encoding.to_utf8(data)
        self._carry = b""
        if self._careful is None:
            if not data.strip() and not block.last:
                self._line += data.count(self._newline)
                return
            data = self._start(data)
            yield piece_of_rows(self._reading.columns, [], [], tuple(self._before))
        yield from self._rows(data, last=block.last, footers=True)

    def close(self) -> None:
        """Write the notes about what had to be rescued."""
        notes = self._reading.notes
        if self._zeros:
            notes.append(f"{self._zeros} NUL bytes were taken out of the text.")
        if self._careful is not None:
            for rescue, sentence in RESCUES.items():
                if count := self._careful.rescues[rescue]:
                    line = self._careful.first_line[rescue]
                    notes.append(sentence.format(n=count, line=line))
        if self._row == 1:
            notes.append("The file has no rows." if self._reading.columns else "The file is empty.")

    def _start(self, data: bytes) -> bytes:
        """Decide dialect, header and columns on the first block; returns what follows."""
        reading, newline = self._reading, self._newline.decode()
        lines = data[: SAMPLE * 2].decode("utf-8", "ignore")[:SAMPLE].split(newline)
        skipped = 0
        delimiter = sep_line(lines[0])
        if delimiter is not None:
            skipped = 1
            reading.notes.append(f"The first line says that {delimiter!r} is the delimiter.")
        dialect = find_dialect(lines[skipped:], delimiter)
        numbered = _sample_records(lines, skipped, dialect, newline)
        rows = [cells for _, _, cells in numbered]
        header = find_header(rows)
        names, note = _names(header, rows)
        columns, notes = column_names(names)
        notes = notes if header.position is not None else []
        reading.columns = columns
        reading.notes += notes + note
        reading.delimiter = None if dialect.delimiter == NO_DELIMITER else dialect.delimiter
        self._careful = CarefulRows(dialect, len(columns), header.cells, newline)
        self._fast = can_be_fast(dialect)
        if header.position is not None:
            line, size, _ = numbered[header.position]
            reading.header_row = self._line + line
            skipped = line + size
        elif header.first and header.first < len(numbered):
            skipped = numbered[header.first][0]
        above = header.first if header.position is None else header.position
        preamble = [cells for _, _, cells in numbered[:above]]
        if preamble:
            shown = " / ".join(" ".join(cells).strip() for cells in preamble)[:300]
            reading.notes.append(f"{len(preamble)} lines before the list were skipped: {shown}")
        if columns and header.position is None:
            reading.notes.append(
                "The file has no header; its columns were named column_<position>."
            )
        rest = data
        for _ in range(skipped):
            rest = rest.partition(self._newline)[2]
        self._line += skipped
        return rest

    def _rows(self, data: bytes, *, last: bool, footers: bool) -> Iterator[Piece]:
        """The rows of whole lines: fast where the rules are kept, carefully elsewhere."""
        if not self._reading.columns:
            return
        done = yield from self._regular_rows(data, last=last)
        rest = data[done:]
        if done and not last and len(rest) <= LINE_LIMIT // 4:
            self._carry = rest
            return
        if len(rest) <= STRETCH:
            yield self._careful_piece(rest, last=last, footers=footers)
            return
        # Somewhere a rule is broken: only the stretches where it is are read line by line.
        stop = 0
        while stop < len(rest):
            start, stop = stop, rest.find(self._newline, stop + STRETCH) + 1 or len(rest)
            some = self._carry + rest[start:stop]
            self._carry = b""
            at_end = last and stop == len(rest)
            done = yield from self._regular_rows(some, last=at_end)
            if done and not at_end:
                self._carry = some[done:]
            else:
                yield self._careful_piece(some[done:], last=at_end, footers=footers)

    def _regular_rows(self, data: bytes, *, last: bool) -> Generator[Piece, None, int]:
        """The rows of the records that keep every rule, if all do; returns the bytes read.

        What is left is a record that is not complete and, at the end, lines that may be footers.
        """
        assert self._careful is not None
        columns = self._reading.columns
        dialect = self._careful.dialect
        if not self._fast or not data:
            return 0
        shape = regular_shape(data, dialect, self._newline, len(columns))
        keep = FOOTER_RECORDS + 1 if last else 0
        if shape is None or len(shape.ends) <= keep:
            return 0
        cut = int(shape.ends[-1 - keep])
        table = read_regular(data[:cut], shape.up_to(cut), dialect, self._newline, columns)
        if table is None or repeats_header(table, self._careful.header):
            return 0
        yield self._piece(table)
        self._line += data.count(self._newline, 0, cut)
        return cut

    def _piece(self, table: pa.Table) -> Piece:
        numbers = pa.array(range(self._row, self._row + table.num_rows), pa.int64())
        self._row += table.num_rows
        arrays = [numbers, *table.columns]
        return Piece(pa.Table.from_arrays(arrays, schema=rows_schema(self._reading.columns)))

    def _careful_piece(self, data: bytes, *, last: bool, footers: bool) -> Piece:
        assert self._careful is not None
        newline = self._newline.decode()
        lines = data.decode("utf-8").split(newline)
        if lines[-1] == "":
            lines.pop()
        found, used = self._careful.read(
            lines, self._line, self._row, last=last, footers=last and footers
        )
        if used < len(lines):
            self._carry = newline.join([*lines[used:], ""]).encode("utf-8")
        self._line += used
        self._row += len(found.rows) + len(found.unreadable)
        columns = self._reading.columns
        return piece_of_rows(columns, found.row_numbers, found.rows, tuple(found.unreadable))


def _sample_records(
    lines: list[str], skipped: int, dialect: Dialect, newline: str
) -> list[tuple[int, int, list[str]]]:
    """The first records: index of the first line, number of lines, cells."""
    records: list[tuple[int, int, list[str]]] = []
    widths = [len(split(line.rstrip("\r"), dialect).cells) for line in lines[skipped:400] if line]
    width = usual_width([[""] * width for width in widths])
    careful = CarefulRows(dialect, width, [], newline)
    index = skipped
    while index < len(lines) and len(records) < SEARCHED + COMPARED:
        if not lines[index].strip("\r \ufeff"):
            index += 1
            continue
        cells, used = careful.sample(lines, index)
        records.append((index, used, cells))
        index += used
    return records


def _names(header: Header, rows: list[list[str]]) -> tuple[list[str], list[str]]:
    """The names of all columns, and a note where the header has fewer of them than the rows."""
    below = rows[header.first :]
    width = usual_width(below)
    names = header.cells if header.position is not None else []
    usual = sum(len(row) == width for row in below)
    if not below or width <= len(names) or (names and usual * 2 <= len(below)):
        return names, []
    firsts = [row[0].strip() for row in below if len(row) == width]
    counted = all(cell.isdigit() and len(cell) < 10 for cell in firsts) and len(firsts) > 2
    if len(names) + 1 == width and names and counted:
        numbers = [int(cell) for cell in firsts]
        if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return ["", *names], ["The first column has no name: it counts the rows."]
    surplus = [row[len(names) : width] for row in below if len(row) == width]
    if names and not any(cell.strip() for row in surplus for cell in row):
        return names, []
    extended = [*names, *[""] * (width - len(names))]
    return extended, []
