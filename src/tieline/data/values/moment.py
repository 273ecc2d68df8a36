"""Moments as logs write them: a date with the time of day and the zone.

`moment` is in UTC where the text names a zone or an offset, else as it was written; without a time
of day it is midnight. How dates are read, and what can be wrong with them, is `date.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pyarrow as pa

from tieline.data.values import date
from tieline.data.values.folding import fold, tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
INPUTS = ("value", "style")
OUTPUT = pa.schema([("moment", pa.timestamp("us")), ("moment_issue", pa.string())])
ISSUES = date.ISSUES

Row = tuple[dt.datetime | None, str | None]
_CLOCK = re.compile(
    r"(?:^|[t ,]|(?<=\d{4}) at )\s*(\d{1,2})(?::|h|\.(?=\d\d[:.]))(\d{2})"
    r"(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*([ap])?\.?(?:(?<=[ap.])m\.?)?"
    r"\s*(?:z|utc|gmt|uhr|h)?\s*(?:([+-])(\d{2}):?(\d{2})?)?(?=$|[\s\[(])"
)
_SERIAL = re.compile(r"^[2-7]\d{4}(\.\d+)$")
_SECONDS = re.compile(r"^(\d{9,10})(?:\.\d+)?$")
_MILLISECONDS = re.compile(r"^(\d{12,13})$")
_MICROSECONDS = re.compile(r"^(\d{15,16})$")
_EPOCH = dt.datetime(1970, 1, 1)
_DAY_SECONDS = 86_400


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    raw = text_column(distinct, "value")
    days = date.standardise(distinct).to_pydict()
    rows = zip(raw, days["date"], days["precision"], days["date_issue"], strict=True)
    return output_table((_one(*row) for row in rows), OUTPUT)


def _one(raw: str | None, day: dt.date | None, precision: Any, issue: str | None) -> Row:
    text = fold(tidy(raw)) if raw else ""
    microseconds = _MICROSECONDS.match(text)
    if microseconds:
        return _EPOCH + dt.timedelta(microseconds=int(microseconds[1])), None
    if day is None:
        return None, issue
    seconds, milliseconds = _SECONDS.match(text), _MILLISECONDS.match(text)
    if seconds:
        return _EPOCH + dt.timedelta(seconds=int(seconds[1])), None
    if milliseconds:
        return _EPOCH + dt.timedelta(milliseconds=int(milliseconds[1])), None
    midnight = dt.datetime.combine(day, dt.time())
    serial = _SERIAL.match(text)
    if serial:
        return midnight + dt.timedelta(seconds=round(float(serial[1]) * _DAY_SECONDS)), None
    clock = _CLOCK.search(text) if precision == "day" else None
    return (midnight + _since_midnight(clock), None) if clock else (midnight, None)


def _since_midnight(clock: re.Match[str]) -> dt.timedelta:
    """The time of day less the offset of its zone; none where there is no such time."""
    hours, minutes, seconds, fraction, half, sign, zone_hours, zone_minutes = clock.groups()
    hour, minute, second = int(hours), int(minutes), int(seconds or 0)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60:
        return dt.timedelta()
    offset = dt.timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    told = dt.timedelta(
        hours=hour,
        minutes=minute,
        seconds=second,
        microseconds=int((fraction or "0").ljust(6, "0")[:6]),
    )
    return told + offset if sign == "-" else told - offset
