"""Splitting one record of delimited text into cells: as the rules say, or as was probably meant."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

#: What backslash escapes stand for; any other escaped character stands for itself.
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True)
class Dialect:
    """How cells are delimited: `quote` and `escape` are "" where the file uses none.

    `delimiter` may be several characters long; `blank_before_quote` says that blanks may stand
    between a delimiter and the quote that follows it; `wrapped` that each line as a whole stands
    in quotes, with the real cells inside.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    blank_before_quote: bool = False
    wrapped: bool = False

    @cached_property
    def by_the_rules(self) -> type[csv.Dialect] | None:
        """The same for the standard reader, refusing errors; None where it cannot do it."""
        if self.escape or self.blank_before_quote or len(self.delimiter) > 1 or not self.quote:
            return None
        rules = {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "doublequote": True,
            "skipinitialspace": False,
            "lineterminator": "\n",
            "quoting": csv.QUOTE_MINIMAL,
            "strict": True,
        }
        return type("_Rules", (csv.Dialect,), rules)

    @cached_property
    def special(self) -> re.Pattern[str]:
        """What ends a stretch of plain text inside quotes."""
        return re.compile("|".join(re.escape(mark) for mark in (self.quote, self.escape) if mark))

    @cached_property
    def special_outside(self) -> re.Pattern[str]:
        """What ends a stretch of plain text outside quotes."""
        marks = (self.delimiter, self.escape)
        return re.compile("|".join(re.escape(mark) for mark in marks if mark))


class Split(NamedTuple):
    """Cells of one record. `open`: a quoted cell did not end; `regular`: no rule was broken."""

    cells: list[str]
    open: bool = False
    regular: bool = True


def split_literally(text: str, dialect: Dialect) -> list[str]:
    """Cells cut at every delimiter, quotes being ordinary characters."""
    return text.split(dialect.delimiter)


def split(text: str, dialect: Dialect) -> Split:
    """Cells of one record, taken out of the quotes around the whole where the dialect has such."""
    found = _split(text, dialect)
    if dialect.wrapped and len(found.cells) == 1 and found.regular and not found.open:
        return _split(found.cells[0], dialect)
    return found


def _split(text: str, dialect: Dialect) -> Split:
    """Cells of one record; a quote inside a quoted cell that ends nothing is kept as a character.

    Reads the same as Python's csv reader for text that keeps the rules (RFC 4180, or backslash
    escapes where the dialect has them).
    """
    if not dialect.escape and (not dialect.quote or dialect.quote not in text):
        return Split(text.split(dialect.delimiter))
    if dialect.by_the_rules and text:
        # The standard reader is ten times as fast, and refuses whatever breaks a rule.
        try:
            return Split(next(csv.reader((text,), dialect.by_the_rules)))
        except (csv.Error, StopIteration):
            pass
    cells: list[str] = []
    regular = True
    position = 0
    while True:
        start = position
        if dialect.blank_before_quote and text[position : position + 1] == " ":
            ahead = len(text) - len(text[position:].lstrip(" "))
            if dialect.quote and text.startswith(dialect.quote, ahead):
                start = ahead
        if dialect.quote and text.startswith(dialect.quote, start):
            cell, position, kept_rules, closed = _quoted(text, start + 1, dialect)
            regular = regular and kept_rules
            if not closed:
                return Split([*cells, cell], open=True, regular=regular)
        else:
            cell, position = _unquoted(text, start, dialect)
        cells.append(cell)
        if position >= len(text):
            return Split(cells, regular=regular)
        position += len(dialect.delimiter)
        if position == len(text):
            return Split([*cells, ""], regular=regular)


def _quoted(text: str, position: int, dialect: Dialect) -> tuple[str, int, bool, bool]:
    """A quoted cell from after its quote: text, where it ends, rules kept, closed."""
    parts: list[str] = []
    regular = True
    while True:
        found = dialect.special.search(text, position)
        if found is None:
            parts.append(text[position:])
            return "".join(parts), len(text), regular, False
        at, after = found.span()
        parts.append(text[position:at])
        if found.group() == dialect.escape:
            escaped = text[after : after + 1]
            if not escaped:
                return "".join(parts), len(text), regular, False
            parts.append(_ESCAPES.get(escaped, escaped))
            position = after + 1
        elif text.startswith(dialect.quote, after):
            parts.append(dialect.quote)
            position = after + len(dialect.quote)
        elif after == len(text) or text.startswith(dialect.delimiter, after):
            return "".join(parts), after, regular, True
        else:
            rest = text[after:].lstrip(" ")
            if dialect.blank_before_quote and (not rest or rest.startswith(dialect.delimiter)):
                return "".join(parts), len(text) - len(rest), regular, True
            regular = False
            parts.append(dialect.quote)
            position = after


def _unquoted(text: str, position: int, dialect: Dialect) -> tuple[str, int]:
    if not dialect.escape:
        end = text.find(dialect.delimiter, position)
        end = len(text) if end < 0 else end
        return text[position:end], end
    parts: list[str] = []
    start = position
    while True:
        found = dialect.special_outside.search(text, position)
        end = found.start() if found else len(text)
        parts.append(text[position:end])
        if found is None or found.group() == dialect.delimiter:
            cell = "".join(parts)
            # \N alone in a cell is how MySQL and PostgreSQL write NULL.
            return ("" if text[start:end] == dialect.escape + "N" else cell), end
        escaped = text[found.end() : found.end() + 1]
        parts.append(_ESCAPES.get(escaped, escaped) if escaped else dialect.escape)
        position = found.end() + 1
