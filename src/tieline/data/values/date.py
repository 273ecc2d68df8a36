"""Dates as people write them, and the style a column uses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import pyarrow as pa

from tieline.data.values.folding import tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = ("value", "style")
OUTPUT = pa.schema([("date", pa.date32()), ("precision", pa.string()), ("date_issue", pa.string())])
ISSUES: dict[str, str] = {"not_a_date": "The text cannot be read as a date."}
_THREE = re.compile(r"^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})")


def infer_style(values: Iterable[str | None]) -> str | None:
    """The order one column writes day, month and year in; None when its values do not tell."""
    for value in values:
        found = _THREE.match(value or "")
        if found:
            first, second = int(found.group(1)), int(found.group(2))
            if first > 31:
                return "ymd"
            if first > 12:
                return "dmy"
            if second > 12:
                return "mdy"
    return None


def _one(raw: str | None, style: str | None) -> tuple[dt.date | None, str | None, str | None]:
    text = tidy(raw)
    if not text:
        return None, None, None
    found = _THREE.match(text)
    if not found:
        return None, None, "not_a_date"
    parts = [int(part) for part in found.groups()]
    order = "ymd" if parts[0] > 31 else style or "mdy"
    try:
        value = dt.date(*(parts[order.index(part)] for part in "ymd"))
    except ValueError:
        return None, None, "not_a_date"
    return value, "day", None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    pairs = zip(text_column(distinct, "value"), text_column(distinct, "style"), strict=True)
    return output_table((_one(raw, style) for raw, style in pairs), OUTPUT)
