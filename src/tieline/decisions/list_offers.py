"""What each offered list would bring, and for how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from tieline.decisions.offer import ListPlan, Offer
from tieline.decisions.offer_estimates import Share, of_purchases, of_sample, rate
from tieline.engine.tables import Engine, Table

Row = dict[str, Any]
_ENDS = ("", "_low", "_high")


def list_offers(
    list_sample_rows: Table, list_purchases: Table, *, engine: Engine, plan: ListPlan
) -> pa.Table:
    """What each offered list would bring, bought whole, as its sample and earlier purchases say.

    question: What would each offered list bring us, how sure is that, and what does it cost?
    row: One offer of the settings.
    key: offer
    owner: marketer
    columns:
      offer: The offer.
      vendor: Who sells it.
      status: open, bought, or refused where something is wrong with it.
      problem: What is wrong with it, and what to do.
      basis: What the estimate rests on (sample, sample and purchases, purchases, none).
      size: Records of the list.
      minimum: Records that must be taken at least.
      selection: What we would select by, where the vendor lets us.
      orderable: Records that we would order at most, after the selection.
      price: Price of a record, in the plan's currency.
      fixed: Price that does not depend on the records, in the plan's currency.
      currency: Currency of the plan.
      sampled: Rows of the sample.
      selected: Rows of the sample that we would order.
      known: How many of these we have.
      net_new: How many of these are key players in a segment, whom we lack.
      wanted: How many of these are in a segment below its target.
      overlap_share: Share of the records that we have, 0 to 1.
      overlap_share_low: Lower end of its 90 % interval.
      overlap_share_high: Upper end.
      share: Wanted key players per record ordered, 0 to 1.
      share_low: Lower end of its 90 % interval.
      share_high: Upper end.
      told_positives: What sample and purchases are worth together, in wanted key players seen ...
      told_records: ... among so many records. The share follows a Beta distribution with both.
      key_players: Wanted key players expected of all that is orderable.
      key_players_low: Lower end of the 90 % interval.
      key_players_high: Upper end.
      cost: What all that is orderable costs, in the plan's currency.
      per_currency: Wanted key players per unit of the plan's currency.
      per_currency_low: Lower end of the 90 % interval.
      per_currency_high: Upper end.
      opportunities: Deals expected of them, where earlier purchases tell; empty if none do.
      opportunities_low: Lower end, of key players and deals a key player together.
      opportunities_high: Upper end.
      worth: What one key player is worth, in the plan's currency; empty if nobody knows.
      worth_basis: settings, or purchases (what was won per key player that came).
    """
    if not plan.offers:
        return SCHEMA.empty_table()
    counted = {
        row["offer"]: row
        for row in engine.arrow(
            "SELECT offer, count(*) AS sampled, count(*) FILTER (WHERE is_selected) AS selected, "
            "count(*) FILTER (WHERE is_selected AND is_known) AS known, "
            "count(*) FILTER (WHERE is_selected AND is_net_new) AS net_new, "
            "count(*) FILTER (WHERE is_selected AND is_wanted) AS wanted "
            f"FROM {list_sample_rows} GROUP BY offer"
        ).to_pylist()
    }
    purchases = engine.arrow(f"SELECT * FROM {list_purchases} ORDER BY offer").to_pylist()
    rows = [_row(one, counted.get(one.name, {}), purchases, plan) for one in plan.offers]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _row(offer: Offer, counted: Row, purchases: Sequence[Row], plan: ListPlan) -> Row:
    selected, sampled = counted.get("selected", 0), counted.get("sampled", 0)
    orderable = offer.size
    if offer.selectable and sampled:
        orderable = round(offer.size * selected / sampled)
    worth, worth_basis = _worth(purchases, plan)
    row: Row = {
        "offer": offer.name,
        "vendor": offer.vendor,
        "status": "refused" if offer.problem else "bought" if offer.bought else "open",
        "problem": offer.problem or None,
        "size": offer.size,
        "minimum": offer.minimum,
        "selection": ", ".join(offer.selectable) or None,
        "orderable": orderable,
        "price": offer.price * offer.rate,
        "fixed": offer.fixed * offer.rate,
        "currency": plan.currency,
        "sampled": sampled,
        **{n: counted.get(n, 0) for n in ("selected", "known", "net_new", "wanted")},
        "worth": worth,
        "worth_basis": worth_basis,
    }
    basis, share = outlook(offer, counted, purchases)
    row["basis"] = basis
    if offer.problem or share is None:
        return row
    if selected:
        _put(row, "overlap_share", of_sample(counted["known"], selected).interval())
    players = share.count(orderable, orderable)
    cost = offer.cost(orderable)
    _put(row, "share", share.interval())
    _put(row, "key_players", players)
    row |= {"told_positives": share.positives, "told_records": share.sampled, "cost": cost}
    if cost:
        _put(row, "per_currency", players.times(1 / cost))
    came = sum(one["realised"] for one in purchases)
    deals = rate(sum(one["opportunities"] for one in purchases), came)
    if deals is not None:
        row["opportunities"] = players.mean * deals.mean
        row["opportunities_low"] = players.low * deals.low
        row["opportunities_high"] = players.high * deals.high
    return row


def outlook(offer: Offer, counted: Row, purchases: Sequence[Row]) -> tuple[str, Share | None]:
    """What the estimate of an offer rests on, and the share of wanted key players that it says."""
    earlier = [one for one in purchases if one["offer"] != offer.name]
    own = [one for one in earlier if one["vendor"] == offer.vendor]
    if counted.get("selected", 0):
        biases = [one["bias"] for one in own if one["bias"] is not None]
        basis = "sample and purchases" if biases else "sample"
        return basis, of_sample(counted["wanted"], counted["selected"], biases)
    if counted.get("sampled", 0):
        return "sample", of_sample(0, counted["sampled"])
    told = [(one["realised"], one["records"]) for one in earlier if one["records"]]
    if not told:
        return "none", None
    ours = [(one["realised"], one["records"]) for one in own if one["records"]]
    return "purchases", of_purchases(ours, told)


def _worth(purchases: Sequence[Row], plan: ListPlan) -> tuple[float | None, str | None]:
    if plan.worth:
        return plan.worth, "settings"
    came = sum(one["realised"] for one in purchases)
    won = sum(one["won_amount"] for one in purchases)
    return (won / came, "purchases") if came and won else (None, None)


def _put(row: Row, name: str, estimate: Any) -> None:
    for end, value in zip(_ENDS, (estimate.mean, estimate.low, estimate.high), strict=True):
        row[name + end] = value


def _numbers(*names: str) -> list[tuple[str, pa.DataType]]:
    return [(name + end, pa.float64()) for name in names for end in _ENDS]


SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("offer", "vendor", "status", "problem", "basis")),
        ("size", pa.int64()),
        ("minimum", pa.int64()),
        ("selection", pa.string()),
        ("orderable", pa.int64()),
        ("price", pa.float64()),
        ("fixed", pa.float64()),
        ("currency", pa.string()),
        *((n, pa.int64()) for n in ("sampled", "selected", "known", "net_new", "wanted")),
        *_numbers("overlap_share", "share"),
        ("told_positives", pa.float64()),
        ("told_records", pa.float64()),
        *_numbers("key_players"),
        ("cost", pa.float64()),
        *_numbers("per_currency", "opportunities"),
        ("worth", pa.float64()),
        ("worth_basis", pa.string()),
    ]
)
