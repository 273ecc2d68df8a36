"""An estimate of how many there are in all, with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

NORMAL_95 = 1.959963984540054
"""The normal quantile of an interval that holds the truth 95 times in 100."""


@dataclass(frozen=True)
class Estimate:
    """How many there are: `total` = those `seen` + those on no list; `low` to `high` is 95 %."""

    seen: int
    total: float
    low: float
    high: float


def log_normal(seen: int, unseen: float, variance: float) -> Estimate:
    """The estimate with an interval that never goes below what was seen.

    The unseen number is taken as log-normal: with C = exp(1.96 √ln(1 + variance / unseen²)) the
    interval is seen + unseen / C to seen + unseen · C.
    Source: Burnham in Chao, Estimating the population size for capture-recapture data with unequal
    catchability, Biometrics 43 (1987), p. 787.
    """
    if unseen <= 0:
        return Estimate(seen, float(seen), float(seen), float(seen))
    spread = math.exp(NORMAL_95 * math.sqrt(math.log1p(variance / unseen**2)))
    return Estimate(seen, seen + unseen, seen + unseen / spread, seen + unseen * spread)
