"""For what somebody is a lead, and by what: read from the tables of scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tieline.data.sql_text import literal
from tieline.engine.tables import Engine

LEAD_TABLES = ("lead_scores", "score_parts", "lead_history", "site_scores", "account_scores")
"""The snapshot tables it is told from."""

Row = dict[str, Any]


def lead_story(engine: Engine, kind: str, entity_id: str) -> list[Row]:
    """The scores of a contact, with `parts` and `since`; or of the people of a site or account.

    One row for each product that has a scorecard; `since` is the day that brought the stage the
    contact stands at, None where none did. A record that is of nobody has none.
    """
    if kind not in ("contact", "site", "account"):
        return []
    if kind != "contact":
        return _rows(engine, f"{kind}_scores WHERE {kind}_id = {literal(entity_id)}")
    mine = f"contact_id = {literal(entity_id)}"
    parts = _rows(engine, f"score_parts WHERE {mine} ORDER BY abs(points) DESC, criterion")
    moves = _rows(engine, f"lead_history WHERE {mine} AND stage <> stage_before ORDER BY on_day")
    return [
        {
            **score,
            "parts": [one for one in parts if one["product"] == score["product"]],
            "since": _since(moves, score),
        }
        for score in _rows(engine, f"lead_scores WHERE {mine}")
    ]


def _rows(engine: Engine, what: str) -> list[Row]:
    ordered = what if "ORDER BY" in what else f"{what} ORDER BY product"
    return list(engine.dicts(f"SELECT * FROM {ordered}"))


def _since(moves: Sequence[Row], score: Row) -> Any:
    mine = [one for one in moves if one["product"] == score["product"]]
    return mine[-1]["on_day"] if mine and mine[-1]["stage"] == score["stage"] else None
