"""Where the relationship with one contact, site or account stands, since when and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tieline.engine.tables import Engine

STAGE_TABLES = ("site_stage_periods", "site_stages", "account_stages", "site_players", "responses")
"""The snapshot tables it is told from."""
MOST_PERIODS = 6


@dataclass(frozen=True)
class StageStory:
    """The stage of the sites that matter, and the periods of the first of them.

    `sites` are rows of `site_stages`, furthest first (of a contact its own site only); `periods`
    rows of `site_stage_periods`, newest first, of the first site, with `source` and `row_number`
    of the response that moved it; `before` is how many more there are. `basis` says by what a
    contact counts as a key player at the site, None if not.
    """

    sites: list[dict[str, Any]]
    periods: list[dict[str, Any]]
    before: int = 0
    basis: str | None = None


def stage_story(engine: Engine, kind: str, entity: dict[str, Any], identifier: str) -> StageStory:
    """Tell it of a contact, site or account; no sites where it has no stage.

    `entity` is its row of `contacts`, `sites` or `accounts`.
    """
    if kind not in ("contact", "site", "account"):
        return StageStory([], [])
    if kind == "account":
        where = f"s.account_id = '{identifier}'"
    else:
        site = identifier if kind == "site" else entity.get("site_id")
        where = f"s.site_id = '{site or ''}'"
    sites = engine.dicts(f"SELECT s.* FROM site_stages s WHERE {where} ORDER BY s.site_id")
    if len(sites) > 1:
        furthest = engine.dicts(
            f"SELECT site_id FROM account_stages WHERE account_id = '{identifier}'"
        )
        leading = {row["site_id"] for row in furthest}
        sites.sort(key=lambda row: row["site_id"] not in leading)
    if not sites:
        return StageStory([], [])
    first = sites[0]["site_id"]
    periods = engine.dicts(
        f"SELECT * FROM site_stage_periods WHERE site_id = '{first}' ORDER BY entered_on DESC"
    )
    _say_where(engine, periods[:MOST_PERIODS])
    basis = None
    if kind == "contact":
        found = engine.dicts(
            f"SELECT basis FROM site_players WHERE site_id = '{first}' "
            f"AND contact_id = '{identifier}'"
        )
        basis = found[0]["basis"] if found else None
    return StageStory(sites, periods[:MOST_PERIODS], max(len(periods) - MOST_PERIODS, 0), basis)


def _say_where(engine: Engine, periods: list[dict[str, Any]]) -> None:
    """Add to each period where the response stands that moved it."""
    listed = ", ".join(f"'{row['response_id']}'" for row in periods if row["response_id"])
    rows = (
        engine.dicts(
            f"SELECT response_id, source, row_number FROM responses WHERE response_id IN ({listed})"
        )
        if listed
        else ()
    )
    known = {row["response_id"]: row for row in rows}
    for row in periods:
        said = known.get(row["response_id"], {})
        row["source"], row["row_number"] = said.get("source"), said.get("row_number")
