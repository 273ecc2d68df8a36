"""The careful way through text that breaks rules: line by line, so that damage stays where it is.

A quoted cell may run over several lines. A stray quote looks the same at first: whether the lines
that follow belong to its cell is decided by whether they end it by the rules and give a row of the
right width, without swallowing lines that are rows themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tieline.data.sources.landed import TEXT_KEPT, Unreadable
from tieline.data.sources.quoting import Dialect, split, split_literally
from tieline.data.sources.regular_block import SUSPECT_LINES

#: Longest quoted cell that is looked for: lines, and characters.
CELL_LINES = 10_000
CELL_SIZE = 4 << 20

#: How a line begins that closes a list and is no record of it.
_FOOTER = re.compile(
    r"[\W_]*(grand total|sub ?total|totals?|sum|summe|gesamt\w*|insgesamt|totale?|celkem|razem"
    r"|total g[eé]n[eé]ral|suma|somme|итого|всего|合計|总计|count|anzahl|rows?|records?"
    r"|rec(ord)?s? count|\(?\d+ (rows?|records?|zeilen|datens[aä]tze|lignes|filas)\b.*"
    r"|end of (file|report|list|data)|page \d+.*|seite \d+.*|eof|generated (on|by|at)"
    r"|report (generated|created|run)|printed|erstellt (am|von)|export(ed)? (on|by|date)|stand:"
    r"|confidential|source:|copyright|©)(\b|\Z|(?<=:))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[^\w]*\d[\d.,' ]*[^\w]*([A-Z]{3})?")

#: Records at the end of a file that may be such a line.
FOOTER_RECORDS = 5


@dataclass
class Found:
    """What came of some lines: rows with their number, and what was set aside."""

    row_numbers: list[int] = field(default_factory=list)
    rows: list[Sequence[str | None]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


class Record(NamedTuple):
    """One record: the index of its first line, its text, its cells, how they were rescued."""

    line: int
    text: str
    cells: list[str]
    rescue: str = ""


@dataclass
class CarefulRows:
    """Reads lines of one file in order; `rescues` counts by kind, with the first line of each."""

    dialect: Dialect
    width: int
    header: list[str]
    newline: str = "\n"
    rescues: Counter[str] = field(default_factory=Counter)
    first_line: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._header = [cell.strip() for cell in self.header]

    def note(self, rescue: str, line: int) -> None:
        """Count one rescue of a kind."""
        self.rescues[rescue] += 1
        self.first_line.setdefault(rescue, line)

    def read(
        self, lines: list[str], line: int, row: int, *, last: bool, footers: bool
    ) -> tuple[Found, int]:
        """Rows of `lines` (the first has number `line`, the first row number `row`).

        Also returns how many lines were used up: the rest belongs to a cell that the next lines
        may end. With `last` all are used up; with `footers` the last ones may close the list.
        """
        records: list[Record] = []
        quote = self.dialect.quote
        quoted = [i for i, text in enumerate(lines) if quote in text] if quote else []
        # Most lines hold nothing that needs care; they take the short way.
        simple = bool(quote) and not self.dialect.escape and self.newline == "\n"
        index = 0
        while index < len(lines):
            text = lines[index]
            if not text or text == "\r":
                index += 1
                continue
            if simple and quote not in text:
                text = text[:-1] if text[-1] == "\r" else text
                cells = text.split(self.dialect.delimiter)
                if len(cells) == self.width and "\r" not in text:
                    records.append(Record(index, text, cells))
                    index += 1
                    continue
            record, used = self._record(lines, index, quoted, last=last)
            if record is None:
                break
            records.extend(record)
            index += used
        return self.sort_out(records, line, row, footers=footers), index

    def sort_out(self, records: list[Record], line: int, row: int, *, footers: bool) -> Found:
        """Records put where they belong; with `footers` the last ones may close the list."""
        found = Found()
        tail = len(records) - (FOOTER_RECORDS if footers else 0)
        for position, one in enumerate(records):
            row += self._keep(one, line + one.line, row, found, near_end=position >= tail)
        return found

    def sample(self, lines: list[str], index: int) -> tuple[list[str], int]:
        """The cells of the record at a line, whatever it is, and the lines it takes."""
        quoted = [i for i in range(index, len(lines)) if self.dialect.quote in lines[i]]
        records, used = self._record(lines, index, quoted, last=True)
        assert records is not None
        return records[0].cells, used

    def _record(
        self, lines: list[str], index: int, quoted: list[int], *, last: bool
    ) -> tuple[list[Record] | None, int]:
        """The record (or records cut by odd line ends) at a line, and the lines it takes."""
        text = lines[index].rstrip("\r") if self.newline == "\n" else lines[index]
        other = "\r" if self.newline == "\n" else "\n"
        if other in text:
            pieces = text.split(other)
            if all(
                len(split(piece, self.dialect).cells) == self.width for piece in pieces if piece
            ):
                return [Record(index, p, split(p, self.dialect).cells) for p in pieces if p], 1
        first = split(text, self.dialect)
        if not first.open and first.regular and len(first.cells) == self.width:
            return [Record(index, text, first.cells)], 1
        if first.open:
            several = self._several_lines(lines, index, quoted, last=last)
            if several is None:
                return None, 0
            if several[1]:
                return [several[0]], several[1]
        return [self._one_line(index, text)], 1

    def _several_lines(
        self, lines: list[str], index: int, quoted: list[int], *, last: bool
    ) -> tuple[Record, int] | None:
        """The record of several lines that begins at `index`: (record, lines used).

        0 lines used: its quote is a stray one. None: the next lines must be seen first.
        """
        stray = (Record(index, "", []), 0)
        following = bisect_right(quoted, index)
        end_of_search = min(len(lines), index + CELL_LINES)
        while following < len(quoted) and quoted[following] < end_of_search:
            end = quoted[following]
            text = self.newline.join(lines[index : end + 1])
            if len(text) > CELL_SIZE:
                return stray
            if self.newline == "\n":
                text = text.rstrip("\r")
            found = split(text, self.dialect)
            if not found.regular:
                return stray
            if not found.open:
                if len(found.cells) != self.width and not self._plausible(found.cells, end - index):
                    return stray
                if self._swallows_rows(lines, index, end):
                    return stray
                return Record(index, text, found.cells), end + 1 - index
            following += 1
        size = sum(len(text) for text in lines[index:end_of_search])
        if last or len(lines) - index >= CELL_LINES or size > CELL_SIZE:
            return stray
        return None

    def _plausible(self, cells: list[str], lines: int) -> bool:
        """A row of the wrong width is believed to run over a few lines only."""
        return lines <= 20 and 1 < len(cells) < self.width

    def _swallows_rows(self, lines: list[str], index: int, end: int) -> bool:
        inner = [text for text in lines[index + 1 : end] if self.dialect.quote not in text]
        if self.width < 3 or len(inner) < SUSPECT_LINES:
            return False
        rows = sum(text.count(self.dialect.delimiter) == self.width - 1 for text in inner)
        return rows >= SUSPECT_LINES and rows * 2 >= len(inner)

    def _one_line(self, index: int, text: str) -> Record:
        """The best reading of one line that breaks a rule."""
        lenient = split(text, self.dialect)
        literal = split_literally(text, self.dialect)
        if not lenient.open and len(lenient.cells) == self.width:
            return Record(index, text, lenient.cells, "" if lenient.regular else "quotes_repaired")
        if len(literal) == self.width and (lenient.open or not lenient.regular):
            return Record(index, text, literal, "quotes_taken_literally")
        if len(lenient.cells) == 1 and self.width > 1 and not lenient.open:
            inner = split(lenient.cells[0], self.dialect)
            if len(inner.cells) == self.width and not inner.open:
                return Record(index, text, inner.cells, "line_unwrapped")
        if lenient.open or not lenient.regular:
            cells = literal if lenient.open else lenient.cells
            return Record(index, text, cells, "quotes_taken_literally")
        return Record(index, text, lenient.cells)

    def _keep(self, record: Record, line: int, row: int, found: Found, *, near_end: bool) -> int:
        """Put a record where it belongs; returns how many row numbers it uses up."""
        cells = record.cells
        plain = len(cells) == self.width and not near_end and not record.rescue
        if plain and (not self._header or cells[0].strip() != self._header[0]):
            found.row_numbers.append(row)
            found.rows.append(cells)
            return 1
        if self.width > 1:
            if len(cells) == 1 and not cells[0].strip():
                return 0
            if self._header and [cell.strip() for cell in cells] == self._header:
                self.note("repeated_header", line)
                return 0
        reason = self._unreadable(record, near_end=near_end)
        if reason is not None:
            text = record.text[:TEXT_KEPT]
            found.unreadable.append(Unreadable(row, line, reason[0], reason[1], text))
            return 1
        if len(cells) > self.width:
            self.note("empty_surplus", line)
            cells = cells[: self.width]
        elif len(cells) < self.width:
            self.note("filled_up", line)
        if record.rescue:
            self.note(record.rescue, line)
        found.row_numbers.append(row)
        found.rows.append([*cells, *[None] * (self.width - len(cells))])
        return 1

    def _is_comment(self, cells: list[str]) -> bool:
        starts = cells[0].lstrip().startswith(("#", "//", "--"))
        return starts and len(cells) < self.width and len(cells) * 2 <= self.width + 1

    def _unreadable(self, record: Record, *, near_end: bool) -> tuple[str, str] | None:
        cells = record.cells
        if self.width > 1 and self._is_comment(cells):
            return "comment_line", "A remark stands between the rows; it is no record."
        if len(cells) == 1 and self.width > 2:
            return "stray_text", f"It is a single cell where {self.width} are expected."
        if near_end and self.width > 1 and self._is_footer(cells):
            return "footer_line", "The line closes the list (a total or a remark); it is no record."
        if len(cells) <= self.width or not any(cell.strip() for cell in cells[self.width :]):
            return None
        if record.rescue:
            return "broken_quotes", (
                f"Its quotes are broken: {len(cells)} cells were found, {self.width} are expected."
            )
        return "too_many_cells", f"It has {len(cells)} cells, {self.width} are expected."

    def _is_footer(self, cells: list[str]) -> bool:
        filled = [cell for cell in cells if cell.strip()]
        if not filled or _FOOTER.match(filled[0]) is None:
            return False
        numbers = all(_NUMBER.fullmatch(cell.strip()) for cell in filled[1:])
        return len(filled) < self.width and (numbers or len(cells) < self.width)
