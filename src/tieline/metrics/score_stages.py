"""Which stage points lead to, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from tieline.metrics import score_expressions as sql
from tieline.metrics.scorecard import INQUIRY, NONE, THRESHOLDS, Scorecard


def rank(stage: str) -> int:
    """The number of a stage: 1 for the first threshold."""
    return THRESHOLDS.index(stage) + 1


def reached_sql(card: Scorecard, score: str, responded: str, has: Mapping[str, str]) -> str:
    """The number of the furthest stage: 1 for the first threshold, 0 inquiry, -1 for none.

    `score` and `responded` are expressions; `has` are those that say whether there is an answer to
    a required criterion, by its name. What is not among them is not asked for.
    """
    arms = [f"WHEN NOT ({responded}) THEN -1"]
    for stage, points in reversed(card.thresholds):
        holds = [f"{score} >= {sql.number(points)}"]
        holds += [
            has[one.name]
            for one in card.criteria
            if one.name in has and rank(one.required_for) <= rank(stage)
        ]
        arms.append(f"WHEN {' AND '.join(holds)} THEN {rank(stage)}")
    return f"CASE {' '.join(arms)} ELSE 0 END"


def stage_sql(number: str) -> str:
    """The stage of a number as `reached_sql` gives it."""
    named = " ".join(f"WHEN {rank(stage)} THEN '{stage}'" for stage in THRESHOLDS)
    return f"CASE {number} WHEN -1 THEN '{NONE}' WHEN 0 THEN '{INQUIRY}' {named} END"
