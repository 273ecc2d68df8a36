"""Poisson regression with a log link, as log-linear models of counts need it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_STEPS = 100
_CLOSE = 1e-10
_LARGEST = 30.0
"""Beyond e^30 a coefficient only says that it has no finite estimate."""


@dataclass(frozen=True)
class Fit:
    """A fitted model: its `coefficients`, their `covariance`, the `deviance`, and the means."""

    coefficients: Floats
    covariance: Floats
    deviance: float
    means: Floats


def fit(design: Floats, counts: Floats) -> Fit | None:
    """Fit log(mean) = design · coefficients by Newton's method; None where there is no finite fit.

    `design` has a row per count and a column per coefficient. The steps are those of iteratively
    reweighted least squares (McCullagh and Nelder, Generalized Linear Models, 1989, § 2.5), halved
    where the likelihood would fall.
    """
    # Near the saturated model: a start from which Newton's method seldom strays.
    start = np.log(counts + 0.5)
    weights = np.sqrt(counts + 0.5)
    found, *_ = np.linalg.lstsq(design * weights[:, None], start * weights, rcond=None)
    likelihood = _likelihood(design, counts, found)
    for _ in range(_STEPS):
        means = np.exp(design @ found)
        information = design.T @ (design * means[:, None])
        try:
            step = np.linalg.solve(information, design.T @ (counts - means))
        except np.linalg.LinAlgError:
            return None
        for _ in range(30):
            tried = _likelihood(design, counts, found + step)
            if tried >= likelihood - _CLOSE:
                break
            step = step / 2
        found, gain, likelihood = found + step, tried - likelihood, tried
        if np.abs(found).max() > _LARGEST:
            return None
        if abs(gain) < _CLOSE and np.abs(step).max() < 1e-6:
            break
    else:
        return None
    means = np.exp(design @ found)
    try:
        covariance = np.linalg.inv(design.T @ (design * means[:, None]))
    except np.linalg.LinAlgError:
        return None
    filled = counts > 0
    terms = np.zeros_like(counts)
    terms[filled] = counts[filled] * np.log(counts[filled] / means[filled])
    deviance = 2 * float((terms - (counts - means)).sum())
    return Fit(found, covariance, deviance, means)


def _likelihood(design: Floats, counts: Floats, coefficients: Floats) -> float:
    logs = np.clip(design @ coefficients, -700, 700)
    return float((counts * logs - np.exp(logs)).sum())
