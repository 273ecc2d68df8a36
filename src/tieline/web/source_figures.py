"""What a list brings: its rows, who only it knows, who stands in it twice, how old it is."""

from __future__ import annotations

from typing import Any

from tieline.data.sources.landed import read_landed
from tieline.data.sql_text import literal
from tieline.web.reader import Reading, Row, reading, snapshot_name
from tieline.workspace import Source


def told_of_source(one: Source) -> dict[str, Any]:
    """What the page of a list tells beside its columns."""
    said: dict[str, Any] = {
        "source": one,
        "landed": read_landed(one.landed_path.with_suffix(".json")),
        "funnel": [],
    }
    if not snapshot_name():
        return said
    where = f"WHERE source = {literal(one.name)}"
    with reading() as found:
        said["funnel"] = found.rows(f"SELECT * FROM funnel {where} ORDER BY step_number")
        said["set_aside"] = set_aside(found, one.name)
        said["mix"] = found.rows(
            "SELECT * FROM contact_mix WHERE level = 'source' AND member = "
            f"{literal(one.name)} ORDER BY share DESC, category LIMIT 8"
        )
        said["brings"] = found.once(f"brings {one.name}", lambda now: _brings(now, one.name))
    return said


def set_aside(found: Reading, name: str) -> list[Row]:
    """How many rows of a list were set aside, by reason, the most first."""
    return found.rows(
        f"SELECT status, records FROM set_aside WHERE source = {literal(name)} "
        "ORDER BY records DESC, status"
    )


def _brings(found: Reading, name: str) -> dict[str, Any]:
    """Its contacts and accounts, those that no other list has, repetitions, and its age."""
    said: dict[str, Any] = {}
    for kind in ("contact", "account"):
        row = found.one(
            f"SELECT count(*) AS held, count(*) FILTER (WHERE lists = 1) AS only_here FROM ("
            f"SELECT {kind}_id, count(DISTINCT source) AS lists FROM record_entities "
            f"WHERE {kind}_id IN (SELECT {kind}_id FROM record_entities "
            f"WHERE source = {literal(name)}) GROUP BY 1)"
        )
        held, only = (row["held"], row["only_here"]) if row else (0, 0)
        said[kind] = {"held": held, "only_here": only, "share": only / held if held else None}
    said["twice"] = found.value(
        "SELECT count(*) - count(DISTINCT contact_id) AS n FROM record_entities "
        f"WHERE source = {literal(name)} AND contact_id IS NOT NULL"
    )
    said["age"] = found.one(
        "SELECT min(record_at) AS oldest, max(record_at) AS newest, "
        "quantile_disc(record_at, 0.5) AS middle, count(record_at) AS dated, count(*) AS records "
        f"FROM standard_records WHERE source = {literal(name)}"
    )
    return said
