"""Which delimiter, quote and escape a text uses, decided on its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace

from tieline.data.sources.quoting import Dialect, Split, split

#: Delimiters looked for, with the weight of each: the last ones also stand inside ordinary cells.
DELIMITERS: dict[str, float] = {
    ",": 1.0,
    ";": 1.0,
    "\t": 1.0,
    "|": 0.95,
    "\x1f": 0.9,
    "\x01": 0.9,
    "\x1e": 0.9,
    "§": 0.8,
    "¦": 0.8,
    "¬": 0.8,
    "þ": 0.6,
    "~": 0.7,
    "^": 0.7,
    "!": 0.3,
    "#": 0.3,
    "*": 0.3,
    "$": 0.3,
    "&": 0.3,
    "%": 0.3,
    "=": 0.3,
    ":": 0.3,
    "/": 0.1,
    " ": 0.1,
}

#: A delimiter no file uses: the whole line is one cell.
NO_DELIMITER = "\ue000\ue001"

#: Lines looked at.
SAMPLE_LINES = 400

_SEP_LINE = re.compile(r'^"?sep=(.|\\t)"?$', re.IGNORECASE)


def sep_line(line: str) -> str | None:
    """The delimiter named by a first line `sep=;` as Excel writes it; None when it is no such."""
    found = _SEP_LINE.match(line.strip("\ufeff\r\n "))
    if found is None:
        return None
    return "\t" if found.group(1) == "\\t" else found.group(1)


#: Cells that stand in quotes and are not empty, whatever the delimiter.
_ENCLOSED = {
    mark: re.compile(
        rf"(?:^|(?<=[,;\t|]))\s?{mark}((?:[^{mark}]|{mark}{mark})+){mark}(?=$|[,;\t|])"
    )
    for mark in ("'", '"')
}


def find_dialect(lines: list[str], delimiter: str | None = None) -> Dialect:
    """The dialect that splits the sampled lines into the most even rows of more than one cell."""
    whole = lines[: 4 * SAMPLE_LINES]
    lines = [line.rstrip("\r") for line in lines if line.strip()][:SAMPLE_LINES]
    quote = _quote(lines)
    wrapped = _each_line_wrapped(lines, quote)
    if wrapped:
        lines = [line[1:-1].replace(quote * 2, quote) for line in lines]
    if delimiter is None:
        scores = {
            mark: _strict_evenness(whole, mark, quote) or _evenness(lines, mark, quote)
            for mark in _candidates(lines)
        }
        best = max(scores, key=lambda mark: scores[mark], default=NO_DELIMITER)
        delimiter = best if scores.get(best, 0.0) > 0 else NO_DELIMITER
        delimiter = _repeated(lines, delimiter)
    blank = bool(quote) and _blank_before_quote(lines, delimiter, quote)
    strict = len(delimiter) == 1 and _strict_evenness(whole, delimiter, quote) > 0
    escaped = _backslash_escapes(lines, Dialect(delimiter, quote, "", blank), strict=strict)
    if escaped and strict:
        # Reading a file as escaped must not break rules that it keeps as it stands.
        plain_widths = _strict_widths(whole, delimiter, quote)
        escaped = _strict_widths(whole, delimiter, quote, "\\") == plain_widths
    escape = "\\" if escaped else ""
    return Dialect(delimiter, quote, escape, blank, wrapped)


def _candidates(lines: list[str]) -> list[str]:
    text = "\n".join(lines)
    return [mark for mark in DELIMITERS if mark in text]


def _quote(lines: list[str]) -> str:
    """The quote: `'` only where it encloses cells, of the header or with delimiters in them."""
    double = sum(len(_ENCLOSED['"'].findall(line)) for line in lines)
    single = [_ENCLOSED["'"].findall(line) for line in lines]
    cells = [cell for found in single for cell in found]
    with_delimiter = sum(any(mark in cell for mark in ",;\t|") for cell in cells)
    if len(cells) <= 2 * double or not (single[0] or with_delimiter > 1):
        return '"'
    return "'"


def _each_line_wrapped(lines: list[str], quote: str) -> bool:
    """True when every line as a whole stands in quotes, with the real cells inside."""
    wrapped = 0
    for line in lines:
        inner = line[1:-1]
        alone = quote not in inner.replace(quote * 2, "")
        if len(line) > 2 and line[0] == line[-1] == quote and alone:
            wrapped += any(mark in inner for mark in ",;\t|")
    return len(lines) > 1 and wrapped >= 0.9 * len(lines)


def _strict_evenness(lines: list[str], mark: str, quote: str) -> float:
    """The score of a delimiter under which every rule is kept and all rows have one width."""
    widths = set(_strict_widths(lines, mark, quote))
    width = max(widths, default=0)
    return _score(mark, width, 1.0) if len(widths) == 1 and width > 1 else 0.0


def _strict_widths(lines: list[str], mark: str, quote: str, escape: str | None = None) -> list[int]:
    """How many cells each row has; empty when a row breaks a rule."""
    rows = csv.reader(
        (line + "\n" for line in lines),
        delimiter=mark,
        quotechar=quote,
        escapechar=escape,
        strict=True,
    )
    widths: list[int] = []
    try:
        widths.extend(len(row) for row in rows if row)
    except csv.Error:
        # The sample may end inside a quoted cell; anything else breaks a rule.
        if rows.line_num < len(lines):
            return []
    return widths


def _score(mark: str, width: int, evenness: float) -> float:
    return DELIMITERS.get(mark, 0.5) * evenness * (1 + min(width, 30) / 10)


def _evenness(lines: list[str], mark: str, quote: str) -> float:
    """How well a delimiter explains the lines: share of lines of the usual width, more is better.

    Lines inside a quoted cell of several lines and preamble lines count as noise.
    """
    quoted = re.compile(
        rf"(?:^|(?<={re.escape(mark)})) ?{quote}(?:[^{quote}]|{quote}{quote})*{quote}"
    )
    widths = Counter(quoted.sub("", line).count(mark) for line in lines)
    widths_of_many = [(width, count) for width, count in widths.items() if width > 0]
    if not widths_of_many:
        return 0.0
    width, count = max(widths_of_many, key=lambda pair: (pair[1] * min(pair[0], 8), pair[0]))
    near = sum(n for other, n in widths.items() if other > 0 and abs(other - width) <= 1) - count
    share = (count + 0.5 * near) / len(lines)
    usual = DELIMITERS.get(mark, 0.5) >= 0.9 and mark in lines[0]
    if share < (0.2 if usual else 0.6):
        return 0.0
    evenness: float = share**1.5
    return _score(mark, width + 1, evenness)


def _repeated(lines: list[str], mark: str) -> str:
    """The delimiter itself, or its repetition (`||`, `::`) where it never stands alone."""
    if mark == NO_DELIMITER or mark in "\t,;" or not lines:
        return mark
    runs = [len(run) for line in lines for run in re.findall(re.escape(mark) + "+", line)]
    double = sum(1 for run in runs if run % 2 == 0)
    return mark * 2 if runs and double >= 0.98 * len(runs) and max(runs) >= 2 else mark


def _blank_before_quote(lines: list[str], mark: str, quote: str) -> bool:
    plain, blank = Dialect(mark, quote), Dialect(mark, quote, "", True)
    pattern = re.compile(re.escape(mark) + " +" + quote)
    return any(pattern.search(line) for line in lines) and _regular(lines, blank) >= _regular(
        lines, plain
    )


def _backslash_escapes(lines: list[str], plain: Dialect, *, strict: bool) -> bool:
    """True when reading backslashes as escapes makes more lines regular and of one width.

    `strict`: the lines keep every rule without escapes.
    """
    if not any("\\" in line for line in lines):
        return False
    escaped = replace(plain, escape="\\")
    with_backslash = [line for line in lines if "\\" in line]
    width = _usual_width(lines, plain)
    if any("\\N" in split(line, plain).cells for line in with_backslash):
        return True
    if strict:
        return False
    gained = lost = 0
    for line in with_backslash:
        before, after = split(line, plain), split(line, escaped)
        gained += _good(after, width) and not _good(before, width)
        lost += _good(before, width) and not _good(after, width)
    return gained > lost


def _good(found: Split, width: int) -> bool:
    return found.regular and not found.open and len(found.cells) == width


def _usual_width(lines: list[str], dialect: Dialect) -> int:
    widths = Counter(
        len(found.cells)
        for found in (split(line, dialect) for line in lines)
        if found.regular and not found.open and len(found.cells) > 1
    )
    return max(widths, key=lambda width: (widths[width], width), default=1)


def _regular(lines: list[str], dialect: Dialect) -> int:
    width = _usual_width(lines, dialect)
    return sum(_good(split(line, dialect), width) for line in lines)
