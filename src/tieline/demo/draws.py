"""Seeded chance: independent streams by name, and weighted draws for a million rows at once."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one purpose; adding a purpose never moves the draws of another."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))


def zipf(count: int, exponent: float, flat: float) -> Floats:
    """Return Zipf-Mandelbrot weights (rank + flat) ** -exponent for ranks 0 .. count - 1."""
    return np.asarray((np.arange(count) + flat) ** -exponent, dtype=np.float64)


class Weighted:
    """Choices in groups, each with a weight; a draw answers for every row's own group at once."""

    def __init__(self, groups: Sequence[Sequence[float] | Floats]) -> None:
        """Take one sequence of weights per group; choices are numbered across all groups."""
        sizes = [len(group) for group in groups]
        self.offsets: Ints = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        parts = []
        for number, group in enumerate(groups):
            running = np.cumsum(np.asarray(group, dtype=np.float64))
            parts.append(number + running / running[-1] if len(running) else running)
        self._running: Floats = np.concatenate(parts) if parts else np.zeros(0)

    def draw(self, rng: np.random.Generator, groups: Ints) -> Ints:
        """Return one choice number for each row, drawn from the row's group."""
        found = np.searchsorted(self._running, groups + rng.random(len(groups)), side="right")
        return np.minimum(found, self.offsets[groups + 1] - 1).astype(np.int64)


def choices(rng: np.random.Generator, weights: Sequence[float] | Floats, count: int) -> Ints:
    """Return `count` draws from one weighted list."""
    return Weighted([weights]).draw(rng, np.zeros(count, dtype=np.int64))


def sample(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """Return `count` different row numbers, likelier where the weight is higher, in random order.

    Efraimidis & Spirakis (2006): the smallest of exponential draws divided by their weights.
    """
    keys = np.full(len(weights), np.inf)
    open_rows = weights > 0
    keys[open_rows] = rng.exponential(size=int(open_rows.sum())) / weights[open_rows]
    count = min(count, int(open_rows.sum()))
    picked = np.argpartition(keys, count - 1)[:count] if count else np.zeros(0, dtype=np.int64)
    return np.asarray(rng.permutation(np.sort(picked)), dtype=np.int64)


def rank_in_group(keys: Ints) -> Ints:
    """Return for each row how many earlier rows have the same key (0 for the first)."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.r_[True, ordered[1:] != ordered[:-1]] if len(keys) else np.zeros(0, dtype=bool)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(keys)), 0))
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[order] = np.arange(len(keys)) - first
    return ranks
