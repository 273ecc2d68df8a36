"""Back-test: how good a scorecard would have been on past leads, beside what they propose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tieline.actions.lead_cases import cases_of, score_cases
from tieline.actions.lead_trial import scored
from tieline.errors import Place, TielineError
from tieline.insight import scorecard_learning as learning
from tieline.insight.lead_cases import Cases, Scored
from tieline.insight.lead_leaks import Leak, leaks
from tieline.insight.outlook_learning import EARLIER
from tieline.metrics.scorecard import Scorecard
from tieline.workspace import Workspace
from tieline.workspace.scorecards import read_scorecard, text_of


@dataclass(frozen=True)
class Backtest:
    """What a back-test found: each way to tell leads, what passes, and what was left out."""

    card: Scorecard
    cases: int
    won: int
    measured: tuple[learning.Measured, ...]
    passed: tuple[learning.Passed, ...]
    left_out: tuple[Leak, ...]


def backtest(workspace: Workspace, name: str) -> Backtest:
    """The scorecard of a file on its past cases, or on the contacts whose deal was closed.

    Of contacts, the score is today's: what was learned of them since counts, too, so that the
    figures are better than a new lead's would be. TielineError `too_few_cases` below the minimum.
    """
    card = read_scorecard(name, text_of(workspace, name))
    cases, found = _told(workspace, card)
    few = learning.too_few(cases)
    if few:
        raise TielineError(
            "too_few_cases",
            f"{few}.",
            place=Place(f"scorecards/{name}.toml"),
            next_step="Go by what both departments agree on, and come back with more outcomes.",
        )
    told = [learning.measured("this scorecard", learning.of_points(cases, found.score))]
    leaking = leaks(cases) if cases.columns else []
    if cases.columns:
        out = [leak.column for leak in leaking]
        told += [learning.measured(what, one) for what, one in learning.tested(cases, out).items()]
        if card.order:
            late = learning.later(cases, out, EARLIER)
            told.append(learning.measured("proposed points, later cases", late))
    return Backtest(
        card,
        len(cases.won),
        int(cases.won.sum()),
        tuple(told),
        tuple(learning.passed(found.score, cases.won, card.thresholds)),
        tuple(leaking),
    )


def _told(workspace: Workspace, card: Scorecard) -> tuple[Cases, Scored]:
    if not card.of_contacts:
        cases = cases_of(workspace, card)
        return cases, score_cases(card, cases)
    found = scored(workspace, card)
    if found is None:
        raise TielineError("not_built", "Nothing was built yet.", next_step="Run: tieline build")
    known = ~np.isnan(found.won)
    kept = Scored(
        card,
        {name: points[known] for name, points in found.points.items()},
        {name: told[known] for name, told in found.answered.items()},
        found.won[known],
    )
    return Cases({}, kept.won, [str(n) for n in range(len(kept.won))]), kept
