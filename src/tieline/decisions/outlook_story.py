"""What a relationship means and what to do next, as data: what a page or a terminal shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tieline.data.sql_text import literal
from tieline.engine.tables import Engine

OUTLOOK_TABLES = (
    *("outlooks", "outlook_chances", "single_threads", "next_actions", "action_alternatives"),
    *("contact_media", "contact_mix", "mix_gaps"),
)
"""The snapshot tables it is told from."""

Row = dict[str, Any]


@dataclass(frozen=True)
class OutlookStory:
    """The outlook of an account, and next actions: of its sites, of a site, or of a contact.

    `mix` are rows of `contact_mix` of an account or site, the largest first, `gap` says what is
    missing in it. `ways` are those of a contact by each medium; none of them need be the site's.
    """

    outlook: Row | None
    chance: Row | None
    threads: list[Row]
    actions: list[Row]
    ways: list[Row]
    mix: list[Row]
    gap: str


def outlook_story(engine: Engine, kind: str, entity_id: str, site: str | None) -> OutlookStory:
    """What it means and what to do, of an account, a site or a contact at a site."""
    of_mix = f"level = {literal(kind)} AND member = {literal(entity_id)}"
    mix = _rows(engine, f"contact_mix WHERE {of_mix} ORDER BY share DESC, category")
    gaps = _rows(engine, f"mix_gaps WHERE {of_mix}")
    gap = (gaps[0]["says"] or "") if gaps else ""
    if kind == "account":
        mine = f"account_id = {literal(entity_id)}"
        return OutlookStory(
            next(iter(_rows(engine, f"outlooks WHERE {mine}")), None),
            next(iter(_rows(engine, f"outlook_chances WHERE {mine}")), None),
            _rows(engine, f"single_threads WHERE {mine} ORDER BY product"),
            _rows(engine, f"next_actions WHERE {mine} ORDER BY value DESC, site_id"),
            [],
            mix,
            gap,
        )
    at = literal((entity_id if kind == "site" else site) or "")
    actions = _rows(engine, f"next_actions WHERE site_id = {at}")
    if kind == "contact":
        who = literal(entity_id)
        return OutlookStory(None, None, [], actions, _ways(engine, who), [], "")
    return OutlookStory(None, None, [], actions, [], mix, gap)


def _ways(engine: Engine, who: str) -> list[Row]:
    """Each medium of a contact with what it is worth there, the best first."""
    worth = _rows(engine, f"action_alternatives WHERE contact_id = {who}")
    nothing = {"value": None, "verdict": None, "because": None}
    ways = []
    for row in _rows(engine, f"contact_media WHERE contact_id = {who}"):
        for told in [one for one in worth if one["medium"] == row["medium"]] or [nothing]:
            because = row["refused"] if told["because"] is None else told["because"]
            shown = {name: told[name] for name in ("value", "verdict")}
            ways.append({"medium": row["medium"], **shown, "because": because})
    return sorted(
        ways,
        key=lambda w: (w["verdict"] is None, w["value"] is None, -(w["value"] or 0.0), w["medium"]),
    )


def _rows(engine: Engine, what: str) -> list[Row]:
    rows: list[Row] = engine.dicts(f"SELECT * FROM {what}")
    return rows
