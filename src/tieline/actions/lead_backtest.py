"""Back-test: how good a scorecard would have been on past leads, beside what they propose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tieline.actions.lead_past import Past, parts_by, past
from tieline.actions.lead_trial import scored
from tieline.insight import lead_parts as parts
from tieline.insight import scorecard_learning as learning
from tieline.insight.lead_cases import Floats
from tieline.insight.outlook_learning import EARLIER
from tieline.insight.points_compared import Compared, Disagreement, compared, disagreements
from tieline.insight.scorecard_bins import telling
from tieline.insight.threshold_simulation import Simulated, months, simulated
from tieline.workspace import Workspace


@dataclass(frozen=True)
class Backtest:
    """What a back-test found: each way to tell leads, what passes, by period and by segment."""

    past: Past
    measured: tuple[learning.Measured, ...]
    passed: tuple[learning.Passed, ...]
    tenths: tuple[parts.Tenth, ...]
    compared: tuple[Compared, ...]
    periods: tuple[parts.Part, ...]
    segments: tuple[parts.Part, ...]


@dataclass(frozen=True)
class Simulation:
    """What each threshold would mean; `open_leads` are those of today who would pass, by points.

    `months` is how many months the past leads span, None where their days are not known.
    """

    past: Past
    rows: tuple[Simulated, ...]
    months: float | None
    open_leads: dict[float, int] | None


def backtest(workspace: Workspace, name: str, by: str = "") -> Backtest:
    """The scorecard of a file on its past cases, or on the contacts whose deal was closed.

    `by` names a column, or `segment`, to tell the figures apart by. TielineError `too_few_cases`
    below the minimum, `unknown_field`.
    """
    found = past(workspace, name, by)
    cases, score = found.cases, found.scored.score
    of_points = learning.of_points(cases, score)
    told = [learning.measured("this scorecard", of_points)]
    out = found.leave_out
    tells = bool(telling(cases.columns, out))
    if tells:
        told += [learning.measured(what, one) for what, one in learning.tested(cases, out).items()]
    if tells and cases.came:
        late = learning.later(cases, out, EARLIER)
        if 0 < late.won.sum() < len(late.won):
            told.append(learning.measured("proposed points, later cases", late))
    by_segment = parts.measured(parts_by(workspace, found, by), of_points) if by else []
    return Backtest(
        found,
        tuple(told),
        tuple(learning.passed(score, cases.won, found.card.thresholds)),
        tuple(parts.tenths(of_points, score)),
        tuple(compared(cases, found.scored, found.columns_of, out)),
        tuple(parts.measured(parts.periods(cases), of_points)),
        tuple(by_segment),
    )


def most_telling(workspace: Workspace, name: str) -> tuple[Past, list[Disagreement]]:
    """The past leads that the agreed points and the data see most differently."""
    found = past(workspace, name)
    told = disagreements(found.cases, found.scored, found.columns_of, found.leave_out)
    return found, told


def simulate(workspace: Workspace, name: str, hours: float, capacity: float | None) -> Simulation:
    """How many leads pass each threshold, how many of them were good, in how many hours."""
    found = past(workspace, name)
    rows = simulated(found.cases, found.scored.score, found.card.thresholds, hours, capacity)
    opened = None
    if found.deals is not None:
        held = scored(workspace, found.card)
        waiting: Floats = held.score[np.isnan(held.won)] if held is not None else np.zeros(0)
        opened = {one.points: int((waiting >= one.points).sum()) for one in rows}
    return Simulation(found, tuple(rows), months(found.cases), opened)
