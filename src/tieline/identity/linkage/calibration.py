"""How well weights judge labelled pairs: right or wrong, and whether they know how sure to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
"""Edges of the probabilities shown together: narrower where the machine claims to be sure."""
FOLDS = 5
ONE_SIDED = 1.645
"""Standard errors that chance exceeds one time in twenty."""
FEWEST = 10
"""With fewer labelled pairs nothing is said of chance."""


@dataclass(frozen=True)
class Judged:
    """How a set of probabilities did on labelled pairs.

    `precision`, `recall` and `f1` are of "the same" at the threshold, NaN where there is none;
    `brier` is the mean squared error of the probability (Brier 1950), 0 is perfect and .25 a coin;
    `reliability` has, per bin, its edges, how many pairs, mean probability said, share the same.
    """

    pairs: int
    precision: float
    recall: float
    f1: float
    brier: float
    reliability: tuple[tuple[float, float, int, float, float], ...]


def judged(said: NDArray[np.float64], same: NDArray[np.bool_], threshold: float) -> Judged:
    """Measure probabilities `said` against the answers."""
    linked = said >= threshold
    both, ours, theirs = (float(x.sum()) for x in (linked & same, linked, same))
    # The last bin holds 1 itself.
    places = np.clip(np.searchsorted(BINS, said, side="right") - 1, 0, len(BINS) - 2)
    bins = []
    for place in range(len(BINS) - 1):
        inside = places == place
        if inside.any():
            bins.append(
                (
                    BINS[place],
                    BINS[place + 1],
                    int(inside.sum()),
                    float(said[inside].mean()),
                    float(same[inside].mean()),
                )
            )
    return Judged(
        pairs=len(said),
        precision=both / ours if ours else float("nan"),
        recall=both / theirs if theirs else float("nan"),
        f1=2 * both / (ours + theirs) if ours + theirs else float("nan"),
        brier=float(np.mean((said - same) ** 2)) if len(said) else float("nan"),
        reliability=tuple(bins),
    )


def folds(left: list[str], right: list[str]) -> NDArray[np.int64]:
    """In which of FOLDS parts each pair of records is held out.

    Pairs that share a record, directly or through others, are in one part: a pair must not be
    judged by what it taught in another form. Deterministic.
    """
    above: dict[str, str] = {}

    def root(record: str) -> str:
        while above.setdefault(record, record) != record:
            record = above[record]
        return record

    for a, b in zip(left, right, strict=True):
        first, second = sorted((root(a), root(b)))
        above[second] = first
    roots = [root(a) for a in left]
    order = {found: place for place, found in enumerate(sorted(set(roots)))}
    return np.array([order[found] % FOLDS for found in roots], dtype=np.int64)


def worse_than_chance(
    before: NDArray[np.float64], after: NDArray[np.float64], same: NDArray[np.bool_]
) -> bool:
    """Whether `after` is further from the answers than `before` by more than chance explains.

    Paired differences of squared errors, one-sided at 5 %.
    """
    if len(same) < FEWEST:
        return False
    more = (after - same) ** 2 - (before - same) ** 2
    error = more.std(ddof=1) / np.sqrt(len(more))
    return bool(more.mean() > ONE_SIDED * error and more.mean() > 0)
