"""Who is together where some say "the same" and others "not the same": the stronger word counts.

Every word is a pair that is to be one or is not to be one. Words are taken from the strongest to
the weakest; a pair is joined unless a stronger word stands between the groups it would join, and is
kept apart unless stronger words have joined it already (Wolf et al. 2018, "The Mutex Watershed").
So a word changes what it says and nothing else: joining two whole groups moves no third row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Name = int | str
"""How profiles and groups are told apart."""


@dataclass(frozen=True)
class Row:
    """A row of a contested arena: its profile and the group it was in."""

    node: Name
    group: Name


@dataclass(frozen=True)
class Word:
    """What was said of some rows: each part is one, and with `apart` no two parts are.

    Without `together` the parts themselves are not said to be one.
    """

    parts: tuple[tuple[int, ...], ...]
    together: bool
    apart: bool


class _Groups:
    """Groups of rows that may be joined or kept apart; a group is named by its oldest row."""

    def __init__(self, size: int) -> None:
        self._over = list(range(size))
        self._apart: list[set[int]] = [set() for _ in range(size)]

    def of(self, row: int) -> int:
        """The group of a row."""
        over = self._over
        while over[row] != row:
            over[row] = over[over[row]]
            row = over[row]
        return row

    def join(self, one: int, other: int) -> None:
        """Make two groups one, unless they are kept apart."""
        one, other = sorted((self.of(one), self.of(other)))
        if one == other or other in self._apart[one]:
            return
        self._over[other] = one
        for enemy in self._apart[other]:
            self._apart[enemy].discard(other)
            self._apart[enemy].add(one)
        self._apart[one] |= self._apart[other]
        self._apart[other] = set()

    def join_all(self, rows: Iterable[int]) -> None:
        """Join what may be joined of several rows, the oldest first."""
        seeds: list[int] = []
        for group in sorted({self.of(row) for row in rows}):
            for seed in seeds:
                self.join(seed, group)
                if self.of(seed) == self.of(group):
                    break
            else:
                seeds.append(group)

    def keep_apart(self, rows: Iterable[int], others: Iterable[int]) -> None:
        """Keep two parts apart from now on, where they are not one group already."""
        theirs = {self.of(other) for other in others}
        for one in {self.of(row) for row in rows}:
            for other in theirs - {one}:
                self._apart[one].add(other)
                self._apart[other].add(one)


def settle(
    rows: Sequence[Row], words: Sequence[Word], links: Iterable[tuple[Name, Name, float]]
) -> list[int]:
    """The group of each row, named by the position of its oldest row.

    `rows` stand in order of age, oldest first; `words` speak of them by position, the strongest
    word first. The weakest word is that of the groups the rows were in: rows of one group stay one
    as far as no word forbids. Where it does, rows of one profile stay one first, then those with
    the strongest of `links` (node, node, bits), then, for want of evidence, the oldest.
    """
    groups = _Groups(len(rows))
    for word in words:
        if word.together:
            for part in word.parts:
                groups.join_all(part)
        if word.apart:
            for one, other in combinations(word.parts, 2):
                groups.keep_apart(one, other)
    of_node: dict[tuple[Any, Any], list[int]] = {}
    of_group: dict[Name, list[int]] = {}
    for place, row in enumerate(rows):
        of_node.setdefault((row.group, row.node), []).append(place)
        of_group.setdefault(row.group, []).append(place)
    for alike in of_node.values():
        groups.join_all(alike)
    group_of = {node: group for group, node in of_node}
    for _, one, other in _strongest_first(links, of_node, group_of):
        groups.join_all([*of_node[one], *of_node[other]])
    for members in of_group.values():
        groups.join_all(members)
    return [groups.of(place) for place in range(len(rows))]


def _strongest_first(
    links: Iterable[tuple[Name, Name, float]],
    of_node: dict[tuple[Any, Any], list[int]],
    group_of: dict[Any, Any],
) -> list[tuple[tuple[float, int, int], tuple[Any, Any], tuple[Any, Any]]]:
    """The links that speak for a pair of one group, equal ones in order of age."""
    found = []
    for left, right, bits in links:
        if bits <= 0 or group_of[left] != group_of[right]:
            continue
        one, other = (group_of[left], left), (group_of[right], right)
        oldest = sorted((of_node[one][0], of_node[other][0]))
        found.append(((-bits, oldest[0], oldest[1]), one, other))
    return sorted(found)
