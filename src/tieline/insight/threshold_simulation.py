"""What each threshold would mean: how many leads, how many of them good, how many hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tieline.insight.lead_cases import Cases, Floats
from tieline.insight.lead_parts import days_of
from tieline.insight.lead_resamples import Figure
from tieline.metrics.wilson import wilson

STEPS = 10
"""Thresholds are tried at the tenths of the scores, beside those of the scorecard."""
MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Simulated:
    """One threshold on past leads: `leads` pass, `good` of them were won; the `hours` they cost.

    `a_month` is how many pass in a month, None where no days are known; `hours` are a month's then,
    else those of all the past leads. `is_best` marks the threshold that finds most good leads
    within the capacity.
    """

    points: float
    named: str
    leads: int
    good: int
    precision: Figure
    found: float
    a_month: float | None
    hours: float
    is_best: bool = False


def months(cases: Cases) -> float | None:
    """How many months the cases span; None where their days are not known or are one month's."""
    days = [day for day in days_of(cases.came) if day is not None]
    if not days or len(days) < len(cases.won):
        return None
    spanned = ((max(days) - min(days)).days + 1) / MONTH_DAYS
    return spanned if spanned >= 1 else None


def simulated(
    cases: Cases,
    score: Floats,
    thresholds: Sequence[tuple[str, float]],
    hours: float,
    capacity: float | None,
) -> list[Simulated]:
    """Thresholds from the lowest up, on past leads. `hours` is what one lead takes of a seller.

    The best is the lowest whose hours are within the `capacity` (hours a month, or for all past
    leads where no days are known): every lead more brings some that are good.
    """
    spanned = months(cases)
    named = {points: stage for stage, points in thresholds}
    tried = {float(np.round(np.quantile(score, n / STEPS), 2)) for n in range(STEPS)}
    told = []
    for points in sorted(tried | set(named)):
        at = score >= points
        leads, good = int(at.sum()), int(cases.won[at].sum())
        share = good / leads if leads else 0.0
        a_month = leads / spanned if spanned else None
        told.append(
            Simulated(
                points,
                named.get(points, ""),
                leads,
                good,
                (share, *wilson(good, leads)),
                good / max(float(cases.won.sum()), 1.0),
                a_month,
                hours * (leads if a_month is None else a_month),
            )
        )
    return _with_best(told, capacity)


def _with_best(told: list[Simulated], capacity: float | None) -> list[Simulated]:
    fits = [one for one in told if capacity is not None and one.leads and one.hours <= capacity]
    best = min(fits, key=lambda one: one.points, default=None)
    return [replace(one, is_best=one is best) for one in told]
