"""Answers as JSON, named by the snapshot they were read from."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from tieline.web.reader import Reading, reading, snapshot_name


def answer(value: Any, snapshot: str = "", *, status: int = 200) -> HttpResponse:
    """A value as JSON; with the name of its snapshot a client may ask whether it still holds."""
    made = HttpResponse(text_of(value), status=status, content_type="application/json")
    return named(made, snapshot)


def named(made: Any, snapshot: str) -> Any:
    """An answer with its ETag. It may be kept by who asked, and by nobody in between."""
    if snapshot:
        made.headers["ETag"] = f'"{snapshot}"'
        made.headers["Cache-Control"] = "private, no-cache"
        made.headers["Vary"] = "Authorization"
    return made


def of_snapshot(request: Any, make: Callable[[Reading], Any]) -> Any:
    """What is made of the current snapshot; 304 where the caller has read that one already."""
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    now = snapshot_name()
    if now and any(part.strip().removeprefix("W/") == f'"{now}"' for part in known.split(",")):
        return named(HttpResponse(status=304), now)
    with reading() as found:
        return answer(make(found), found.snapshot.id)


def text_of(value: Any) -> str:
    """A value as JSON text; what is no number (NaN, infinity) is null."""
    try:
        return json.dumps(value, default=_plain, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), default=_plain, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
