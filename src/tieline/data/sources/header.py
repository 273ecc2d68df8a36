"""Where the header of a list is, or that it has none, decided by content."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: Rows searched for the header; a longer preamble does not occur in exports.
SEARCHED = 60

#: Rows below a candidate that are compared with it.
COMPARED = 40

#: A row scoring less than this is data. Weights and limit were set on the cases of the tests.
LEAST_SCORE = 1.1

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_URL = re.compile(r"(https?://|www\.)\S+|[\w-]+\.(com|de|org|net|fr|co\.uk|eu|io)", re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}([ T]\d{1,2}:\d{2}.*)?")
_NUMBER = re.compile(r"[-+]?[\d.,' ]*\d[\d.,' ]*%?")
_PHONE = re.compile(r"\+?[\d ()/.\-]{6,}(\s*(x|ext)\.?\s*\d+)?")
_YEAR = re.compile(r"(19|20)\d\d")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_.#]*")
_SMALL = re.compile(r"[a-z][a-z0-9_.#]*")
_CODE = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9\-_/]{3,}")

Row = list[str]


@dataclass(frozen=True)
class Header:
    """`position`: 0-based row of the header (None: there is none); `first`: the first data row."""

    position: int | None
    first: int
    cells: Row


@cache
def _words() -> frozenset[str]:
    text = resources.files(__package__).joinpath("header_words.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(_fold(word) for line in lines for word in line.split())


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def names_a_column(cell: str) -> bool:
    """True when a cell holds a word that is usual in headers (`cust_no`, `E-Mail`)."""
    if len(cell) > 60:
        return False
    parts = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cell))
    tokens = [_fold(part) for part in parts]
    words = _words()
    return any(token in words for token in (*tokens, "".join(tokens)))


def shape(cell: str) -> str:
    """The rough kind of a cell: '' (empty), email, url, date, number, phone, code or text."""
    text = cell.strip()
    if not text:
        return ""
    if len(text) > 200:
        return "long"
    for kind, pattern in (
        ("email", _EMAIL),
        ("date", _DATE),
        ("number", _NUMBER),
        ("phone", _PHONE),
        ("url", _URL),
        ("code", _CODE),
    ):
        if pattern.fullmatch(text):
            return kind
    return "text"


def usual_width(rows: list[Row]) -> int:
    """The commonest number of cells, of rows that have more than one where such are not rare."""
    widths = Counter(len(row) for row in rows)
    several = Counter({width: count for width, count in widths.items() if width > 1})
    if several and sum(several.values()) * 4 >= len(rows):
        widths = several
    return max(widths, key=lambda width: (widths[width], width), default=0)


def find_header(rows: list[Row]) -> Header:
    """The header among the first rows of a list; rows above it are a preamble, not data."""
    width = usual_width(rows[: SEARCHED + COMPARED])
    best, best_score, handicap = None, LEAST_SCORE, 0.0
    for position, row in enumerate(rows[:SEARCHED]):
        if len(row) == 1 and width > 1:
            continue
        score = _score(row, rows[position + 1 : position + 1 + COMPARED], width) - 0.02 * position
        if score - handicap > best_score:
            best, best_score = position, score - handicap
        if len(row) == width and _looks_like_data(row):
            break
        # A header stands above the full rows, so each full row passed speaks against the next.
        handicap += len(row) == width and all(cell.strip() for cell in row)
    if best is not None:
        return Header(best, best + 1, rows[best])
    return Header(None, _first_data_row(rows, width), [])


def _first_data_row(rows: list[Row], width: int) -> int:
    """Without a header, lines of one cell above the first full row are a preamble."""
    for position, row in enumerate(rows[:SEARCHED]):
        if len(row) == width:
            return position
    return 0


def _looks_like_data(row: Row) -> bool:
    filled = [shape(cell) for cell in row if cell.strip()]
    return len(filled) * 2 >= len(row) and any(
        kind in ("email", "date", "phone", "number", "url") for kind in filled
    )


def _score(row: Row, below: list[Row], width: int) -> float:
    """How much a row looks like a header: named columns, unlike the cells below it."""
    filled = [(column, cell.strip()) for column, cell in enumerate(row) if cell.strip()]
    if not filled:
        return -1.0
    size = len(filled)
    named = sum(names_a_column(cell) for _, cell in filled) / size
    data = contrast = repeats = 0.0
    for column, cell in filled:
        under = [other[column].strip() for other in below if column < len(other)]
        under = [value for value in under if value]
        kind = shape(cell)
        data += _weight_as_data(cell, kind, under)
        if not under:
            continue
        common, count = Counter(shape(value) for value in under).most_common(1)[0]
        contrast += common != kind and kind == "text" and count >= 0.7 * len(under)
        repeats += cell in under and under.count(cell) < len(under)
    distinct = len({cell.casefold() for _, cell in filled}) == size
    score = 2.0 * named + 1.5 * contrast / size - 3.0 * data / size - 1.5 * repeats / size
    score += 0.3 * distinct + 0.3 * (size == len(row)) + 0.3 * (len(row) == width)
    score += 0.6 * _in_another_case([cell for _, cell in filled], below)
    if len(row) != width:
        score -= min(1.0, abs(len(row) - width) / max(width, 1))
    if not below and not data and size == len(row):
        score += 0.3
    return score


def _weight_as_data(cell: str, kind: str, under: list[str]) -> float:
    """How much one cell speaks for data: not at all for text, a little for a year over numbers."""
    if kind == "number":
        years = sum(_YEAR.fullmatch(value) is not None for value in under)
        return 0.0 if _YEAR.fullmatch(cell) and years * 2 < len(under) else 0.6
    return 1.0 if kind in ("email", "url", "date", "phone", "long") else 0.0


def _in_another_case(cells: Row, below: list[Row]) -> bool:
    """True when all cells are `CAPITALS` or `small_letters` and the text below is not."""
    for case in (_CAPITALS, _SMALL):
        if all(case.fullmatch(cell) for cell in cells):
            texts = [cell for row in below for cell in row if shape(cell) == "text"]
            same = sum(case.fullmatch(text.strip()) is not None for text in texts)
            return bool(texts) and same * 2 < len(texts)
    return False
