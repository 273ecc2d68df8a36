"""The part of `tieline explain` that says for what somebody is a lead, and by what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tieline.cli.screen import say
from tieline.metrics.lead_story import Row

MOST_PARTS = 6


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
