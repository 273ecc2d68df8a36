"""Where the sites stood on a day, and how they moved between two: read from their periods."""

from __future__ import annotations

from datetime import date
from typing import Any

from tieline.data.sql_text import literal
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.metrics.segment import ALL
from tieline.metrics.stage_words import STAGES, place_sql

REPLAY_TABLES = ("as_of", "site_stage_periods", "site_stages")
"""The snapshot tables it is read from."""


def stands_at(engine: Engine) -> date | None:
    """The day at which the snapshot stands; None where nothing in it is dated."""
    found: date | None = engine.arrow("SELECT as_of FROM as_of")["as_of"].to_pylist()[0]
    return found


def asked_day(engine: Engine, text: str) -> date:
    """The day that a user writes; TielineError if it is none, or later than the snapshot."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise TielineError(
            "bad_day",
            f"{text!r} is no day.",
            next_step="Write it as year, month, day: 2026-03-31.",
        ) from None
    newest = stands_at(engine)
    if newest is not None and day > newest:
        raise TielineError(
            "day_ahead",
            f"The database stands at {newest}; what holds on {day} nobody has told yet.",
            next_step=f"Ask for {newest} or a day before, or add newer lists and build.",
        )
    return day


def distribution(engine: Engine, day: date | None, segment: str = ALL) -> list[dict[str, Any]]:
    """How many sites stood at each stage on a day (None for the snapshot's), in order of place.

    `place`, `sites`, `share` (of all sites known on that day, 0 to 1; None where there are none).
    The sites are those that the segment takes now.
    """
    rows = engine.arrow(f"SELECT place, count(*) AS sites FROM ({_on(day, segment)}) GROUP BY 1")
    found = {row["place"]: row["sites"] for row in rows.to_pylist()}
    whole = sum(found.values())
    return [
        {
            "place": place,
            "sites": found.get(place, 0),
            "share": found.get(place, 0) / whole if whole else None,
        }
        for place in range(len(STAGES))
    ]


def flows(engine: Engine, first: date, second: date, segment: str = ALL) -> list[dict[str, Any]]:
    """From where to where sites went between two days: `before`, `after` (places), `sites`.

    `before` is None for a site that was not known on the first day.
    """
    rows: list[dict[str, Any]] = engine.dicts(
        f"SELECT a.place AS before, b.place AS after, count(*) AS sites "
        f"FROM ({_on(second, segment)}) b LEFT JOIN ({_on(first, segment)}) a USING (site_id) "
        "GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2"
    )
    return rows


def _on(day: date | None, segment: str) -> str:
    held = "p.left_on IS NULL"
    if day is not None:
        moment = f"DATE '{day.isoformat()}'"
        held = f"p.entered_on <= {moment} AND (p.left_on IS NULL OR p.left_on > {moment})"
    if segment != ALL:
        held += f" AND coalesce(s.segment, '') = {literal(segment)}"
    return (
        f"SELECT p.site_id, {place_sql('p')} AS place FROM site_stage_periods p "
        f"JOIN site_stages s ON s.site_id = p.site_id WHERE {held}"
    )
