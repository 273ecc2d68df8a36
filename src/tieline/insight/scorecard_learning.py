"""Points proposed by past leads, and how good they are on leads they never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tieline.insight.lead_cases import Cases, Column, Floats
from tieline.insight.outlook_learning import (
    FOLDS,
    LEAST_CASES,
    LEAST_OF_EACH,
    SEED,
    Learned,
    brier,
    fitted,
    interval,
    logistic,
    with_one,
)
from tieline.insight.scorecard_bins import Bins, binned, telling
from tieline.metrics.wilson import wilson

Ints = npt.NDArray[np.int64]

DOUBLE = 10.0
"""So many points more are twice the odds, in the proposal."""
PER_WEIGHT = DOUBLE / float(np.log(2))
TOP = 0.2
"""Lift is told of this share of the leads, those with the most points."""
CALIBRATED_IN = 10


@dataclass(frozen=True)
class Proposal:
    """Points by weight of evidence and ridge logistic regression, as whole numbers.

    `points` are by bins: the weight of the column times its evidence times `PER_WEIGHT`. `base` is
    the log-odds of no points.
    """

    bins: tuple[Bins, ...]
    weights: tuple[float, ...]
    base: float

    def points(self, number: int, evidence: float) -> float:
        """The points of one answer to the question of that number."""
        return float(np.round(PER_WEIGHT * self.weights[number] * evidence))

    def parts(self, columns: Sequence[Column]) -> dict[str, Floats]:
        """The points of each case, by column."""
        by_name = {column.name: column for column in columns}
        return {
            one.name: np.round(PER_WEIGHT * weight * one.weights(by_name[one.name]))
            for one, weight in zip(self.bins, self.weights, strict=True)
        }

    def scores(self, columns: Sequence[Column]) -> Floats:
        """The score of each case."""
        told = list(self.parts(columns).values())
        return np.sum(told, axis=0) if told else np.zeros(len(columns[0].texts))

    def chances(self, columns: Sequence[Column]) -> Floats:
        """The chance of each case."""
        return logistic(self.scores(columns) / PER_WEIGHT + self.base)


@dataclass(frozen=True)
class Measured:
    """How good one way to tell leads is, on leads it never saw; each with its 95 % interval."""

    name: str
    auc: tuple[float, float, float]
    lift: tuple[float, float, float]
    brier: float
    calibration: float


@dataclass(frozen=True)
class Passed:
    """Those who reach a threshold: how many, how many of them were won, with a 95 % interval."""

    threshold: str
    points: float
    cases: int
    won: int
    share: float
    precision: tuple[float, float, float]
    lift: float
    found: float


def too_few(cases: Cases) -> str:
    """Why nothing is learned from so few cases; '' where they are enough."""
    won, count = int(cases.won.sum()), len(cases.won)
    if count >= LEAST_CASES and min(won, count - won) >= LEAST_OF_EACH:
        return ""
    return (
        f"{count:,} cases, {won:,} of them won, are too few to tell anything: {LEAST_CASES} are "
        f"needed, {LEAST_OF_EACH} of them won and as many lost"
    )


def proposed(columns: Sequence[Column], won: Floats) -> Proposal:
    """Points for each answer; a column adds in the direction of its evidence or not at all.

    That no weight is below nothing keeps the points readable: what is more often won never costs
    points because another column says the same already.
    """
    if not columns:
        share = float(won.mean())
        return Proposal((), (), float(np.log(share / (1 - share))))
    bins = [binned(column, won) for column in columns]
    evidence = np.column_stack(
        [one.weights(column) for one, column in zip(bins, columns, strict=True)]
    )
    kept, weights, base = weighed(evidence, won)
    return Proposal(tuple(bins[n] for n in kept), tuple(weights), base)


def weighed(evidence: Floats, won: Floats) -> tuple[list[int], list[float], float]:
    """Which columns of evidence give a point or more, what each weighs, and the base."""
    found = fitted(evidence, won, least=0.0)
    kept = [
        n for n in range(evidence.shape[1]) if PER_WEIGHT * found[n] * np.ptp(evidence[:, n]) >= 1.0
    ]
    return kept, [float(found[n]) for n in kept], float(found[-1])


def plain(known: Sequence[Column], won: Floats, asked: Sequence[Column]) -> Floats:
    """Chances by an ordinary logistic regression with a ridge, to hold the points against.

    Numbers standardised, with a mark where they are empty; a mark for each frequent text.
    """
    seen, wanted = [], []
    for one, other in zip(known, asked, strict=True):
        left, right = _marks(one, other)
        seen.append(left)
        wanted.append(right)
    lines, new = np.column_stack(seen), np.column_stack(wanted)
    mean, spread = lines.mean(axis=0), lines.std(axis=0)
    spread[spread == 0] = 1.0
    weights = fitted((lines - mean) / spread, won)
    return logistic(with_one((new - mean) / spread) @ weights)


def _marks(one: Column, other: Column) -> tuple[Floats, Floats]:
    if one.numbers is not None and other.numbers is not None:
        middle = float(np.nanmedian(one.numbers)) if not np.isnan(one.numbers).all() else 0.0
        return _filled(one.numbers, middle), _filled(other.numbers, middle)
    counted = Counter(text for text in one.texts if text is not None)
    kept = [*sorted(value for value, count in counted.items() if count >= 10), None]
    return _ones(one.texts, kept), _ones(other.texts, kept)


def _filled(numbers: Floats, middle: float) -> Floats:
    return np.column_stack([np.nan_to_num(numbers, nan=middle), np.isnan(numbers)])


def _ones(texts: Sequence[str | None], kept: Sequence[str | None]) -> Floats:
    return np.array([[float(text == value) for value in kept] for text in texts])


def tested(cases: Cases, leave_out: Sequence[str]) -> dict[str, Learned]:
    """Chances by models that never saw the case nor one written like it: five folds.

    "proposed points" and "logistic regression"; the groups are learned within each fold, too.
    """
    return tested_in(folds(cases.same), cases, leave_out)


def tested_in(fold: Ints, cases: Cases, leave_out: Sequence[str]) -> dict[str, Learned]:
    """The same with the folds given."""
    columns = telling(cases.columns, leave_out)
    told = {name: np.zeros(len(cases.won)) for name in ("proposed points", "logistic regression")}
    for number in range(FOLDS):
        known, asked = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        seen = [column.chosen(known) for column in columns]
        wanted = [column.chosen(asked) for column in columns]
        won = cases.won[known]
        told["proposed points"][asked] = proposed(seen, won).chances(wanted)
        told["logistic regression"][asked] = plain(seen, won, wanted)
    return {name: Learned(one, cases.won, cases.same, fold) for name, one in told.items()}


def of_points(cases: Cases, score: Floats) -> Learned:
    """Chances by points that are given: what a score means is learned in other folds.

    A logistic regression of one feature; points that were written down by looking at these very
    cases are flattered by this.
    """
    fold, told = folds(cases.same), np.zeros(len(score))
    spread = float(score.std()) or 1.0
    lines = ((score - score.mean()) / spread)[:, None]
    for number in range(FOLDS):
        known, asked = fold != number, fold == number
        weights = fitted(lines[known], cases.won[known])
        told[asked] = logistic(with_one(lines[asked]) @ weights)
    return Learned(told, cases.won, cases.same, fold)


def later(cases: Cases, leave_out: Sequence[str], earlier: float) -> Learned:
    """Chances by proposed points of the last cases, learned from this share that came before."""
    columns = telling(cases.columns, leave_out)
    cut = round(earlier * len(cases.won))
    known, asked = np.arange(cut), np.arange(cut, len(cases.won))
    found = proposed([column.chosen(known) for column in columns], cases.won[known])
    chances = found.chances([column.chosen(asked) for column in columns])
    same = list(cases.same[cut:])
    return Learned(chances, cases.won[asked], same, np.zeros(len(asked), dtype=np.int64))


def folds(same: Sequence[str], seed: int = SEED) -> Ints:
    """The fold of each case; rows that are one written twice stand in one fold."""
    names, group = np.unique(np.array(same), return_inverse=True)
    order = np.random.default_rng(seed).permutation(len(names))
    found: Ints = (order[group] % FOLDS).astype(np.int64)
    return found


def measured(name: str, found: Learned) -> Measured:
    """AUC within folds, lift of the best fifth, Brier score and calibration error."""

    def lift_of(weights: Floats) -> float:
        return lift(found.chances, found.won, weights)

    once = np.ones(len(found.won))
    return Measured(
        name,
        _told(found, found.auc, once),
        _told(found, lift_of, once),
        brier(found.chances, found.won, once),
        calibration_error(found.chances, found.won),
    )


def _told(
    found: Learned, measure: Callable[[Floats], float], once: Floats
) -> tuple[float, float, float]:
    return (measure(once), *interval(found.accounts, measure))


def lift(chances: Floats, won: Floats, weights: Floats) -> float:
    """How many times the usual share the best fifth wins; ties at its end count in part."""
    order = np.argsort(-chances, kind="stable")
    told, value = chances[order], weights[order]
    starts = np.flatnonzero(np.r_[True, told[1:] != told[:-1]])
    size = np.add.reduceat(value, starts)
    good = np.add.reduceat(value * won[order], starts)
    left = np.clip(TOP * size.sum() - (np.cumsum(size) - size), 0.0, size)
    taken = np.divide(left, size, out=np.zeros(len(size)), where=size > 0)
    return float((good * taken).sum() / left.sum() / (good.sum() / size.sum()))


def calibration_error(chances: Floats, won: Floats) -> float:
    """The mean distance of chance and outcome over ten groups of equally many cases."""
    parts = np.array_split(np.argsort(chances, kind="stable"), CALIBRATED_IN)
    apart = [abs(chances[p].mean() - won[p].mean()) * len(p) for p in parts if len(p)]
    return float(sum(apart) / len(chances))


def passed(score: Floats, won: Floats, thresholds: Sequence[tuple[str, float]]) -> list[Passed]:
    """What comes through each threshold."""
    usual, found = float(won.mean()), []
    for name, points in thresholds:
        at = score >= points
        count, good = int(at.sum()), int(won[at].sum())
        precision = good / count if count else 0.0
        found.append(
            Passed(
                name,
                points,
                count,
                good,
                count / len(won),
                (precision, *wilson(good, count)),
                precision / usual,
                good / won.sum(),
            )
        )
    return found
