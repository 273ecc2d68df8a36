"""Which rows form one group, given the scored pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tieline.identity.linkage.clustering import components, contract
from tieline.identity.linkage.scoring import FORBIDDEN, bits

CLIP = 12.0
"""In a group's sum one pair counts at most this many bits, so that no single pair decides alone."""
CERTAIN = 20.0
"""Rows that a pair of this many bits (a million to one) joins are not questioned again, unless hard
evidence stands between some of them."""


@dataclass(frozen=True)
class Scored:
    """Pairs of nodes, the smaller one first, ordered by (left, right), and their weight in bits."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    weight: NDArray[np.float64]


def group(size: int, scored: Scored, probability: float) -> NDArray[np.int64]:
    """Label each of `size` nodes with the smallest node of its group.

    Pairs of at least `probability` connect; a component that holds evidence against itself is
    divided such that its groups hold together (see `clustering.contract`).
    """
    strong = scored.weight >= bits(probability)
    labels = components(size, scored.left[strong], scored.right[strong])
    inside = labels[scored.left] == labels[scored.right]
    doubtful = np.zeros(size, dtype=bool)
    doubtful[labels[scored.left[inside & ~strong]]] = True
    used = np.flatnonzero(inside & doubtful[labels[scored.left]])
    if not len(used):
        return labels
    left, right, weight = scored.left[used], scored.right[used], scored.weight[used]
    forbidden = weight <= FORBIDDEN / 2
    certain = weight >= CERTAIN
    certainly = components(size, left[certain], right[certain])
    # Where certainty and hard evidence contradict each other, every row speaks for itself.
    torn = np.zeros(size, dtype=bool)
    torn[certainly[left[forbidden & (certainly[left] == certainly[right])]]] = True
    certainly = np.where(torn[certainly], np.arange(size), certainly)
    votes = np.where(forbidden, FORBIDDEN, np.clip(weight, -CLIP, CLIP))
    a, b = certainly[left], certainly[right]
    between = a != b
    summed = _summed(a[between], b[between], votes[between], size)
    merged = _contracted(labels, doubtful, certainly, summed)
    result = labels.copy()
    nodes = np.flatnonzero(doubtful[labels])
    result[nodes] = merged[certainly[nodes]]
    return result


def _summed(
    a: NDArray[np.int64], b: NDArray[np.int64], votes: NDArray[np.float64], size: int
) -> list[tuple[int, int, float, int]]:
    """Per pair of nodes, the sum of the votes of the pairs they stand for, and their number."""
    keys = np.minimum(a, b) * size + np.maximum(a, b)
    found, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    sums = np.bincount(inverse, weights=votes, minlength=len(found))
    return list(
        zip(
            (found // size).tolist(),
            (found % size).tolist(),
            np.round(sums, 6).tolist(),
            counts.tolist(),
            strict=True,
        )
    )


def _contracted(
    labels: NDArray[np.int64],
    doubtful: NDArray[np.bool_],
    certainly: NDArray[np.int64],
    pairs: list[tuple[int, int, float, int]],
) -> NDArray[np.int64]:
    """The group of each node, component by component."""
    rows = np.bincount(certainly, minlength=len(labels)).tolist()
    sizes: dict[int, dict[int, int]] = {}
    for node in np.unique(certainly[np.flatnonzero(doubtful[labels])]).tolist():
        sizes.setdefault(int(labels[node]), {})[node] = rows[node]
    of_component: dict[int, list[tuple[int, int, float, int]]] = {label: [] for label in sizes}
    for pair in pairs:
        of_component[int(labels[pair[0]])].append(pair)
    result = np.arange(len(labels))
    for label in sorted(sizes):
        for node, smallest in contract(sizes[label], of_component[label]).items():
            result[node] = smallest
    return result
