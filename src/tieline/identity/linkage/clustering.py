"""From pairs to groups, such that one wrong pair cannot chain two groups together.

Greedy additive edge contraction (Keuper et al. 2015, "Efficient Decomposition of Image and Mesh
Graphs by Lifted Multicuts", section 4): the two groups with the most evidence for each other are
joined first; the evidence between two groups is the sum over their pairs, for and against.
"""

from __future__ import annotations

import heapq
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def components(size: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """The connected component of each of `size` nodes; its smallest node is its label."""
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    first = np.full(labels.max(initial=-1) + 1, size, dtype=np.int64)
    np.minimum.at(first, labels, np.arange(size))
    result: NDArray[np.int64] = first[labels]
    return result


UNSEEN = -2.0
"""Bits for a pair inside a component that nobody looked at: what is alike is mostly proposed."""


def contract(sizes: dict[int, int], pairs: list[tuple[int, int, float, int]]) -> dict[int, int]:
    """Group the nodes of one component: the label of a group is its smallest node.

    `sizes` says how many rows each node stands for; `pairs` are (node, node, sum of the weights
    between their rows, how many of those pairs were looked at). A pair nobody looked at weighs
    `UNSEEN`. Deterministic: ties go to the smaller labels.
    """
    rows = dict(sizes)
    members = {node: [node] for node in sizes}
    known: dict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
    for a, b, weight, count in pairs:
        known[a][b] = known[b][a] = (weight, count)

    def evidence(a: int, b: int) -> float:
        total, seen = known[a][b]
        return total + UNSEEN * (rows[a] * rows[b] - seen)

    heap = [(-evidence(a, b), min(a, b), max(a, b)) for a, b, _, _ in pairs if evidence(a, b) > 0]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or evidence(a, b) != -negative:
            continue
        members[a] += members.pop(b)
        rows[a] += rows.pop(b)
        del known[a][b]
        for other, (weight, seen) in known.pop(b).items():
            if other == a:
                continue
            del known[other][b]
            total, count = known[a].get(other, (0.0, 0))
            known[a][other] = known[other][a] = (total + weight, count + seen)
        for other in known[a]:
            total = evidence(a, other)
            if total > 0:
                heapq.heappush(heap, (-total, min(a, other), max(a, other)))
    return {node: group for group, nodes in members.items() for node in nodes}
