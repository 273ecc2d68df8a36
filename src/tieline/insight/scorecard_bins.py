"""The answers of a column in few groups, each with its weight of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tieline.insight.lead_cases import Column, Floats

FIRST_BANDS, LEAST_SHARE, LEAST_CASES = 8, 0.02, 10
"""Numbers begin as so many bands of equally many cases; a text is told apart from this share of the
cases and this number on."""
PRIOR = 10.0
"""As if so many cases of the usual outcome had been seen in every group: keeps few from telling
much (m-estimate, Cestnik, 1990)."""
CLOSE, CERTAIN = 0.2, 1.96
"""Neighbouring bands are one where their weights differ by less (a fifth in the odds, about), or by
less than so many standard errors of a log odds ratio (Woolf, 1955): by chance, that is."""


@dataclass(frozen=True)
class Bins:
    """The groups of a column: bands by their inner `edges`, or texts; and the weight of each.

    The weight of evidence (Good, 1950) is the log-odds of winning in the group less that of all.
    `of_bands` goes from the lowest band up; `of_values` is by text in small letters.
    """

    name: str
    edges: tuple[float, ...]
    of_bands: tuple[float, ...]
    of_values: Mapping[str, float]
    otherwise: float
    unknown: float

    def weights(self, column: Column) -> Floats:
        """The weight of each case."""
        if self.of_bands:
            assert column.numbers is not None
            at = np.searchsorted(np.array(self.edges), column.numbers, side="right")
            told = np.array(self.of_bands)[np.minimum(at, len(self.of_bands) - 1)]
            return np.where(np.isnan(column.numbers), self.unknown, told)
        return np.array(
            [
                self.unknown
                if text is None
                else self.of_values.get(text.strip().lower(), self.otherwise)
                for text in column.texts
            ]
        )


def binned(column: Column, won: Floats) -> Bins:
    """The groups of a column, learned from cases whose outcome is known."""
    usual = float(won.mean())
    empty = np.array([text is None for text in column.texts])
    unknown = _weight(float(won[empty].sum()), int(empty.sum()), usual)
    if column.numbers is not None and len(np.unique(column.numbers[~np.isnan(column.numbers)])) > 2:
        edges, weights = _bands(column.numbers, won, usual)
        unknown_number = np.isnan(column.numbers)
        unknown = _weight(float(won[unknown_number].sum()), int(unknown_number.sum()), usual)
        return Bins(column.name, edges, weights, {}, 0.0, unknown)
    values = [None if text is None else text.strip().lower() for text in column.texts]
    counted = Counter(value for value in values if value is not None)
    least = max(LEAST_CASES, LEAST_SHARE * len(values))
    good = Counter(value for value, one in zip(values, won, strict=True) if one > 0.5)
    told = {
        value: _weight(good[value], count, usual)
        for value, count in counted.most_common()
        if count >= least
    }
    rest = [value for value in counted if value not in told]
    otherwise = _weight(
        sum(good[value] for value in rest), sum(counted[value] for value in rest), usual
    )
    return Bins(column.name, (), (), told, otherwise, unknown)


def _bands(
    numbers: Floats, won: Floats, usual: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    known = numbers[~np.isnan(numbers)]
    good = won[~np.isnan(numbers)]
    cuts = np.linspace(0, 1, FIRST_BANDS + 1)[1:-1]
    edges = [float(edge) for edge in np.unique(np.quantile(known, cuts)) if edge > known.min()]
    while True:
        at = np.searchsorted(np.array(edges), known, side="right")
        counts = np.bincount(at, minlength=len(edges) + 1)
        wins = np.bincount(at, weights=good, minlength=len(edges) + 1)
        weights = [_weight(float(w), int(n), usual) for w, n in zip(wins, counts, strict=True)]
        errors = 1 / (wins + 0.5) + 1 / (counts - wins + 0.5)
        steps = np.abs(np.diff(weights))
        sure = steps / np.sqrt(errors[1:] + errors[:-1])
        if not edges or (steps.min() >= CLOSE and sure.min() >= CERTAIN):
            return tuple(edges), tuple(weights)
        edges.pop(int(sure.argmin() if sure.min() < CERTAIN else steps.argmin()))


def _weight(won: float, count: int, usual: float) -> float:
    share = (won + PRIOR * usual) / (count + PRIOR)
    return float(np.log(share / (1 - share)) - np.log(usual / (1 - usual)))


def telling(columns: Mapping[str, Column], leave_out: Sequence[str]) -> list[Column]:
    """The columns that can be learned from: not left out, not one answer only, not names of cases.

    A text of which hardly two cases share a value, or a number that no two cases share, names the
    case.
    """
    found = []
    for name, column in columns.items():
        filled = [text for text in column.texts if text is not None]
        counted = Counter(filled)
        most = counted.most_common(1)[0][1] if counted else 0
        alone = len(counted) > 0.5 * len(filled) and column.numbers is None
        numbered = len(counted) == len(column.texts) > 1
        empty = len(column.texts) - len(filled)
        if name in leave_out or alone or numbered or max(most, empty) > 0.99 * len(column.texts):
            continue
        found.append(column)
    return found
