"""A scorecard tried on the current snapshot, or on its past cases, without a build."""

from __future__ import annotations

from contextlib import AbstractContextManager

import numpy as np

from tieline.actions.lead_cases import cases_of, score_cases
from tieline.actions.table_trial import tables_tried
from tieline.data.sql_text import literal
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current, reading
from tieline.insight.lead_cases import Scored
from tieline.metrics import score_expressions as sql
from tieline.metrics.scorecard import Scorecard
from tieline.workspace import Workspace

TRIED = ("lead_facts", "lead_done", "lead_activity", "score_parts", "lead_scores")
"""The tables that a trial computes, in their order."""


def trial(card: Scorecard, snapshot: Snapshot) -> AbstractContextManager[DuckEngine]:
    """Give an engine with the tables `TRIED` as a build would make them by this scorecard alone."""
    return tables_tried(snapshot, TRIED, {"scorecards": (card,)})


def scored(workspace: Workspace, card: Scorecard) -> Scored | None:
    """What a scorecard makes of its cases, or of everybody who responded; None without a build."""
    if not card.of_contacts:
        return score_cases(card, cases_of(workspace, card))
    if current(workspace.hidden_dir) is None:
        return None
    with reading(workspace.hidden_dir) as snapshot, trial(card, snapshot) as engine:
        return _inquirers(engine, card)


def _inquirers(engine: DuckEngine, card: Scorecard) -> Scored:
    pivot = ", ".join(
        f"sum(CASE WHEN criterion = {literal(one.name)} THEN points END) AS p{n}"
        for n, one in enumerate(card.criteria)
    )
    told = ", ".join(
        f"coalesce(p.p{n}, 0.0) AS p{n}, "
        + (f"p.p{n} IS NOT NULL" if one.is_activity else sql.is_answered(one))
        + f" AS a{n}"
        for n, one in enumerate(card.criteria)
    )
    found = engine.arrow(
        f"SELECT f.outcome, {told} FROM lead_facts f LEFT JOIN "
        f"(SELECT contact_id, {pivot} FROM score_parts GROUP BY contact_id) p "
        "ON p.contact_id = f.contact_id WHERE f.responses > 0 ORDER BY f.contact_id"
    )
    ends = {"won": 1.0, "lost": 0.0}
    won = np.array([ends.get(one, np.nan) for one in found["outcome"].to_pylist()])
    return Scored(
        card,
        {one.name: found[f"p{n}"].to_numpy() for n, one in enumerate(card.criteria)},
        {
            one.name: np.array(found[f"a{n}"].to_pylist(), dtype=np.bool_)
            for n, one in enumerate(card.criteria)
        },
        won,
    )
