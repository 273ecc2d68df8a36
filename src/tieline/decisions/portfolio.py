"""Which lists to buy, and how much of each, under a budget: the best of all ways, by scipy's MILP.

Of each offer one quantity is bought or none. Two things make a list worth less beside another:

- Lists share people, and who is on both is new only once. What two quantities share is taken off
  where both are bought (pairs only: who is on three lists is taken off once too often, so that the
  gain is said too low rather than too high).
- A segment needs so many key players and no more: what goes beyond its `cap` is no gain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

TENTHS = 10
"""Parts of a list that are weighed, beside its minimum and what the budget pays."""
_CENT = 0.005
"""What is missing to a budget by rounding is not missing."""
_THRIFT = 1e-4
"""What spending the whole budget weighs, in units of gain, where nobody said what these are worth:
too little to forgo a gain that could be told apart, and more than the solver's tolerance (1e-6)."""

Shared = Mapping[tuple[str, str], Mapping[str, float]]
"""For two offers in the order of their names: by segment, the gain both have if both are bought
whole. Of parts of them it is the product of the parts."""


@dataclass(frozen=True)
class Choice:
    """A quantity of one offer: `records` of `size`, their `cost`, and the `gains` by segment."""

    offer: str
    records: int
    size: int
    cost: float
    gains: Mapping[str, float]


@dataclass(frozen=True)
class Portfolio:
    """What to buy: its cost, the gain after sharing and caps, and what was made greatest."""

    choices: tuple[Choice, ...]
    cost: float
    gain: float
    objective: float


def quantities(size: int, minimum: int, price: float, fixed: float, budget: float) -> list[int]:
    """The quantities of an offer that are weighed, ascending; none if nothing can be paid.

    A fixed price alone buys the whole list. A minimum above the size is the size.
    """
    if size <= 0 or fixed > budget + _CENT:
        return []
    if price <= 0:
        return [size]
    least = max(min(minimum, size), 1)
    most = min(size, int((budget - fixed + _CENT) / price))
    if most < least:
        return []
    parts = {least, most, *(size * part // TENTHS for part in range(1, TENTHS + 1))}
    return sorted(part for part in parts if least <= part <= most)


def best(
    choices: Sequence[Choice],
    budget: float,
    *,
    shared: Shared | None = None,
    caps: Mapping[str, float] | None = None,
    worth: float | None = None,
) -> Portfolio:
    """The portfolio of greatest gain within the budget; of greatest worth less cost if `worth`.

    `caps` are the gains by segment beyond which nothing is gained; a segment without one has none.
    `worth` is that of one unit of gain in the currency of the costs. Of two that are as good the
    cheaper one is taken.
    """
    shared, caps = shared or {}, caps or {}
    able = [c for c in choices if c.cost <= budget + _CENT and any(v > 0 for v in c.gains.values())]
    if not able:
        return Portfolio((), 0.0, 0.0, 0.0)
    # It takes a third of a second to load.
    from scipy.optimize import Bounds, LinearConstraint, milp

    pairs = _pairs(able, shared)
    segments = sorted({segment for c in able for segment in c.gains})
    count, width = len(able), len(able) + len(pairs) + len(segments)
    costs = np.array([c.cost for c in able])
    # What is bought, what pairs share, what each segment gains: x | z | g.
    objective = np.zeros(width)
    objective[:count] = costs if worth is not None else _THRIFT * costs / max(budget, 1.0)
    objective[count + len(pairs) :] = -1.0 if worth is None else -worth
    rows, upper = _constraints(able, pairs, segments, width)
    rows[0][:count] = costs
    upper[0] = budget + _CENT
    most = np.ones(width)
    most[count + len(pairs) :] = [caps.get(segment, np.inf) for segment in segments]
    least = np.zeros(width)
    least[count + len(pairs) :] = -np.inf
    found = milp(
        objective,
        constraints=LinearConstraint(np.array(rows), -np.inf, upper),
        bounds=Bounds(least, most),
        integrality=np.concatenate([np.ones(count), np.zeros(width - count)]),
        options={"mip_rel_gap": 0.0},
    )
    taken = [c for c, x in zip(able, found.x[:count], strict=True) if x > 0.5]
    return valued(taken, shared=shared, caps=caps, worth=worth)


def valued(
    bought: Sequence[Choice],
    *,
    shared: Shared | None = None,
    caps: Mapping[str, float] | None = None,
    worth: float | None = None,
) -> Portfolio:
    """What choices bring together, after what they share and what segments need."""
    gains: dict[str, float] = {}
    for choice in bought:
        for segment, gain in choice.gains.items():
            gains[segment] = gains.get(segment, 0.0) + gain
    for _, _, lost in _pairs(bought, shared or {}):
        for segment, part in lost.items():
            gains[segment] = gains.get(segment, 0.0) - part
    needed = caps or {}
    gain = sum(min(g, needed.get(segment, np.inf)) for segment, g in gains.items())
    cost = round(sum(choice.cost for choice in bought), 2)
    ordered = tuple(sorted(bought, key=lambda choice: choice.offer))
    return Portfolio(ordered, cost, gain, gain if worth is None else gain * worth - cost)


def _constraints(
    able: Sequence[Choice],
    pairs: Sequence[tuple[int, int, Mapping[str, float]]],
    segments: Sequence[str],
    width: int,
) -> tuple[list[npt.NDArray[np.float64]], list[float]]:
    """Rows of A and their upper bounds; the first row is left to the budget."""
    count = len(able)
    rows, upper = [np.zeros(width)], [0.0]
    for offer in sorted({c.offer for c in able}):
        row = np.zeros(width)
        row[:count] = [c.offer == offer for c in able]
        rows.append(row)
        upper.append(1.0)
    for number, (left, right, _) in enumerate(pairs):
        # Whoever buys both pays what they share: z >= x + x - 1.
        row = np.zeros(width)
        row[[left, right]] = 1.0
        row[count + number] = -1.0
        rows.append(row)
        upper.append(1.0)
    for place, segment in enumerate(segments):
        row = np.zeros(width)
        row[:count] = [-c.gains.get(segment, 0.0) for c in able]
        row[count : count + len(pairs)] = [lost.get(segment, 0.0) for _, _, lost in pairs]
        row[count + len(pairs) + place] = 1.0
        rows.append(row)
        upper.append(0.0)
    return rows, upper


def _pairs(choices: Sequence[Choice], shared: Shared) -> list[tuple[int, int, Mapping[str, float]]]:
    found: list[tuple[int, int, Mapping[str, float]]] = []
    for left, one in enumerate(choices):
        for right in range(left + 1, len(choices)):
            other = choices[right]
            first, second = sorted((one.offer, other.offer))
            whole = shared.get((first, second)) if first != second else None
            if whole:
                parts = one.records / one.size * other.records / other.size
                # No more than the smaller one has.
                lost = {
                    s: min(part * parts, one.gains.get(s, 0.0), other.gains.get(s, 0.0))
                    for s, part in whole.items()
                }
                found.append((left, right, lost))
    return found
