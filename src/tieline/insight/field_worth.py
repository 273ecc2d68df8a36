"""What each field of past leads is worth: the accuracy lost without it; whether others tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tieline.insight.lead_cases import Cases, Column, Floats
from tieline.insight.lead_resamples import Figure, Resamples, difference
from tieline.insight.outlook_learning import FOLDS, Learned, logistic
from tieline.insight.scorecard_bins import PRIOR, Bins, binned, telling
from tieline.insight.scorecard_learning import PER_WEIGHT, folds, weighed

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Worth:
    """What a field brings to points proposed by past leads, all on leads they never saw.

    `cost` is the AUC lost without it, `inferred` the AUC lost where it is told by the other fields
    instead, each with its 95 % interval. `right` is how often the others tell the answer rightly,
    `usual` how often the most frequent answer would have been right.
    """

    field: str
    filled: float
    cost: Figure
    inferred: Figure
    right: float
    usual: float


@dataclass(frozen=True)
class _Fold:
    """One fold: the groups learned from the others, and every case by its groups."""

    bins: Sequence[Bins]
    won: Floats
    known: Ints
    asked: Ints
    rows: Ints

    @cached_property
    def seen(self) -> Floats:
        """The weights of evidence of the cases that are learned from."""
        return _evidence(self.bins, self.known)

    @cached_property
    def wanted(self) -> Floats:
        """The same of those that are asked of."""
        return _evidence(self.bins, self.asked)

    @cached_property
    def whole(self) -> tuple[list[int], list[float], float]:
        """What all columns weigh together."""
        return weighed(self.seen, self.won)


def _evidence(bins: Sequence[Bins], groups: Ints) -> Floats:
    return np.column_stack([one.by_group[groups[:, n]] for n, one in enumerate(bins)])


def worths(cases: Cases, names: Sequence[str]) -> tuple[Figure, list[Worth]]:
    """The AUC of points proposed from these columns, and the worth of each that can tell anything.

    Five folds; the groups and weights are learned in the others each time.
    """
    columns = telling({name: cases.columns[name] for name in names}, ())
    if not columns:
        return (0.5, 0.5, 0.5), []
    fold = folds(cases.same)
    parts = [_fold(columns, cases.won, fold, number) for number in range(FOLDS)]
    drawn = Resamples(cases.same)

    def aucs(chances: Floats) -> Floats:
        return drawn.aucs(Learned(chances, cases.won, cases.same, fold))

    whole = aucs(_chances(parts, len(cases.won), list(range(len(columns)))))
    found = []
    for number, column in enumerate(columns):
        left = [n for n in range(len(columns)) if n != number]
        without = _chances(parts, len(cases.won), left)
        guessed, right, usual = _inferred(parts, len(cases.won), number)
        found.append(
            Worth(
                column.name,
                float(column.is_filled.mean()),
                difference(whole, aucs(without)),
                difference(whole, aucs(guessed)),
                right,
                usual,
            )
        )
    return difference(whole, np.zeros(len(whole))), found


def _fold(columns: Sequence[Column], won: Floats, fold: Ints, number: int) -> _Fold:
    known, asked = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
    bins = [binned(column.chosen(known), won[known]) for column in columns]
    groups = [one.groups(column) for one, column in zip(bins, columns, strict=True)]
    whole = np.column_stack(groups)
    return _Fold(bins, won[known], whole[known], whole[asked], asked)


def _chances(parts: Sequence[_Fold], count: int, chosen: Sequence[int]) -> Floats:
    """The chances by points from some of the columns."""
    told = np.zeros(count)
    for part in parts:
        if not chosen:
            told[part.rows] = part.won.mean()
            continue
        held = list(chosen)
        every = len(held) == len(part.bins)
        found = part.whole if every else weighed(part.seen[:, held], part.won)
        told[part.rows] = _told(part.wanted[:, held], *found)
    return told


def _told(evidence: Floats, kept: Sequence[int], weights: Sequence[float], base: float) -> Floats:
    points = np.round(PER_WEIGHT * np.array(weights) * evidence[:, list(kept)]).sum(axis=1)
    return logistic(points / PER_WEIGHT + base)


def _inferred(parts: Sequence[_Fold], count: int, number: int) -> tuple[Floats, float, float]:
    """The chances with one column told by the others; how often that is right, and the usual."""
    told = np.zeros(count)
    right = usual = answered = 0
    for part in parts:
        none = len(part.bins[number].by_group) - 1
        guess, most = _guess(part, number, none)
        true = part.asked[:, number]
        is_told = true != none
        right += int((guess == true)[is_told].sum())
        usual += int((true == most)[is_told].sum())
        answered += int(is_told.sum())
        evidence = part.wanted.copy()
        evidence[:, number] = part.bins[number].by_group[guess]
        told[part.rows] = _told(evidence, *part.whole)
    return told, right / max(answered, 1), usual / max(answered, 1)


def _guess(part: _Fold, number: int, none: int) -> tuple[Ints, int]:
    """The likeliest group of each asked case by those of the other columns; and the usual group.

    Naive Bayes with shares drawn to the usual ones (m-estimate): plain, and as good at naming the
    likeliest as what is finer (Domingos and Pazzani, 1997).
    """
    known = part.known[part.known[:, number] != none]
    size = np.bincount(known[:, number], minlength=none).astype(np.float64)[:none]
    if not size.sum():
        return np.full(len(part.asked), none), none
    told = np.tile(np.log((size + 1e-9) / size.sum()), (len(part.asked), 1))
    for other, bins in enumerate(part.bins):
        if other == number:
            continue
        groups = len(bins.by_group)
        counts = np.zeros((none, groups))
        np.add.at(counts, (known[:, number], known[:, other]), 1.0)
        share = (counts.sum(axis=0) + 1) / (counts.sum() + groups)
        table = np.log((counts + PRIOR * share) / (size[:, None] + PRIOR))
        told += table[:, part.asked[:, other]].T
    return told.argmax(axis=1).astype(np.int64), int(size.argmax())
