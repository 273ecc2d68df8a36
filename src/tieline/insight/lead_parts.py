"""How good a scorecard is in each period and segment, and whether its chances come true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tieline.insight.lead_cases import Cases, Column, Floats
from tieline.insight.lead_resamples import Figure
from tieline.insight.outlook_learning import LEAST_CASES, LEAST_OF_EACH, Learned, interval
from tieline.insight.scorecard_learning import lift
from tieline.metrics.wilson import wilson

Ints = npt.NDArray[np.int64]

FIFTHS, YEARS = 5, 3
"""Without days, or within fewer years than this, periods are fifths of the cases."""
MOST_PARTS = 12
"""So many values of a segment are told apart; the rest are one."""
TENTHS = 10


@dataclass(frozen=True)
class Part:
    """One period or segment: how many, how many won, and how well they were told apart.

    `auc` and `lift` are None where there are too few of either outcome.
    """

    name: str
    cases: int
    won: int
    share: Figure
    auc: Figure | None
    lift: Figure | None


@dataclass(frozen=True)
class Tenth:
    """A tenth of the cases by their points: what was predicted, and how many were won."""

    lowest: float
    highest: float
    predicted: float
    cases: int
    share: Figure


def periods(cases: Cases) -> list[tuple[str, Ints]]:
    """The cases by year, or else in fifths of equally many, in their order; none without order."""
    if not cases.came:
        return []
    days = days_of(cases.came)
    years = sorted({day.year for day in days if day})
    if len(years) >= YEARS:
        told = [str(day.year) if day else "no day" for day in days]
        return [(name, _at(told, name)) for name in sorted(set(told))]
    parts = np.array_split(np.arange(len(cases.won)), FIFTHS)
    return [(f"{cases.came[p[0]]} to {cases.came[p[-1]]}", p) for p in parts if len(p)]


def segments(column: Column) -> list[tuple[str, Ints]]:
    """The cases by the values of a column, the most frequent first; numbers in quarters."""
    texts = list(column.texts)
    if column.numbers is not None and len(set(texts)) > MOST_PARTS:
        texts = _quarters(column.numbers)
    told = ["unknown" if text is None else text for text in texts]
    counted = [name for name, _ in sorted(Counter(told).items(), key=lambda p: (-p[1], p[0]))]
    kept = counted if len(counted) <= MOST_PARTS else counted[: MOST_PARTS - 1]
    told = [name if name in kept else "all others" for name in told]
    return [(name, _at(told, name)) for name in dict.fromkeys([*kept, *told])]


def measured(parts: Sequence[tuple[str, Ints]], found: Learned) -> list[Part]:
    """Each part by itself; below the minimum of outcomes only its size is told."""
    return [_part(name, rows, found) for name, rows in parts]


def tenths(found: Learned, score: Floats) -> Iterator[Tenth]:
    """What was predicted against what was won, by tenths of the cases from the fewest points up.

    Not by their chances, which are of several models: one that learned from fewer won cases gives
    all of its own test less, and has more of them won.
    """
    order = np.argsort(score, kind="stable")
    for rows in np.array_split(order, TENTHS):
        if len(rows):
            won, ends = float(found.won[rows].sum()), score[rows]
            share = (won / len(rows), *wilson(won, len(rows)))
            predicted = float(found.chances[rows].mean())
            yield Tenth(float(ends[0]), float(ends[-1]), predicted, len(rows), share)


def days_of(came: Sequence[str]) -> list[date | None]:
    """The days of texts that begin with one (ISO 8601); None for others."""
    return [_day(text) for text in came]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _at(told: Sequence[str], name: str) -> Ints:
    return np.flatnonzero([one == name for one in told]).astype(np.int64)


def _quarters(numbers: Floats) -> list[str | None]:
    edges = np.unique(np.nanquantile(numbers, [0, 0.25, 0.5, 0.75, 1]))
    at = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, max(len(edges) - 2, 0))
    return [
        None if np.isnan(one) else f"{edges[n]:g} to {edges[min(n + 1, len(edges) - 1)]:g}"
        for one, n in zip(numbers, at, strict=True)
    ]


def _part(name: str, rows: Ints, found: Learned) -> Part:
    won = found.won[rows]
    good = int(won.sum())
    share = (good / len(rows), *wilson(good, len(rows)))
    if len(rows) < LEAST_CASES or min(good, len(rows) - good) < LEAST_OF_EACH:
        return Part(name, len(rows), good, share, None, None)
    same = [found.accounts[n] for n in rows]
    inside = Learned(found.chances[rows], won, same, found.folds[rows])
    once = np.ones(len(rows))

    def lift_of(weights: Floats) -> float:
        return lift(inside.chances, won, weights)

    return Part(
        name,
        len(rows),
        good,
        share,
        (inside.auc(once), *interval(same, inside.auc)),
        (lift_of(once), *interval(same, lift_of)),
    )
