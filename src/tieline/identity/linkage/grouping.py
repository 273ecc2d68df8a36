"""Which rows form one group, given the scored pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tieline.identity.linkage.clustering import components, contract
from tieline.identity.linkage.scoring import FORBIDDEN, Scored, bits

CLIP = 12.0
"""In a group's sum one pair counts at most this many bits, so that no single pair decides alone."""


def group(size: int, scored: Scored, probability: float) -> NDArray[np.int64]:
    """Label each of `size` nodes with the smallest node of its group.

    Pairs of at least `probability` connect; a component that holds evidence against itself is
    divided such that its groups hold together (see `clustering.contract`).
    """
    threshold = bits(probability)
    strong = scored.weight >= threshold
    labels = components(size, scored.left[strong], scored.right[strong])
    inside = labels[scored.left] == labels[scored.right]
    doubtful = np.zeros(size, dtype=bool)
    doubtful[labels[scored.left[inside & ~strong]]] = True
    votes = np.where(scored.weight <= FORBIDDEN / 2, FORBIDDEN, np.clip(scored.weight, -CLIP, CLIP))
    result = labels.copy()
    nodes: dict[int, list[int]] = {}
    for node in np.flatnonzero(doubtful[labels]).tolist():
        nodes.setdefault(int(labels[node]), []).append(node)
    pairs: dict[int, list[tuple[int, int, float]]] = {label: [] for label in nodes}
    use = np.flatnonzero(inside & doubtful[labels[scored.left]])
    for label, a, b, vote in zip(
        labels[scored.left[use]].tolist(),
        scored.left[use].tolist(),
        scored.right[use].tolist(),
        votes[use].tolist(),
        strict=True,
    ):
        pairs[label].append((a, b, vote))
    for label in sorted(nodes):
        for node, smallest in contract(nodes[label], pairs[label]).items():
            result[node] = smallest
    return result
