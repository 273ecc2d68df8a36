"""What to buy under a budget, and why not the rest, from the tables of offers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tieline.decisions.offer_estimates import Estimate, Share
from tieline.decisions.portfolio import Choice, Portfolio, best, quantities

Row = dict[str, Any]
STEPS = 10
"""Budgets that are tried beside the one that is set: tenths of what all lists cost."""


@dataclass(frozen=True)
class Market:
    """What can be bought: rows of `list_offers`, `list_offer_segments`, and pairs that overlap.

    `shared` are rows (offer, other, segment, key_players): wanted key players that both lists have.
    """

    offers: Sequence[Row]
    segments: Sequence[Row]
    shared: Sequence[Row]

    @property
    def able(self) -> list[Row]:
        """The offers that can be weighed."""
        return [o for o in self.offers if o["status"] == "open" and o["share"] is not None]

    @property
    def worth(self) -> float | None:
        """What a key player is worth; None if nobody knows."""
        found: float | None = next((o["worth"] for o in self.offers), None)
        return found

    def caps(self) -> dict[str, float]:
        """New key players that each segment needs; none for no end."""
        return {r["segment"]: r["needed"] for r in self.segments if r["needed"] is not None}


def buy(market: Market, budget: float) -> Portfolio:
    """The best portfolio for a budget."""
    parts: dict[str, dict[str, float]] = defaultdict(dict)
    for row in market.segments:
        parts[row["offer"]][row["segment"]] = row["part"]
    choices = [
        Choice(o["offer"], n, o["orderable"], _cost(o, n), _gains(o, n, parts[o["offer"]]))
        for o in market.able
        for n in quantities(o["orderable"], o["minimum"], o["price"], o["fixed"], budget)
    ]
    return best(choices, budget, shared=_shared(market), caps=market.caps(), worth=market.worth)


def _cost(offer: Row, records: int) -> float:
    return float(round(offer["fixed"] + offer["price"] * records, 2))


def _gains(offer: Row, records: int, parts: Mapping[str, float]) -> dict[str, float]:
    whole: float = offer["key_players"] / max(offer["orderable"], 1) * records
    return {segment: whole * part for segment, part in parts.items() if part > 0}


def _shared(market: Market) -> dict[tuple[str, str], dict[str, float]]:
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in market.shared:
        found[row["offer"], row["other"]][row["segment"]] = row["key_players"]
    return found


def players(market: Market, portfolio: Portfolio) -> Estimate:
    """Key players of a portfolio: what is wanted of it, with the intervals of its lists together.

    The lists' errors are taken to be independent, so their squares add up.
    """
    below = above = 0.0
    for choice in portfolio.choices:
        one = of_choice(market, choice)
        below += (one.mean - one.low) ** 2
        above += (one.high - one.mean) ** 2
    mean = portfolio.gain
    return Estimate(mean, max(mean - math.sqrt(below), 0.0), mean + math.sqrt(above))


def of_choice(market: Market, choice: Choice) -> Estimate:
    """Key players of one quantity of one offer, by itself."""
    offer = next(o for o in market.offers if o["offer"] == choice.offer)
    share = Share(
        offer["told_positives"], offer["told_records"], offer["wanted"], offer["selected"]
    )
    return share.count(choice.records, offer["orderable"])


def budgets(market: Market, chosen: float) -> list[float]:
    """The budgets to compare: steps up to the price of all lists, and the one that is set."""
    everything = sum(_cost(o, o["orderable"]) for o in market.able)
    steps = [round(everything * n / STEPS, 2) for n in range(1, STEPS + 1)] if everything else []
    return sorted({*steps, chosen})


def verdict(market: Market, budget: float, portfolio: Portfolio) -> tuple[str, str]:
    """Whether to buy, and why or why not, in a sentence."""
    if portfolio.choices:
        return "buy", f"{portfolio.gain:,.0f} wanted key players for {portfolio.cost:,.2f}"
    return "do not buy", _why_nothing(market, budget)


def _why_nothing(market: Market, budget: float) -> str:
    if not market.able:
        if any(o["status"] == "open" for o in market.offers):
            return "no offer has a sample, and no earlier purchase tells what lists are worth"
        return "no offer can be weighed: see the problems in list_offers"
    if budget <= 0:
        return "there is no budget: write budget into [list_plan], or give --budget"
    if not market.segments:
        return "no segment has a product with key players, so nobody is wanted"
    if all(need == 0 for need in market.caps().values()) and market.caps():
        return "every segment has reached its target: nobody is wanted"
    if all(o["wanted"] == 0 for o in market.able):
        return "no sample has a key player we lack"
    cheapest = min(_least(o) for o in market.able)
    if cheapest > budget + 0.005:
        return f"the smallest order costs {cheapest:,.2f}, more than the budget"
    if market.worth is not None:
        price = min(o["cost"] / o["key_players"] for o in market.able if o["key_players"])
        return (
            f"a key player costs {price:,.2f} at least and is worth {market.worth:,.2f}: "
            "nothing pays"
        )
    return "nothing that the budget pays brings a wanted key player"


def _least(offer: Row) -> float:
    records = offer["orderable"] if offer["price"] <= 0 else min(
        max(offer["minimum"], 1), offer["orderable"]
    )  # fmt: skip
    return _cost(offer, records)


def why(market: Market, offer: Row, portfolio: Portfolio, budget: float) -> str:
    """Why an offer is bought, or is not."""
    if offer["status"] == "refused":
        return str(offer["problem"])
    if offer["status"] == "bought":
        return "bought already: see list_purchases"
    if offer["share"] is None:
        return "nothing tells what it holds: ask for a sample (tieline offer hash)"
    each = offer["cost"] / offer["key_players"] if offer["key_players"] else math.inf
    if any(choice.offer == offer["offer"] for choice in portfolio.choices):
        worth = "" if market.worth is None else f", worth {market.worth:,.2f}"
        return f"a wanted key player costs {each:,.2f}{worth}"
    if offer["sampled"] and not offer["wanted"]:
        return "nobody in its sample is a key player we lack, in a segment below its target"
    if _least(offer) > budget + 0.005:
        return f"its smallest order costs {_least(offer):,.2f}, more than the budget"
    if market.worth is not None and each > market.worth:
        return f"a wanted key player costs {each:,.2f} and is worth {market.worth:,.2f}"
    return f"others bring more for the money, or the same people: one costs {each:,.2f} here"
