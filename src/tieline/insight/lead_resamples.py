"""How sure the difference of two ways to tell leads is: both on the same resamples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tieline.insight.lead_cases import Floats
from tieline.insight.outlook_learning import RESAMPLES, SEED, Learned

Figure = tuple[float, float, float]
"""A figure with the ends of its 95 % interval."""


class Resamples:
    """The draws of whole groups of cases, the same for whatever is measured on them.

    A difference of two ways has a far smaller interval than either, as both are right and wrong in
    the same resamples (paired bootstrap, Efron and Tibshirani, 1993).
    """

    def __init__(self, same: Sequence[str]):
        names, group = np.unique(np.array(same), return_inverse=True)
        even = np.full(len(names), 1 / len(names))
        drawn = np.random.default_rng(SEED).multinomial(len(names), even, RESAMPLES)
        self._drawn: npt.NDArray[np.uint16] = drawn.astype(np.uint16)
        self._group = group

    def aucs(self, found: Learned) -> Floats:
        """The AUC within folds of all cases, then of each resample: one number more than those."""
        right, pairs = np.zeros(RESAMPLES + 1), np.zeros(RESAMPLES + 1)
        for fold in np.unique(found.folds):
            at = np.flatnonzero(found.folds == fold)
            at = at[np.argsort(found.chances[at], kind="stable")]
            told = found.chances[at]
            starts = np.flatnonzero(np.r_[True, told[1:] != told[:-1]])
            weights = np.vstack([np.ones(len(at)), self._drawn[:, self._group[at]]])
            positive = weights * found.won[at]
            negative = weights - positive
            good = np.add.reduceat(positive, starts, axis=1)
            bad = np.add.reduceat(negative, starts, axis=1)
            below = np.cumsum(bad, axis=1) - bad
            right += (good * (below + bad / 2)).sum(axis=1)
            pairs += positive.sum(axis=1) * negative.sum(axis=1)
        found_at: Floats = np.where(pairs > 0, right / np.where(pairs > 0, pairs, 1.0), 0.5)
        return found_at


def difference(one: Floats, other: Floats) -> Figure:
    """By how much one is greater than the other, both as `Resamples.aucs` tells them."""
    told = one - other
    low, high = np.quantile(told[1:], [0.025, 0.975])
    return float(told[0]), float(low), float(high)
