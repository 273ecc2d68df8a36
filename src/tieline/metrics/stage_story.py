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
    sites = engine.arrow(
        "SELECT s.* FROM site_stages s LEFT JOIN account_stages a ON a.site_id = s.site_id "
        f"WHERE {where} ORDER BY a.site_id IS NULL, s.site_id"
    ).to_pylist()
    if not sites:
        return StageStory([], [])
    first = sites[0]["site_id"]
    periods = engine.arrow(
        "SELECT p.*, r.source, r.row_number FROM site_stage_periods p "
        "LEFT JOIN responses r ON r.response_id = p.response_id "
        f"WHERE p.site_id = '{first}' ORDER BY p.entered_on DESC"
    ).to_pylist()
    basis = None
    if kind == "contact":
        found = engine.arrow(
            f"SELECT basis FROM site_players WHERE site_id = '{first}' "
            f"AND contact_id = '{identifier}'"
        )["basis"].to_pylist()
        basis = found[0] if found else None
    return StageStory(sites, periods[:MOST_PERIODS], max(len(periods) - MOST_PERIODS, 0), basis)
