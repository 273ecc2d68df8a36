"""Whether lists may be laid beside each other to estimate what is on none of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tieline.metrics.capture.estimate import NORMAL_95
from tieline.metrics.capture.histories import Histories
from tieline.metrics.capture.many_lists import MOST_LISTS
from tieline.metrics.capture.two_lists import FEWEST_TWICE, chapman

OTHERS = "the other lists"
"""The lists that are too small or too narrow to stand alone, joined."""
OURS, REGISTRIES = "our lists together", "the registries together"
FEWEST_LISTED = 10
"""Things of a list that stands alone; with fewer its overlaps say nothing."""
EXPECTED_ANYWHERE = 8.0
"""A list that has none where so many are expected does not reach there: chance does that once in
3,000 times (Poisson, e^-8)."""
CONTAINED_SHARE = 0.98
"""A list with more than this share of its things on another one looks drawn from it; if the other
one is a census, hardly anything is on neither, and that needs no estimate."""
COPIED_ODDS = 10.0
"""Two lists with a surely higher odds ratio, among things on a third, look copied. Our choice: what
companies differ in (size, industry) seldom makes more than an odds ratio of 5."""

Groups = Mapping[tuple[frozenset[str], str], int]
"""How many things are on exactly these lists in one stratum, such as a country."""


@dataclass(frozen=True)
class Choice:
    """The lists to lay beside each other, and what was done with the others, in words."""

    histories: Histories
    notes: tuple[str, ...]


def choose(groups: Groups) -> Choice:
    """The lists that reach everywhere and have enough; at most five.

    The others are joined to one list, if that reaches everywhere itself.
    """
    strata: Counter[str] = Counter()
    for (_, stratum), many in groups.items():
        strata[stratum] += many
    names = {name for lists, _ in groups for name in lists}
    sizes = {name: _size(groups, {name}) for name in names}
    alone = [
        name
        for name in sorted(names, key=lambda one: (-sizes[one], one))
        if sizes[name] >= FEWEST_LISTED and _reaches(groups, {name}, strata)
    ]
    rest = names - set(alone)
    room = MOST_LISTS if not rest and len(alone) <= MOST_LISTS else MOST_LISTS - 1
    rest |= set(alone[room:])
    lists, notes = alone[:room], []
    if rest:
        whole = _size(groups, rest) >= FEWEST_LISTED and _reaches(groups, rest, strata)
        said = ", ".join(sorted(rest))
        if whole:
            lists.append(OTHERS)
            notes.append(f"{OTHERS} are {said}")
        else:
            notes.append(f"left out, as too small or not reaching everywhere: {said}")
    memberships: Counter[frozenset[str]] = Counter()
    for (on, _), many in groups.items():
        memberships[frozenset(OTHERS if name in rest else name for name in on)] += many
    return _without_contained(lists, memberships, notes)


def _without_contained(
    lists: Sequence[str], memberships: Mapping[frozenset[str], int], notes: Sequence[str]
) -> Choice:
    """Leave out a list that looks drawn from another, where three or more are there to show it."""
    histories = Histories.of(lists, memberships)
    for one, other in combinations(range(len(lists)), 2):
        small, large = sorted((one, other), key=histories.size)
        inside = histories.both(one, other) > CONTAINED_SHARE * histories.size(small)
        if len(lists) > 2 and inside and _surely_copied(histories, one, other):
            said = f"left out, as it looks drawn from {lists[large]}: {lists[small]}"
            kept = [name for name in lists if name != lists[small]]
            return _without_contained(kept, memberships, [*notes, said])
    return Choice(histories, tuple(notes))


def ours_and_registries(groups: Groups, registries: frozenset[str]) -> Groups:
    """The same things on two lists only: all lists of ours joined, and all registries joined.

    Our lists often depend on each other, being made by one company; a registry is not made by it.
    """
    joined: Counter[tuple[frozenset[str], str]] = Counter()
    for (lists, stratum), many in groups.items():
        sides = frozenset(REGISTRIES if name in registries else OURS for name in lists)
        joined[sides, stratum] += many
    return joined


def doubts_of_two(histories: Histories, groups: Groups) -> str:
    """Why the estimate from two lists is not to be used, in words; "" if it may be."""
    n1, n2, both = histories.size(0), histories.size(1), histories.both(0, 1)
    one, other = histories.lists
    if both < FEWEST_TWICE:
        return (
            f"Too little overlap: {both} sites are on both lists, and fewer than {FEWEST_TWICE} "
            "say nothing."
        )
    small, large = (one, other) if n1 <= n2 else (other, one)
    if both > CONTAINED_SHARE * min(n1, n2):
        return (
            f"{both / min(n1, n2):.0%} of {small} is on {large}: one looks drawn from the other, "
            "and two lists that depend on each other say nothing of what is on neither."
        )
    pooled = chapman(histories)
    apart = _by_stratum(histories, groups)
    if apart is not None and not pooled.low <= apart <= pooled.high:
        return (
            f"The lists do not reach everywhere alike: country by country there would be "
            f"{apart:,.0f} sites, taken together {pooled.total:,.0f}."
        )
    return ""


def copied(histories: Histories) -> list[tuple[str, str, float]]:
    """Pairs of lists that look copied from each other, with their odds ratio."""
    return [
        (histories.lists[one], histories.lists[other], _odds(histories, one, other)[0])
        for one, other in combinations(range(len(histories.lists)), 2)
        if _surely_copied(histories, one, other)
    ]


def _surely_copied(histories: Histories, one: int, other: int) -> bool:
    odds, error = _odds(histories, one, other)
    return math.log(odds) - NORMAL_95 * error > math.log(COPIED_ODDS)


def _odds(histories: Histories, one: int, other: int) -> tuple[float, float]:
    """The odds ratio of two lists among things on a third, and the standard error of its log.

    Among things that are on another list in any case the cell "on neither" is seen, so that the
    dependence of both can be. Each cell gets ½ (Haldane, Annals of Human Genetics 20, 1956;
    the standard error is Woolf's, Annals of Human Genetics 19, 1955).
    """
    cells = [[0.5, 0.5], [0.5, 0.5]]
    mask = 1 << one | 1 << other
    for history, many in histories.counts.items():
        if history & ~mask:
            cells[history >> one & 1][history >> other & 1] += many
    (neither, second), (first, both) = cells
    odds = both * neither / (first * second)
    return odds, math.sqrt(sum(1 / cell for row in cells for cell in row))


def _by_stratum(histories: Histories, groups: Groups) -> float | None:
    """Chapman's estimates of the strata, added up; None where one has too little overlap.

    Source: Sekar and Deming, On a method of estimating birth and death rates and the extent of
    registration, JASA 44 (1949).
    """
    total = 0.0
    for stratum in sorted({stratum for _, stratum in groups}):
        inside: Counter[frozenset[str]] = Counter()
        for (on, where), many in groups.items():
            if where == stratum:
                listed = {OTHERS if name not in histories.lists else name for name in on}
                inside[frozenset(listed)] += many
        part = Histories.of(histories.lists, inside)
        if part.both(0, 1) < FEWEST_TWICE:
            return None
        total += chapman(part).total
    return total


def _size(groups: Groups, names: set[str]) -> int:
    return sum(many for (lists, _), many in groups.items() if lists & names)


def _reaches(groups: Groups, names: set[str], strata: Mapping[str, int]) -> bool:
    """Whether a list has things wherever it should have many, going by its size."""
    inside: Counter[str] = Counter()
    for (lists, stratum), many in groups.items():
        if lists & names:
            inside[stratum] += many
    share = sum(inside.values()) / sum(strata.values())
    return not any(
        many * share >= EXPECTED_ANYWHERE and inside[stratum] < many * share / 10
        for stratum, many in strata.items()
    )
