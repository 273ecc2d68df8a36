"""The answers of a column in few groups, each with its weight of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tieline.insight.lead_cases import Column, Floats

Ints = npt.NDArray[np.int64]

FIRST_BANDS, LEAST_SHARE, LEAST_CASES = 16, 0.02, 10
"""Numbers begin as so many bands of equally many cases; a text is told apart from this share of the
cases and this number on."""
PRIOR = 10.0
"""As if so many cases of the usual outcome had been seen in every group: keeps few from telling
much (m-estimate, Cestnik, 1990)."""
CLOSE, CERTAIN = 0.2, 1.96
"""Neighbouring bands are one where their weights differ by less (a fifth in the odds, about), or by
less than so many standard errors of a log odds ratio (Woolf, 1955): by chance, that is."""
AGAINST = 0.001
"""Bands go one way, up or down, unless that is so unlikely (likelihood ratio, chi squared with one
degree of freedom for each band given up; Wilks, 1938): a step against the trend reads like a slip,
and mostly is one."""


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

    @property
    def by_group(self) -> Floats:
        """The weights of the groups: bands or texts, then any other answer, then none."""
        return np.array([*(self.of_bands or self.of_values.values()), self.otherwise, self.unknown])

    def groups(self, column: Column) -> Ints:
        """The group of each case, a place in `by_group`."""
        known = len(self.of_bands) or len(self.of_values)
        if self.of_bands:
            assert column.numbers is not None
            at = np.searchsorted(np.array(self.edges), column.numbers, side="right")
            told: Ints = np.where(np.isnan(column.numbers), known + 1, np.minimum(at, known - 1))
            return told
        place = {text: n for n, text in enumerate(self.of_values)}
        return np.array(
            [
                known + 1 if text is None else place.get(text.strip().lower(), known)
                for text in column.texts
            ],
            dtype=np.int64,
        )

    def weights(self, column: Column) -> Floats:
        """The weight of each case."""
        told: Floats = self.by_group[self.groups(column)]
        return told


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
        counts: Floats = np.bincount(at, minlength=len(edges) + 1).astype(np.float64)
        wins: Floats = np.bincount(at, weights=good, minlength=len(edges) + 1).astype(np.float64)
        weights = [_weight(float(w), int(n), usual) for w, n in zip(wins, counts, strict=True)]
        errors = 1 / (wins + 0.5) + 1 / (counts - wins + 0.5)
        steps = np.abs(np.diff(weights))
        sure = steps / np.sqrt(errors[1:] + errors[:-1])
        if not edges or (steps.min() >= CLOSE and sure.min() >= CERTAIN):
            against = _against_trend(wins, counts)
            if not against:
                return tuple(edges), tuple(weights)
            edges = [edge for n, edge in enumerate(edges) if n not in against]
            continue
        edges.pop(int(sure.argmin() if sure.min() < CERTAIN else steps.argmin()))


def _against_trend(wins: Floats, counts: Floats) -> set[int]:
    """The edges to give up so that the shares of neighbouring bands go one way; none where they do.

    The likeliest shares that only rise, or only fall, pool neighbours against the trend (pool
    adjacent violators; Ayer et al., 1955). None, too, where the evidence speaks against either.
    """
    # Imported here: it is slow to load, and most columns hold texts.
    from scipy.optimize import isotonic_regression
    from scipy.special import chdtrc

    shares = wins / counts
    steps = np.diff(shares)
    if len(steps) < 2 or (steps >= 0).all() or (steps <= 0).all():
        return set()
    ways = [isotonic_regression(shares, weights=counts, increasing=up).x for up in (True, False)]
    best = max(ways, key=lambda fitted: _likelihood(wins, counts, fitted))
    pooled = {n for n, step in enumerate(np.diff(best)) if abs(step) < 1e-12}
    gained = 2 * (_likelihood(wins, counts, shares) - _likelihood(wins, counts, best))
    return pooled if chdtrc(len(pooled), gained) > AGAINST else set()


def _likelihood(wins: Floats, counts: Floats, shares: Floats) -> float:
    held = np.clip(shares, 1e-9, 1 - 1e-9)
    return float((wins * np.log(held) + (counts - wins) * np.log(1 - held)).sum())


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
