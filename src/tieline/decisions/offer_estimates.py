"""How many net-new key players a list holds, from a sample of it and from earlier purchases.

A sample of m records of which y are net-new key players says of the list's share p what a
beta-binomial model says: p ~ Beta(y + 1/2, m - y + 1/2) (Jeffreys' prior), and of n records bought
as many are net-new key players as BetaBinomial(n, y + 1/2, m - y + 1/2) draws. Is the whole list
bought, the y seen are certain and only the records outside the sample are drawn. Intervals are of
90 %, equal tails.

Vendors choose samples, and deliver other records than those. What earlier purchases of a vendor
realised against what was predicted, as a difference of log odds, shifts the next prediction, shrunk
to none by k / (k + 1) for k purchases; and the doubt that is left of it, SAMPLE_DOUBT / (k + 1) in
squared log odds, makes the interval wider.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

PRIOR = 0.5
"""Jeffreys' prior of a share: a half success and a half failure."""
TAIL = 0.05
"""What lies outside an interval on either side."""
SAMPLE_DOUBT = 0.25
"""Variance in log odds of what vendors deliver against what their samples say: a standard
deviation of 0.5, which is a share of 0.20 that turns out between 0.13 and 0.29. Stated, not
learned: few firms buy enough lists to learn it."""
LEAST_EFFECTIVE = 1.0


@dataclass(frozen=True)
class Estimate:
    """An expected value with the ends of its 90 % interval."""

    mean: float
    low: float
    high: float

    def times(self, factor: float) -> Estimate:
        """The estimate in another unit; `factor` is at least 0."""
        return Estimate(self.mean * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True)
class Share:
    """What is known of the share of a list: `positives` of `sampled`, after learning.

    `seen` and `looked_at` are the whole numbers counted in the list itself, 0 without a sample.
    """

    positives: float
    sampled: float
    seen: int = 0
    looked_at: int = 0

    @property
    def mean(self) -> float:
        """The expected share, 0 to 1."""
        return (self.positives + PRIOR) / (self.sampled + 2 * PRIOR)

    @property
    def shape(self) -> tuple[float, float]:
        """The two parameters of the Beta distribution."""
        return self.positives + PRIOR, self.sampled - self.positives + PRIOR

    def interval(self) -> Estimate:
        """The share itself with its interval."""
        from scipy.stats import beta

        low, high = beta.ppf([TAIL, 1 - TAIL], *self.shape)
        return Estimate(self.mean, float(low), float(high))

    def count(self, records: int, size: int) -> Estimate:
        """How many of `records` bought of a list of `size` are such."""
        from scipy.stats import betabinom

        if records <= 0:
            return Estimate(0.0, 0.0, 0.0)
        as_counted = self.sampled == self.looked_at and self.positives == self.seen
        sure, rest = (self.seen, size - self.looked_at) if as_counted else (0, size)
        if records < size or rest < 0:
            sure, rest = 0, records
        if rest == 0:
            return Estimate(float(sure), float(sure), float(sure))
        low, high = betabinom.ppf([TAIL, 1 - TAIL], rest, *self.shape)
        return Estimate(sure + rest * self.mean, float(sure + low), float(sure + high))


def log_odds(positives: float, of: float) -> float:
    """The log odds of a share, finite also for none and all."""
    return math.log((positives + PRIOR) / (of - positives + PRIOR))


def of_sample(positives: int, sampled: int, biases: Sequence[float] = ()) -> Share:
    """The share that a sample says, as far as the vendor's earlier samples were right.

    `biases` are the log odds of what earlier purchases of the vendor realised, less those of what
    was predicted.
    """
    counted = Share(positives, sampled, positives, sampled)
    if not biases or not sampled:
        return counted
    weight = len(biases) / (len(biases) + 1)
    shift = weight * sum(biases) / len(biases)
    odds = log_odds(positives, sampled) + shift
    mean = 1 / (1 + math.exp(-odds))
    # A share's variance by the doubt about the log odds is (p (1 - p))^2 times it.
    variance = mean * (1 - mean) / sampled + (mean * (1 - mean)) ** 2 * _doubt(len(biases))
    effective = max(mean * (1 - mean) / variance, LEAST_EFFECTIVE)
    return Share(mean * effective, effective, positives, sampled)


def of_purchases(
    vendor: Sequence[tuple[int, int]], all_vendors: Sequence[tuple[int, int]]
) -> Share:
    """The share that earlier purchases say of a list of which there is no sample.

    Purchases are (net-new key players, records). A vendor's own mean is drawn to that of all
    purchases; what one list was says of the next what SAMPLE_DOUBT allows, however long it was.
    Raises ValueError if there is no purchase at all.
    """
    if not all_vendors:
        raise ValueError("nothing was ever bought")
    every = _pooled(all_vendors)
    own = _pooled(vendor) if vendor else every
    weight = len(vendor) / (len(vendor) + 1)
    mean = 1 / (1 + math.exp(-(weight * own + (1 - weight) * every)))
    effective = max(1 / (mean * (1 - mean) * _doubt(len(vendor))), LEAST_EFFECTIVE)
    return Share(mean * effective, effective)


def _pooled(purchases: Sequence[tuple[int, int]]) -> float:
    return sum(log_odds(new, of) for new, of in purchases) / len(purchases)


def _doubt(purchases: int) -> float:
    """What is left of the doubt: that of the next list, and of the mean of those bought."""
    return SAMPLE_DOUBT * (1 + 1 / (purchases + 1))


def rate(events: int, exposures: int) -> Estimate | None:
    """Events per exposure (opportunities per key player bought): Gamma-Poisson, Jeffreys' prior."""
    if exposures <= 0:
        return None
    from scipy.stats import gamma

    low, high = gamma.ppf([TAIL, 1 - TAIL], events + PRIOR) / exposures
    return Estimate((events + PRIOR) / exposures, float(low), float(high))


def sites_reached(people: float, sites: int) -> float:
    """How many of `sites` get at least one of `people` who fall on them at random (occupancy)."""
    if sites <= 0 or people <= 0:
        return 0.0
    return min(sites * -math.expm1(people * math.log1p(-1 / sites)) if sites > 1 else 1.0, people)
