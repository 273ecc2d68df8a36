"""Chains of parents over numbered members: their ends, and the circles in them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def climb(parent: Ints) -> Ints:
    """The end of each one's chain, by doubling the stride; a root is its own parent."""
    end = parent
    for _ in range(max(1, len(parent).bit_length())):
        further = end[end]
        if np.array_equal(further, end):
            break
        end = further
    return end


def without_circles(parent: Ints) -> tuple[Ints, Flags]:
    """The parents with every link inside a circle cut, and who is in one.

    After as many steps as there are members, each chain is at its root or in its circle, and every
    member of a circle is where some chain has got to: its own, that many steps before.
    """
    itself = np.arange(len(parent), dtype=np.int64)
    reached = np.zeros(len(parent), dtype=bool)
    reached[climb(parent)] = True
    circles = reached & (parent != itself)
    return np.where(circles, itself, parent), circles
