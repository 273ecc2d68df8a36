"""Lists that vendors offer, as the settings name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tieline.decisions.offer_sample import Sample

SELECTABLE = ("function", "level", "segment", "country")
"""Fields by which a vendor lets us choose the records we pay for."""


@dataclass(frozen=True)
class Offer:
    """One list that can be bought.

    `price` per record and `fixed` price in `currency`, of which one is worth `rate` of the plan's
    currency; `size` records of which at least `minimum` must be taken. `problem` says why the offer
    cannot be weighed, '' for none. `bought` names the source that a purchase became.
    """

    name: str
    vendor: str
    price: float
    fixed: float
    currency: str
    rate: float
    size: int
    minimum: int
    selectable: tuple[str, ...] = ()
    sample: Sample | None = None
    problem: str = ""
    bought: str = ""
    bought_on: date | None = None

    def cost(self, records: int) -> float:
        """What so many records cost in the plan's currency."""
        return round((self.fixed + self.price * records) * self.rate, 2)


@dataclass(frozen=True)
class ListPlan:
    """What a plan may spend, in which currency, and what a key player is worth to us.

    `worth` is what one may cost at most, 0 where nobody said. `offers` are those of the settings in
    the order of their names.
    """

    currency: str = "EUR"
    budget: float = 0.0
    worth: float = 0.0
    offers: tuple[Offer, ...] = ()
