"""Who is on which lists: the counts that every estimate is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Histories:
    """How many things have which capture history.

    `lists` are the names; `counts` maps a history (a bit per list, the first list the lowest bit)
    to the number of things that are on exactly these lists. History 0, on no list, is never there.
    """

    lists: tuple[str, ...]
    counts: Mapping[int, int]

    @classmethod
    def of(cls, lists: Sequence[str], memberships: Mapping[frozenset[str], int]) -> Histories:
        """Count the memberships: how many are on which lists; lists not named are left out."""
        bits = {name: 1 << place for place, name in enumerate(lists)}
        counts: dict[int, int] = {}
        for membership, many in memberships.items():
            history = sum(bits.get(name, 0) for name in membership)
            if history:
                counts[history] = counts.get(history, 0) + many
        return cls(tuple(lists), counts)

    @property
    def seen(self) -> int:
        """How many things are on at least one list."""
        return sum(self.counts.values())

    def size(self, place: int) -> int:
        """How many are on the list at a place."""
        return sum(n for history, n in self.counts.items() if history >> place & 1)

    def both(self, one: int, other: int) -> int:
        """How many are on both lists."""
        wanted = 1 << one | 1 << other
        return sum(n for history, n in self.counts.items() if history & wanted == wanted)

    @property
    def twice(self) -> int:
        """How many are on two lists or more."""
        return sum(n for history, n in self.counts.items() if history.bit_count() > 1)

    @cached_property
    def cells(self) -> tuple[npt.NDArray[np.int64], Counts]:
        """Every possible history but 0, and how many have it; 2^lists - 1 of both."""
        histories = np.arange(1, 1 << len(self.lists), dtype=np.int64)
        found = np.array([self.counts.get(int(one), 0) for one in histories], dtype=np.float64)
        return histories, found
