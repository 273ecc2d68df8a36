"""Two lists: Chapman's estimate."""

from __future__ import annotations

from tieline.metrics.capture.estimate import Estimate, log_normal
from tieline.metrics.capture.histories import Histories

FEWEST_TWICE = 7
"""Fewer things on both lists, and the estimate cannot be trusted.

Source: Robson and Regier, Sample size in Petersen mark-recapture experiments, Transactions of the
American Fisheries Society 93 (1964): with 7 and more the bias is below 2 % nineteen times in
twenty."""


def chapman(histories: Histories) -> Estimate:
    """How many there are, from two lists that are independent of each other.

    With n1 and n2 on the lists and m on both, N = (n1 + 1)(n2 + 1) / (m + 1) - 1.
    Source: Chapman, Some properties of the hypergeometric distribution with applications to
    zoological sample censuses, University of California Publications in Statistics 1 (1951).
    Variance (n1 + 1)(n2 + 1)(n1 - m)(n2 - m) / ((m + 1)² (m + 2)): Seber, The effects of trap
    response on tag recapture estimates, Biometrics 26 (1970); Wittes, Biometrics 28 (1972).
    """
    n1, n2, m = histories.size(0), histories.size(1), histories.both(0, 1)
    total = (n1 + 1) * (n2 + 1) / (m + 1) - 1
    variance = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) ** 2 * (m + 2))
    return log_normal(histories.seen, total - histories.seen, variance)
