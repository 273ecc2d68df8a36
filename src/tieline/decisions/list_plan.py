"""Whether to buy, which lists and how much of them, for a budget and for others beside it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tieline.decisions.buying import Market, budgets, buy, of_choice, players, verdict, why
from tieline.decisions.offer import ListPlan
from tieline.engine.tables import Engine, Table

Row = dict[str, Any]


def list_offer_overlaps(
    list_offers: Table, list_sample_rows: Table, *, engine: Engine, plan: ListPlan
) -> pa.Table | str:
    """Wanted key players that two open offers both have, as far as their samples tell.

    Of the wanted ones in the sample of one, so many stand in the sample of the other; that sample
    is a part of its list, so they are as many times more there. The mean of both directions counts,
    and no more than the smaller of both has. Samples with different salts cannot be compared.

    question: How many of the people we would buy are on two of the lists?
    row: One segment of one pair of offers whose samples share somebody wanted.
    key: offer, other, segment
    owner: marketer
    columns:
      offer: The offer whose name comes first.
      other: The other offer.
      segment: The segment.
      in_both: Wanted people of one sample who stand in the other one.
      key_players: How many wanted key players both lists have, if both are bought whole.
    """
    if len([one for one in plan.offers if one.sample and not one.bought]) < 2:
        return pa.schema(
            [
                *((name, pa.string()) for name in ("offer", "other", "segment")),
                ("in_both", pa.int64()),
                ("key_players", pa.float64()),
            ]
        ).empty_table()
    return f"""
    WITH able AS (
      SELECT offer, selected, orderable, wanted, key_players, selected / orderable AS shown
      FROM {list_offers} WHERE status = 'open' AND selected > 0 AND orderable > 0
    ), common AS (
      SELECT a.offer, b.offer AS other, a.segment, count(DISTINCT a.email_hash) AS in_both
      FROM {list_sample_rows} a JOIN {list_sample_rows} b
        ON b.email_hash = a.email_hash AND b.offer <> a.offer AND b.is_selected
      WHERE a.is_wanted AND a.is_selected GROUP BY ALL
    ), scaled AS (
      SELECT c.offer, c.other, c.segment, c.in_both,
        least(a.key_players, b.key_players,
          a.key_players * least(c.in_both / least(b.shown, 1) / a.wanted, 1)) AS key_players
      FROM common c JOIN able a ON a.offer = c.offer JOIN able b ON b.offer = c.other
    )
    SELECT least(offer, other) AS offer, greatest(offer, other) AS other, segment,
      max(in_both)::BIGINT AS in_both, avg(key_players) AS key_players
    FROM scaled GROUP BY least(offer, other), greatest(offer, other), segment
    """


def list_plan(
    list_offers: Table,
    list_offer_segments: Table,
    list_offer_overlaps: Table,
    *,
    engine: Engine,
    plan: ListPlan,
) -> pa.Table:
    """The best purchase for the budget of the settings, and for others to see where it ends.

    question: Should we buy lists, for how much, and where does it stop paying?
    row: One budget.
    key: budget
    owner: executive
    columns:
      budget: What may be spent, in the plan's currency.
      is_chosen: Whether it is the budget of the settings.
      verdict: buy or do not buy.
      reason: Why.
      offers: How many lists are bought.
      records: How many records.
      cost: What they cost.
      key_players: Wanted key players expected, who is on two lists once, as far as needed.
      key_players_low: Lower end of the 90 % interval.
      key_players_high: Upper end.
      cost_per_key_player: What one costs.
      next_cost: What one more costs that this budget buys beside the one before; empty for none.
      worth: What a key player is worth; empty if nobody knows.
      pays_up_to: What the best purchase costs without any limit; more buys nothing that pays.
    """
    if not plan.offers:
        return _PLAN.empty_table()
    market = read_market(engine, list_offers, list_offer_segments, list_offer_overlaps)
    return pa.Table.from_pylist(plan_rows(market, plan.budget), schema=_PLAN)


def list_plan_lines(
    list_offers: Table,
    list_offer_segments: Table,
    list_offer_overlaps: Table,
    *,
    engine: Engine,
    plan: ListPlan,
) -> pa.Table:
    """Each offer in the plan: how much of it is bought, and why, or why not.

    question: Which lists do we buy, how much of each, and why not the others?
    row: One offer, for the budget of the settings.
    key: offer
    owner: marketer
    columns:
      offer: The offer.
      budget: What may be spent, in the plan's currency.
      records: Records to buy; 0 for none.
      cost: What they cost, in the plan's currency.
      key_players: Wanted key players expected of them, by this list alone.
      key_players_low: Lower end of the 90 % interval.
      key_players_high: Upper end.
      selection: What to select by.
      reason: Why it is bought, or not.
    """
    if not plan.offers:
        return _LINES.empty_table()
    market = read_market(engine, list_offers, list_offer_segments, list_offer_overlaps)
    return pa.Table.from_pylist(line_rows(market, plan.budget), schema=_LINES)


def read_market(engine: Engine, offers: object, segments: object, overlaps: object) -> Market:
    """The tables of offers as the plan takes them."""
    return Market(
        engine.arrow(f"SELECT * FROM {offers} ORDER BY offer").to_pylist(),
        engine.arrow(f"SELECT * FROM {segments} ORDER BY offer, segment").to_pylist(),
        engine.arrow(f"SELECT * FROM {overlaps} ORDER BY ALL").to_pylist(),
    )


def plan_rows(market: Market, chosen: float) -> list[Row]:
    """A row of `list_plan` for the chosen budget and the others, ascending."""
    everything = sum(o["cost"] for o in market.able)
    unlimited = buy(market, max(everything, chosen))
    rows: list[Row] = []
    for budget in budgets(market, chosen):
        found = buy(market, budget)
        said = players(market, found)
        answer, reason = verdict(market, budget, found)
        before = rows[-1] if rows else {"cost": 0.0, "key_players": 0.0}
        more = said.mean - before["key_players"]
        rows.append(
            {
                "budget": budget,
                "is_chosen": budget == chosen,
                "verdict": answer,
                "reason": reason,
                "offers": len(found.choices),
                "records": sum(choice.records for choice in found.choices),
                "cost": found.cost,
                "key_players": said.mean,
                "key_players_low": said.low,
                "key_players_high": said.high,
                "cost_per_key_player": found.cost / said.mean if said.mean > 0 else None,
                "next_cost": (found.cost - before["cost"]) / more if more > 0.5 else None,
                "worth": market.worth,
                "pays_up_to": unlimited.cost,
            }
        )
    return rows


def line_rows(market: Market, budget: float) -> list[Row]:
    """A row of `list_plan_lines` for each offer."""
    found = buy(market, budget)
    bought = {choice.offer: choice for choice in found.choices}
    rows = []
    for offer in market.offers:
        choice = bought.get(offer["offer"])
        said = of_choice(market, choice) if choice else None
        rows.append(
            {
                "offer": offer["offer"],
                "budget": budget,
                "records": choice.records if choice else 0,
                "cost": choice.cost if choice else 0.0,
                "key_players": said.mean if said else 0.0,
                "key_players_low": said.low if said else 0.0,
                "key_players_high": said.high if said else 0.0,
                "selection": offer["selection"],
                "reason": why(market, offer, found, budget),
            }
        )
    return rows


_PLAYERS = tuple(f"key_players{end}" for end in ("", "_low", "_high"))
_PLAN = pa.schema(
    [
        ("budget", pa.float64()),
        ("is_chosen", pa.bool_()),
        ("verdict", pa.string()),
        ("reason", pa.string()),
        ("offers", pa.int64()),
        ("records", pa.int64()),
        *((n, pa.float64()) for n in ("cost", *_PLAYERS, "cost_per_key_player", "next_cost")),
        ("worth", pa.float64()),
        ("pays_up_to", pa.float64()),
    ]
)
_LINES = pa.schema(
    [
        ("offer", pa.string()),
        ("budget", pa.float64()),
        ("records", pa.int64()),
        ("cost", pa.float64()),
        *((name, pa.float64()) for name in _PLAYERS),
        ("selection", pa.string()),
        ("reason", pa.string()),
    ]
)
