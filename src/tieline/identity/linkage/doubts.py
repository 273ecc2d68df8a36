"""Where a group would most likely come apart, and how strongly the two sides say otherwise.

The evidence between two sides is the mean over all pairs of a row of the one with a row of the
other, each held to `grouping.CLIP` bits; a pair nobody looked at counts `UNSEEN`. On the generated
world the mean is calibrated, the strongest pair is not: of a hundred pairs between two accounts one
is nearly always strong (docs/explanation/what-to-ask-a-person.md has the figures).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tieline.identity.linkage.grouping import CLIP

MICRO = 1_000_000
"""Bits are added up as whole millionths: sums then do not depend on the order of the pairs."""
UNSEEN = -3.0
"""Bits of a pair nobody looked at. Between two groups that share something, contacts are calibrated
best with -2 and accounts with -4 (generated world, 20,000 records); this is between."""
MOST_CUTS = 300
"""In groups of more rows only the weakest link is tried, not every link of the tree."""


@dataclass(frozen=True)
class Cut:
    """Two sides of one group, and the evidence between them that they are one after all.

    `first` are the positions of the rows of the one side; `weight` is in bits.
    """

    first: tuple[int, ...]
    weight: float


def clipped(weight: str) -> str:
    """The SQL expression of a pair's weight as it counts in a mean: whole millionths of a bit."""
    return f"round(least(greatest({weight}, -{CLIP}), {CLIP}) * {MICRO})::BIGINT"


def mean_weight(total: str, seen: str, pairs: str) -> str:
    """The SQL expression of the mean in bits over `pairs`, of which `seen` were looked at."""
    return f"(({total}) + {round(UNSEEN * MICRO)} * ({pairs} - {seen})) / {MICRO}.0 / ({pairs})"


def weakest_cut(size: int, pairs: list[tuple[int, int, int]]) -> Cut | None:
    """The division of a group of `size` rows into two sides with the least evidence between them.

    `pairs` are (row, row, weight in millionths of a bit, clipped). Tried is every link of the tree
    of the strongest links that spans the rows. None where the pairs do not span them: then it is
    no evidence of rows that holds them together.
    """
    tree = _strongest_tree(size, pairs)
    if len(tree) != size - 1 or not tree:
        return None
    weights = np.full((size, size), round(UNSEEN * MICRO), dtype=np.int64)
    for a, b, weight in pairs:
        weights[a, b] = weights[b, a] = weight
    found: Cut | None = None
    for link in tree[-1:] if size > MOST_CUTS else reversed(tree):
        side = _side(size, tree, link)
        across = weights[side][:, ~side]
        mean = float(across.sum()) / MICRO / across.size
        if found is None or mean < found.weight:
            found = Cut(tuple(np.flatnonzero(side).tolist()), mean)
    return found


def _strongest_tree(size: int, pairs: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The spanning tree of the strongest links (Kruskal 1956), the strongest link first."""
    above = list(range(size))

    def root(row: int) -> int:
        while above[row] != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    tree = []
    for a, b, _ in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        if root(a) != root(b):
            above[root(a)] = root(b)
            tree.append((a, b))
    return tree


def _side(size: int, tree: list[tuple[int, int]], without: tuple[int, int]) -> NDArray[np.bool_]:
    """The rows that hang together with the link's first row once the link is cut."""
    near: list[list[int]] = [[] for _ in range(size)]
    for link in tree:
        if link != without:
            near[link[0]].append(link[1])
            near[link[1]].append(link[0])
    side = np.zeros(size, dtype=bool)
    side[without[0]] = True
    waiting = [without[0]]
    while waiting:
        for row in near[waiting.pop()]:
            if not side[row]:
                side[row] = True
                waiting.append(row)
    return side
