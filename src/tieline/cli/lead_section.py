"""The part of `tieline explain` that says for what somebody is a lead, and by what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tieline.cli.screen import say
from tieline.data.sql_text import literal
from tieline.engine.tables import Engine

LEAD_TABLES = ("lead_scores", "score_parts", "lead_history", "site_scores", "account_scores")
"""The snapshot tables it is told from."""
MOST_PARTS = 6

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
    return list(engine.arrow(f"SELECT * FROM {ordered}").to_pylist())


def _since(moves: Sequence[Row], score: Row) -> Any:
    mine = [one for one in moves if one["product"] == score["product"]]
    return mine[-1]["on_day"] if mine and mine[-1]["stage"] == score["stage"] else None


def tell_lead(scores: Sequence[Row], kind: str) -> None:
    """Say for which products it is a lead, with what the points are made of."""
    if scores:
        say()
        say("For what this is a lead")
    for score in scores:
        (_contact if kind == "contact" else _group)(score, kind)


def _contact(score: Row, _: str) -> None:
    since = f" since {score['since']}" if score["since"] else ""
    say(f"  {score['product']}: {_words(score['stage'])}{since}, with {_points(score)}.")
    told = [f"{one['criterion']} {one['points']:+g}" for one in score["parts"][:MOST_PARTS]]
    more = len(score["parts"]) - len(told)
    if told:
        say(f"    points: {', '.join(told)}{f', and {more} more' if more else ''}.")
    if score["missing_required"]:
        say(f"    missing for the next stage: {score['missing_required']}.")


def _group(score: Row, kind: str) -> None:
    people = f"{score['people']} {'person' if score['people'] == 1 else 'people'}"
    say(
        f"  {score['product']}, its people as one buyer: {_words(score['stage'])}, with "
        f"{_points(score)} of {people}, {score['leads']} of them a lead alone."
    )
    if score["best_score"] > 0:
        say(f"    furthest is {score['best_contact_id']} with {score['best_score']:g}.")


def _points(score: Mapping[str, Any]) -> str:
    held = "" if score["state"] == "in_force" else f", {score['state']}"
    return f"{score['score']:g} points (version {score['version']}{held})"


def _words(stage: str) -> str:
    return "never responded" if stage == "none" else stage.replace("_", " ")
