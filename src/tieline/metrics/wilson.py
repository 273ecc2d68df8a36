"""The interval of a share. Knows numbers only, no table."""

from __future__ import annotations

import math

NORMAL_95 = 1.959964
"""The 97.5 % quantile of the normal distribution, for an interval of 95 %."""


def wilson(successes: float, count: float) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927, Journal of the American Statistical Association).

    It stays within 0 and 1 and holds for small shares, where the usual one does not; the whole
    range for no case. scipy has it, too, and takes half a second to load.
    """
    if count <= 0:
        return 0.0, 1.0
    share, square = successes / count, NORMAL_95 * NORMAL_95
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = NORMAL_95 * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    spread = half / (1 + square / count)
    return max(middle - spread, 0.0), min(middle + spread, 1.0)
