"""Three lists and more: a lower bound whatever the things' nature, and log-linear models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from tieline.metrics.capture.estimate import Estimate, log_normal
from tieline.metrics.capture.histories import Histories
from tieline.metrics.capture.poisson import Fit, fit

MOST_LISTS = 5
"""Lists of a log-linear model; with more the cells get too thin. The others are joined to one."""

CHI_SQUARE_95 = 3.841458820694124
"""A chi-square of one degree of freedom is above this 5 times in 100."""

Pair = tuple[int, int]


@dataclass(frozen=True)
class LogLinear:
    """A chosen model: its estimate, the pairs of lists that depend on each other, and its fit.

    `dependence` gives the odds ratio of each pair; `fits` is the probability of a deviance as
    large if the model holds (None where nothing is left to test it with). `uneven` says that all
    lists depend on each other alike, as they do where some things are on lists more easily.
    """

    estimate: Estimate
    dependence: dict[Pair, float]
    fits: float | None
    uneven: bool


def chao_bound(histories: Histories) -> Estimate | None:
    """At least so many are there: Chao's lower bound for lists of different size.

    Only things on one or two lists are used. A log-linear model of the lists' sizes is fitted to
    them, its constant being the log of the unseen; things on three lists and more get a
    coefficient each and so do not speak. Where some things are on lists more easily than others,
    the truth lies above. None where there is no finite fit.
    Source: Rivest and Baillargeon, Applications and extensions of Chao's moment estimator for the
    size of a closed population, Biometrics 63 (2007); Chao, Biometrics 45 (1989). The variance is
    exp(b) + exp(2 b) Var(b), as in their R package Rcapture.
    """
    many = len(histories.lists)
    pairs = list(combinations(range(many), 2))
    rows = [1 << place for place in range(many)] + [1 << one | 1 << other for one, other in pairs]
    counts = np.array([histories.counts.get(row, 0) for row in rows], dtype=np.float64)
    design = np.column_stack([np.ones(len(rows)), _sizes(rows, many)])
    found = fit(design, counts)
    return _unseen(histories.seen, found) if found is not None else None


def log_linear(histories: Histories) -> LogLinear | None:
    """The log-linear model of up to five lists that says most with least, and what it estimates.

    It begins with lists that are independent of each other and takes up the dependence of a pair
    as long as that lowers the information criterion of Schwarz (deviance + coefficients · ln n).
    The constant is the log of the unseen. None where no model has a finite fit.
    Source: Fienberg, The multiple recapture census for closed populations and incomplete 2^k
    contingency tables, Biometrika 59 (1972); Cormack, Log-linear models for capture-recapture,
    Biometrics 45 (1989); for the choice International Working Group for Disease Monitoring and
    Forecasting, American Journal of Epidemiology 142 (1995).
    """
    rows, counts = histories.cells
    many = len(histories.lists)
    sizes = np.column_stack([np.ones(len(rows)), _sizes(rows.tolist(), many)])
    open_pairs = [p for p in combinations(range(many), 2) if histories.both(*p) > 0]
    chosen: list[Pair] = []
    best = fit(sizes, counts)
    if best is None:
        return None
    # With all pairs of three lists there are as many coefficients as cells, and no more.
    while open_pairs and sizes.shape[1] + len(chosen) < len(rows):
        tried = [(fit(_with(sizes, rows, [*chosen, pair]), counts), pair) for pair in open_pairs]
        scored = [(found.deviance, pair, found) for found, pair in tried if found is not None]
        if not scored:
            break
        deviance, pair, found = min(scored, key=lambda one: (round(one[0], 6), one[1]))
        if best.deviance - deviance <= math.log(max(histories.seen, 1)):
            break
        chosen.append(pair)
        open_pairs.remove(pair)
        best = found
    left = len(rows) - sizes.shape[1] - len(chosen)
    odds = best.coefficients[sizes.shape[1] :]
    return LogLinear(
        _unseen(histories.seen, best),
        {pair: math.exp(value) for pair, value in zip(chosen, odds, strict=True)},
        _survival(best.deviance, left) if left else None,
        _uneven(sizes, rows, counts, best.deviance + len(chosen) * math.log(histories.seen)),
    )


def _uneven(
    sizes: npt.NDArray[np.float64],
    rows: npt.NDArray[np.int64],
    counts: npt.NDArray[np.float64],
    criterion: float,
) -> bool:
    """Whether one dependence shared by all pairs says more than independence and the chosen pairs.

    Source: Darroch, Fienberg, Glonek and Junker, A three-sample multiple-recapture approach to
    census population estimation with heterogeneous catchability, JASA 88 (1993): unequal
    catchability shows as one interaction common to all pairs. Tested at 5 % (chi-square, 1 degree).
    """
    pairs = np.array([math.comb(int(row).bit_count(), 2) for row in rows], dtype=np.float64)
    plain, shared = fit(sizes, counts), fit(np.column_stack([sizes, pairs]), counts)
    if plain is None or shared is None or shared.coefficients[-1] <= 0:
        return False
    gained = plain.deviance - shared.deviance
    return gained > CHI_SQUARE_95 and shared.deviance < criterion


def _survival(deviance: float, degrees: int) -> float:
    # Imported here: it is slow to load, and most commands need no estimate.
    from scipy.special import chdtrc

    return float(chdtrc(degrees, deviance))


def _unseen(seen: int, found: Fit) -> Estimate:
    unseen = math.exp(found.coefficients[0])
    return log_normal(seen, unseen, unseen + unseen**2 * float(found.covariance[0, 0]))


def _sizes(rows: Sequence[int], many: int) -> npt.NDArray[np.float64]:
    return np.array([[row >> place & 1 for place in range(many)] for row in rows], dtype=np.float64)


def _with(
    sizes: npt.NDArray[np.float64], rows: npt.NDArray[np.int64], pairs: Sequence[Pair]
) -> npt.NDArray[np.float64]:
    columns = [((rows >> one & 1) * (rows >> other & 1)).astype(np.float64) for one, other in pairs]
    return np.column_stack([sizes, *columns])
