"""What is wrong with a scorecard before anybody signs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tieline.insight.lead_cases import Scored
from tieline.metrics.score_expressions import fields_of
from tieline.metrics.scorecard import Criterion, Scorecard

ERROR, WARNING, NOTE = "error", "warning", "note"
LEAST_FILLED = 0.05
"""Of a required field at least this share must be filled in, or nearly nobody comes through."""
NOBODY, EVERYBODY = 0.001, 0.95
"""A threshold that fewer, or more, pass tells nothing apart."""
TWICE = 0.9
"""Two criteria whose points go together so closely (correlation) count one thing twice."""
LEAST_PEOPLE = 30
"""With fewer people or cases nothing is said about shares."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, how bad it is, where, in words, and what to do."""

    level: str
    code: str
    criterion: str
    says: str
    next_step: str


def findings(card: Scorecard, scored: Scored | None) -> list[Finding]:
    """All findings, the worst first; without `scored` those that need no data."""
    found = [*_nobody_collects(card), *_asked_twice(card), *_out_of_reach(card)]
    if scored is not None and len(scored.won) >= LEAST_PEOPLE:
        found += [*_unfilled(scored), *_useless(scored), *_alike(scored), *_thresholds(scored)]
    order = (ERROR, WARNING, NOTE)
    return sorted(found, key=lambda one: order.index(one.level))


def _nobody_collects(card: Scorecard) -> Iterator[Finding]:
    for one in card.criteria:
        best = max((share for _, share in one.collected_by), default=0.0)
        if best <= 0:
            yield Finding(
                ERROR,
                "nobody_collects",
                one.name,
                "nobody can find it out",
                "Say who can: collected_by = { marketing = 0.8 }, or take it out.",
            )
        elif best < 0.5 and one.required_for:
            yield Finding(
                WARNING,
                "unreliable",
                one.name,
                f"it is required, and whoever finds it out is right {best:.0%} of the time at most",
                "Take required_for out, or have somebody else ask.",
            )


def _asked_twice(card: Scorecard) -> Iterator[Finding]:
    for one, other in combinations(card.criteria, 2):
        shared = set(fields_of(one)) & set(fields_of(other))
        if one.is_activity and other.is_activity:
            words = set(one.kinds) & set(other.kinds)
            same = words if words and (one.topics == other.topics) else set()
            shared = same or (set(one.topics) & set(other.topics) if not one.kinds else set())
        if shared:
            yield Finding(
                WARNING,
                "asked_twice",
                one.name,
                f"{other.name} asks the same: {', '.join(sorted(shared))}",
                "Join them, or see that both may count.",
            )


def _out_of_reach(card: Scorecard) -> Iterator[Finding]:
    least, most = (sum(one.range()[n] for one in card.criteria) for n in (0, 1))
    for stage, points in card.thresholds:
        if points > most or points <= least:
            says = f"has {most:g} points at most" if points > most else f"has {least:g} at least"
            yield Finding(
                ERROR,
                "out_of_reach",
                stage,
                f"it needs {points:g} points, and anybody {says}",
                "Change the threshold or the points.",
            )


def _unfilled(scored: Scored) -> Iterator[Finding]:
    for one in scored.scorecard.criteria:
        filled = float(scored.answered[one.name].mean())
        if one.required_for and filled < LEAST_FILLED:
            yield Finding(
                ERROR,
                "required_unfilled",
                one.name,
                f"it is required for {one.required_for} and known of {filled:.1%}",
                "Collect it first, or take required_for out.",
            )


def _useless(scored: Scored) -> Iterator[Finding]:
    for one in scored.scorecard.criteria:
        points = scored.points[one.name]
        if float(np.ptp(points)) == 0:
            yield Finding(
                WARNING,
                "tells_nothing",
                one.name,
                f"everybody gets {float(points[0]):g} points by it",
                "Look at how its values are written: tieline lead fields",
            )


def _alike(scored: Scored) -> Iterator[Finding]:
    telling = [one for one in scored.scorecard.criteria if np.ptp(scored.points[one.name]) > 0]
    for one, other in combinations(telling, 2):
        together = float(np.corrcoef(scored.points[one.name], scored.points[other.name])[0, 1])
        if abs(together) >= TWICE:
            yield Finding(
                WARNING,
                "double_counting",
                one.name,
                f"its points go with those of {other.name} (correlation {together:.2f})",
                "Count one of them, or halve both.",
            )


def _thresholds(scored: Scored) -> Iterator[Finding]:
    score = scored.score
    for stage, points in scored.scorecard.thresholds:
        share = float((score >= points).mean())
        if NOBODY <= share <= EVERYBODY:
            continue
        who = (
            f"{share:.0%} of {len(score):,} pass it" if share else f"nobody of {len(score):,} does"
        )
        yield Finding(
            ERROR,
            "nobody_passes" if share < NOBODY else "everybody_passes",
            stage,
            f"{points:g} points: {who}",
            f"Half of them have {np.median(score):g} points or more, the best tenth "
            f"{np.quantile(score, 0.9):g}.",
        )


def of_leak(criterion: Criterion, says: str) -> Finding:
    """The finding of a criterion whose field seems to know the outcome."""
    if criterion.known_before_outcome:
        return Finding(
            NOTE, "leak", criterion.name, says, "The scorecard says that it is known before."
        )
    return Finding(
        ERROR,
        "leak",
        criterion.name,
        says,
        "Take it out; or, if it is filled in before: known_before_outcome = true",
    )
