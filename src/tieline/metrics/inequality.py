"""How unequally something is spread over companies. Knows numbers only, no table.

A spread is given by its distinct amounts: `values` (ascending, above 0) and how many companies have
each, `counts`. All measures take `counts` with any number of leading dimensions, one spread a row.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Measure = Callable[[Floats, Floats], Floats]

RESAMPLES = 999
"""Resamples of an interval (Davison and Hinkley, Bootstrap Methods and their Application, 1997,
§ 5.2)."""
NORMAL_95 = 1.959963984540054
"""The normal quantile of an interval that holds the truth 95 times in 100."""
SEED = 20_011
"""Any number; fixed, so that equal tables have equal intervals."""


def gini(values: Floats, counts: Floats) -> Floats:
    """The Gini coefficient, 0 (all alike) to 1 (one has all); 0 for one company.

    G = Σ (2 i - n - 1) x_i / (n Σ x), the x in ascending order, i = 1 … n.
    Source: Gini, Variabilità e mutabilità (1912); in this form Sen, On Economic Inequality (1973).
    """
    companies, whole = counts.sum(-1), (counts * values).sum(-1)
    before = np.cumsum(counts, axis=-1) - counts
    ranks = counts * (2 * before + counts - companies[..., None])
    return _share((ranks * values).sum(-1), companies * whole)


def herfindahl(values: Floats, counts: Floats) -> Floats:
    """The sum of the squared shares, 1/n (all alike) to 1 (one has all).

    Source: Hirschman, National Power and the Structure of Foreign Trade (1945); Herfindahl (1950).
    """
    return _share((counts * values**2).sum(-1), (counts * values).sum(-1) ** 2)


def effective_companies(values: Floats, counts: Floats) -> Floats:
    """How many companies of equal share would be as concentrated: 1 / Herfindahl.

    Source: Laakso and Taagepera, "Effective" number of parties, Comparative Political Studies 12
    (1979).
    """
    return _share(np.ones(counts.shape[:-1]), herfindahl(values, counts))


def top_share(values: Floats, counts: Floats, top: int) -> Floats:
    """The share of the `top` companies with most, 0 to 1."""
    falling, many = values[::-1], counts[..., ::-1]
    before = np.cumsum(many, axis=-1) - many
    taken = np.clip(top - before, 0, many)
    return _share((taken * falling).sum(-1), (many * falling).sum(-1))


def interval(measure: Measure, values: Floats, counts: Floats) -> tuple[float, float]:
    """The 95 % interval of a measure, from resampling the companies with a fixed seed.

    It answers: how else might it look if other companies of the same kind were in the database?
    Source: the bias-corrected interval of Efron, Nonparametric standard errors and confidence
    intervals, Canadian Journal of Statistics 9 (1981). Where a few companies have by far the most
    it is too narrow: of 200 samples of 300 companies from a log-normal spread (σ = 0.9) the
    interval of the Gini held the truth in 91 %, that of the Herfindahl index in 77 %; of 50
    companies in 83 and 66 %.
    """
    # Imported here: it is slow to load, and most commands need no interval.
    from scipy.special import ndtr, ndtri

    companies = int(counts.sum())
    drawn = np.random.default_rng(SEED).multinomial(companies, counts / companies, RESAMPLES)
    resampled = measure(values, drawn.astype(np.float64))
    value = float(measure(values, counts))
    below = ((resampled < value).mean() + (resampled <= value).mean()) / 2
    bias = 2 * ndtri(min(max(below, 1 / RESAMPLES), 1 - 1 / RESAMPLES))
    ends = ndtr([bias - NORMAL_95, bias + NORMAL_95])
    low, high = np.quantile(resampled, ends)
    return min(float(low), value), max(float(high), value)


def _share(part: Floats, whole: Floats) -> Floats:
    whole = np.asarray(whole, dtype=np.float64)
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
