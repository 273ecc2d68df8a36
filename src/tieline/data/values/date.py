"""Dates as people write them, and the style a column uses.

`date` is the first day of what was written; `precision` says what that was: 'day', 'month',
'quarter' or 'year'. A time of day is read over; the date stays the one that was written, whatever
the zone. Two-digit years follow Excel: 00-29 are 2000-2029, 30-99 are 1930-1999.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import pyarrow as pa

from tieline.data.values.date_words import MONTHS, WEEKDAYS
from tieline.data.values.folding import fold, tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 4
INPUTS = ("value", "style")
OUTPUT = pa.schema([("date", pa.date32()), ("precision", pa.string()), ("date_issue", pa.string())])
ISSUES: dict[str, str] = {
    "not_a_date": "The text cannot be read as a date.",
    "ambiguous_date": "Day and month cannot be told apart, and the column does not tell either.",
    "impossible_date": "There is no such day, as in 31 April.",
    "out_of_range": "The year is not between 1800 and 2200.",
    "placeholder": "A made-up date that says there is none, such as 0000-00-00 or 31.12.9999.",
}
STYLES = ("dmy", "mdy", "ymd")

Row = tuple[dt.date | None, str | None, str | None]
_NOT_A_DATE: Row = (None, None, "not_a_date")

_THREE = re.compile(r"^(\d{1,4})\s?([-/.,\s])\s?(\d{1,2})\s?[-/.,\s]\s?(\d{1,4})\.?$")
_TIME = re.compile(
    r"(?:[t ,]|(?<=\d{4}) at )\s*\d{1,2}(?::|h|\.(?=\d\d[:.]))\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?"
    r"\s*(?:[ap]\.?m\.?)?\s*(?:z|utc|gmt|uhr|h|[a-z]{3,4})?\s*(?:[+-]\d{2}:?\d{0,2})?"
    r"\s*(?:\[[a-z/_]+\]|\([a-z ]+\))?$"
)
_INNER_TIME = re.compile(r"\s\d{1,2}:\d{2}(?::\d{2})?\s(?=\d{4}$)")
_EIGHT = re.compile(r"^\d{8}$")
_SERIAL = re.compile(r"^([2-7]\d{4})(?:\.\d+)?$")
_UNIX = re.compile(r"^(\d{9,10})(?:\.\d+)?$|^(\d{12,13})$")
_YEAR = re.compile(r"^(1[89]\d\d|2[01]\d\d)(?:\.0)?$")
_YEAR_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_QUARTER = re.compile(r"^(?:q([1-4])[ /-]*(\d{4})|(\d{4})[ /-]*q([1-4])|([1-4])q[ /-]*(\d{4}))$")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|\u00ba|\u00aa|o|a|\.)(?=[\s,.-]|$)")
_WORD = re.compile(r"[a-z]+|\d+")
_NOTHING = frozenset(
    {"n/a", "na", "none", "null", "nil", "-", "--", "unknown", "nat", "never", "tbd"}
)
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_UNIX_EPOCH = dt.date(1970, 1, 1)
_FIRST_YEAR, _LAST_YEAR = 1800, 2200


def infer_style(values: Iterable[str | None]) -> str | None:
    """The order one column writes day, month and year in: 'dmy', 'mdy', 'ymd' or None.

    A value with a number above 12 tells the order; the majority of such values decides between
    'dmy' and 'mdy', a tie is None. 'ymd' is the answer when nothing else is found.
    """
    seen = {"dmy": 0, "mdy": 0, "ymd": 0}
    for value in values:
        parts = _three_parts(_without_time(fold(tidy(value)))) if value else None
        order = _own_order(parts) if parts else None
        if order:
            seen[order] += 1
    if seen["dmy"] != seen["mdy"]:
        return "dmy" if seen["dmy"] > seen["mdy"] else "mdy"
    if seen["dmy"]:
        return None
    return "ymd" if seen["ymd"] else None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    pairs = zip(text_column(distinct, "value"), text_column(distinct, "style"), strict=True)
    return output_table((_one(raw, style) for raw, style in pairs), OUTPUT)


def _one(raw: str | None, style: str | None) -> Row:
    if not raw:
        return None, None, None
    if len(raw) == 10 and raw[4] == raw[7] == "-" and raw.isascii():
        try:
            return _checked(dt.date.fromisoformat(raw), "day")
        except ValueError:
            pass
    text = fold(tidy(raw))
    if not text:
        return (None, None, None) if not tidy(raw) else _NOT_A_DATE
    if text in _NOTHING:
        return None, None, "placeholder"
    text = _without_time(text)
    if not text:
        return _NOT_A_DATE
    parts = _three_parts(text)
    if parts:
        return _from_numbers(parts, style)
    row = _from_one_number(text, style) or _from_month_and_year(text)
    return row or _from_words(text)


def _without_time(text: str) -> str:
    return _INNER_TIME.sub(" ", _TIME.sub("", text)).strip(" ,")


def _three_parts(text: str) -> tuple[str, str, str, str] | None:
    """(first, second, third, separator) of a date in numbers."""
    found = _THREE.match(text)
    if not found:
        return None
    first, separator, second, third = found.groups()
    long_first, long_third = len(first) > 2, len(third) > 2
    if (long_first and len(first) != 4) or (long_third and len(third) != 4):
        return None
    return None if long_first and long_third else (first, second, third, separator)


def _own_order(parts: tuple[str, str, str, str]) -> str | None:
    """The order a value tells by itself."""
    first, second, third, separator = parts
    if len(first) == 4 or (int(first) > 31 and len(third) <= 2):
        return "ymd"
    if int(first) > 12:
        # 25/12/99 or, with the year first, 25/12/30: only a four-digit year is sure.
        return "dmy" if len(third) == 4 or int(third) > 31 else None
    if int(second) > 12:
        return "mdy"
    if separator == "." and len(third) == 4:
        # Countries that write the month first do not use dots.
        return "dmy"
    return None


def _from_numbers(parts: tuple[str, str, str, str], style: str | None) -> Row:
    first, second, third, separator = parts
    if not (int(first) and int(second) and int(third)):
        whole = int(first) == int(second) == int(third) == 0
        return None, None, "placeholder" if whole else "impossible_date"
    order = _own_order(parts)
    if order is None and separator == ".":
        order = "dmy"
    if order is None and style in STYLES and not (style == "ymd" and len(third) == 4):
        order = style
        if order == "mdy" and int(first) > 12:
            order = "dmy"
    if order is None:
        if int(first) <= 12 and int(first) != int(second):
            return None, None, "ambiguous_date"
        order = "dmy"
    by_part = dict(zip(order, (first, second, third), strict=True))
    return _built(_year(by_part["y"]), int(by_part["m"]), int(by_part["d"]))


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 30 else 1900)


def _built(year: int, month: int, day: int, precision: str = "day") -> Row:
    try:
        return _checked(dt.date(year, month, day), precision)
    except ValueError:
        return None, None, "impossible_date"


def _checked(date: dt.date, precision: str) -> Row:
    if date.year == 9999 or (date.year, date.month, date.day) in ((1900, 1, 1), (1899, 12, 30)):
        return None, None, "placeholder"
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        return None, None, "out_of_range"
    return date, precision, None


def _from_one_number(text: str, style: str | None) -> Row | None:
    if not text[0].isdigit():
        return None
    if _EIGHT.match(text):
        return _from_eight_digits(text, style)
    found = _YEAR.match(text)
    if found:
        return _built(int(found.group(1)), 1, 1, "year")
    found = _SERIAL.match(text)
    if found:
        # Days since 30 December 1899, as spreadsheets count; 20000 is in 1954, 79999 in 2119.
        return _checked(_EXCEL_EPOCH + dt.timedelta(days=int(found.group(1))), "day")
    found = _UNIX.match(text)
    if found:
        seconds = int(found.group(1)) if found.group(1) else int(found.group(2)) // 1000
        return _checked(_UNIX_EPOCH + dt.timedelta(seconds=seconds), "day")
    return None


def _from_eight_digits(text: str, style: str | None) -> Row:
    if int(text) == 0:
        return None, None, "placeholder"
    year_first = _built(int(text[:4]), int(text[4:6]), int(text[6:]))
    if year_first[0] or year_first[2] == "placeholder":
        return year_first
    return _from_numbers((text[:2], text[2:4], text[4:], ""), style)


def _from_month_and_year(text: str) -> Row | None:
    found = _YEAR_MONTH.match(text)
    if found:
        return _built(int(found.group(1)), int(found.group(2)), 1, "month")
    found = _MONTH_YEAR.match(text)
    if found:
        return _built(int(found.group(2)), int(found.group(1)), 1, "month")
    found = _QUARTER.match(text)
    if found:
        quarter = int(found.group(1) or found.group(4) or found.group(5))
        year = int(found.group(2) or found.group(3) or found.group(6))
        return _built(year, 3 * quarter - 2, 1, "quarter")
    return None


def _from_words(text: str) -> Row:
    """A date with the name of its month: '12. Maerz 2020', 'Mar 12, 2020', '2 de enero de 2020'."""
    month: int | None = None
    numbers: list[str] = []
    for word in _WORD.findall(_ORDINAL.sub("", text)):
        if word.isdigit():
            numbers.append(word)
        elif word in MONTHS and month is None:
            month = MONTHS[word]
        elif word not in WEEKDAYS:
            return _NOT_A_DATE
    if (
        month is None
        or not 1 <= len(numbers) <= 2
        or any(len(n) == 3 or len(n) > 4 for n in numbers)
    ):
        return _NOT_A_DATE
    if len(numbers) == 1:
        # 'Mar-20' is a month of a year in every spreadsheet; 'March 5' alone is no date.
        return _built(_year(numbers[0]), month, 1, "month")
    first, second = numbers
    if len(first) == 4 or (int(first) > 31 and int(second) <= 31):
        return _built(_year(first), month, int(second))
    return _built(_year(second), month, int(first))
