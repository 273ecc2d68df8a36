"""Where a group would most likely come apart, and how strongly the two sides say otherwise.

The evidence between two sides is the mean over all pairs of a row of the one with a row of the
other, each held to `grouping.CLIP` bits; a pair nobody looked at counts `UNSEEN`. Of a hundred
pairs between two accounts one is nearly always strong, so the strongest pair tells nothing. And the
more records the smaller side has, the more of them had their chance to agree: see `DOUBLED`
(docs/explanation/what-to-ask-a-person.md has the figures).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

from tieline.identity.linkage.clustering import components
from tieline.identity.linkage.grouping import CLIP

MICRO = 1_000_000
"""Bits are added up as whole millionths: sums then do not depend on the order of the pairs."""
UNSEEN = -3.0
"""Bits of a pair nobody looked at. Between two groups that share something, contacts are calibrated
best with -2 and accounts with -4 (generated world, 20,000 records); this is between."""
SINGLE = 1.5
"""Bits that the mean underrates a side of one record by."""
DOUBLED = -2.0
"""Bits for every doubling of the records of the smaller side. Both are rounded from a logistic
regression of the truth on the mean and the size (generated world, 20,000 records, seed 1: 1.6 to
2.0 and -1.9 to -2.5 for contacts and accounts) and hold on a world of another seed."""
_UNSEEN = round(UNSEEN * MICRO)


def likely(mean: str, smaller: str) -> str:
    """The SQL expression of the weight in bits that two sides are the same, calibrated."""
    return f"(({mean}) + {SINGLE} + {DOUBLED} * log2({smaller}))"


@dataclass(frozen=True)
class Cuts:
    """The weakest cut of each of several groups.

    `weight` is the mean evidence in bits between the two sides, by group; NaN where the pairs do
    not span a group, so that it is no evidence of rows that holds it together. `first` says of each
    row whether it is on the first side of its group.
    """

    weight: NDArray[np.float64]
    first: NDArray[np.bool_]


def clipped(weight: str) -> str:
    """The SQL expression of a pair's weight as it counts in a mean: whole millionths of a bit."""
    return f"round(least(greatest({weight}, -{CLIP}), {CLIP}) * {MICRO})::BIGINT"


def mean_weight(total: str, seen: str, pairs: str) -> str:
    """The SQL expression of the mean in bits over `pairs`, of which `seen` were looked at."""
    return f"(({total}) + {_UNSEEN} * ({pairs} - {seen})) / {MICRO}.0 / ({pairs})"


def weakest_cuts(
    groups: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weight: NDArray[np.int64],
) -> Cuts:
    """Of each group the division into two sides with the least evidence between them.

    `groups` has the group of each row, 0 to g-1, all of at least two rows; the pairs are rows of
    one group, the smaller one left, with their weight in millionths of a bit, clipped. Tried are
    every row against the rest, and the two sides of the weakest link of the tree of the strongest
    links: of up to three rows all divisions, of more the likely ones.
    """
    sizes = np.bincount(groups)
    link, spanned = _weakest_links(groups, left, right, weight, sizes)
    by_link = _mean(groups, link, left, right, weight, sizes)
    alone = _against_the_rest(groups, left, right, weight, sizes)
    order = np.lexsort((np.arange(len(groups)), alone, groups))
    loneliest = order[np.searchsorted(groups[order], np.arange(len(sizes)))]
    first = np.where((alone[loneliest] < by_link)[groups], False, link)
    first[loneliest[alone[loneliest] < by_link]] = True
    return Cuts(np.where(spanned, np.minimum(by_link, alone[loneliest]), np.nan), first)


def _weakest_links(
    groups: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weight: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Per row, whether it hangs with the left row of its group's weakest link; which are spanned.

    The tree is Kruskal's over ranks, all different: equal weights are decided by the rows.
    """
    rows = len(groups)
    ranks = np.empty(len(left))
    ranks[np.lexsort((right, left, -weight))] = np.arange(1, len(left) + 1)
    tree = minimum_spanning_tree(csr_matrix((ranks, (left, right)), shape=(rows, rows))).tocoo()
    of_edge = groups[tree.row]
    spanned = np.bincount(of_edge, minlength=len(sizes)) == sizes - 1
    weakest = np.zeros(len(sizes))
    np.maximum.at(weakest, of_edge, tree.data)
    cut = tree.data == weakest[of_edge]
    labels = components(rows, tree.row[~cut], tree.col[~cut])
    near = np.full(len(sizes), -1)
    near[of_edge[cut]] = labels[tree.row[cut]]
    return labels == near[groups], spanned


def _mean(
    groups: NDArray[np.int64],
    first: NDArray[np.bool_],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weight: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Per group the mean weight in bits between the first side and the other."""
    across = first[left] != first[right]
    of_pair = groups[left][across]
    total = np.bincount(of_pair, weights=weight[across], minlength=len(sizes))
    seen = np.bincount(of_pair, minlength=len(sizes))
    inside = np.bincount(groups, weights=first, minlength=len(sizes))
    pairs = np.maximum(inside * (sizes - inside), 1)
    mean: NDArray[np.float64] = (total + _UNSEEN * (pairs - seen)) / MICRO / pairs
    return mean


def _against_the_rest(
    groups: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weight: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Per row the mean weight in bits of its pairs with all others of its group."""
    both, twice = np.concatenate([left, right]), np.concatenate([weight, weight])
    total = np.bincount(both, weights=twice, minlength=len(groups))
    seen = np.bincount(both, minlength=len(groups))
    pairs = (sizes - 1)[groups]
    mean: NDArray[np.float64] = (total + _UNSEEN * (pairs - seen)) / MICRO / pairs
    return mean
