"""What the page of a person says of them as a lead: since when, what to ask, past receipts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tieline.actions.lead_receipt import receipt
from tieline.data.sql_text import literal
from tieline.errors import TielineError
from tieline.metrics.lead_story import lead_story
from tieline.metrics.scorecard import THRESHOLDS
from tieline.web.faults import next_step
from tieline.web.reader import Reading, Row
from tieline.web.served import workspace

MOST_MOVES = 30


def leads_of(found: Reading, contact: str) -> dict[str, Any]:
    """By product: the day since which they are a lead, the next questions, the moves of the score.

    `lead_since` is the day that brought the stage they stand at, of those who are leads.
    """
    if not found.has("lead_history", "lead_questions", "lead_queue"):
        return {}
    mine = f"contact_id = {literal(contact)}"
    moves: dict[str, list[Row]] = {}
    for row in found.rows(f"SELECT * FROM lead_history WHERE {mine} ORDER BY on_day"):
        moves.setdefault(row["product"], []).append(row)
    questions: dict[str, list[Row]] = {}
    for row in found.rows(f"SELECT * FROM lead_questions WHERE {mine} ORDER BY rank"):
        questions.setdefault(row["product"], []).append(row)
    return {
        "lead_since": {
            row["product"]: row["since"]
            for row in lead_story(found.engine, "contact", contact)
            if row["stage"] in THRESHOLDS
        },
        "lead_moves": {
            product: list(reversed(rows[-MOST_MOVES:])) for product, rows in moves.items()
        },
        "lead_questions": questions,
        "lead_queued": {
            row["product"]: row
            for row in found.rows(f"SELECT * FROM lead_queue WHERE {mine} ORDER BY product")
        },
    }


def receipts_on(scores: list[Row], contact: str, day: str) -> dict[str, Any]:
    """The receipt of each score as of a day; what is wrong with the day in words."""
    if not day.strip() or not scores:
        return {}
    try:
        told = {
            row["product"]: receipt(workspace(), row["scorecard"], contact, day[:40])
            for row in scores
            if row["scorecard"]
        }
    except TielineError as problem:
        return {"on": day[:40], "on_problem": problem, "on_remedy": next_step(problem)}
    return {
        "on": day[:40],
        "past_receipts": {
            row["product"]: {
                "score": told[row["product"]].score,
                "parts": _beside(row["parts"], told[row["product"]].parts),
            }
            for row in scores
            if row["product"] in told
        },
    }


def _beside(now: Sequence[Row], then: Sequence[Row]) -> list[Row]:
    """The parts of both days by criterion: `now` and `then`, None where it gave no points."""
    todays = {one["criterion"]: one for one in now}
    before = {one["criterion"]: one for one in then}
    return [
        {
            "criterion": name,
            "group": (todays.get(name) or before[name])["criteria_group"],
            "now": todays.get(name),
            "then": before.get(name),
        }
        for name in dict.fromkeys((*todays, *before))
    ]
