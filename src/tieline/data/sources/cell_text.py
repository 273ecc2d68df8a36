"""The text of a typed cell, as the person who wrote it would have typed it."""

from __future__ import annotations

import datetime
import decimal
import math
from typing import Any


def cell_text(value: Any) -> str | None:
    """Text of one typed value: dates as ISO 8601, whole numbers without `.0`, NULL where empty."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time() and value.tzinfo is None:
            return value.date().isoformat()
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return _bytes_text(bytes(value))
    return str(value) or None


def _float_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return str(value)
    if value == int(value):
        # An id kept as a float must show all its digits: 1.2E+19 is no id any more.
        return str(int(value)) if abs(value) < 1e25 else repr(value)
    return format(decimal.Decimal(repr(value)), "f")


def _bytes_text(value: bytes) -> str | None:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex() or None
    return text or None if text.isprintable() else value.hex()
