"""What lists that were bought brought, against what their samples had said."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.decisions.offer import ListPlan, Offer
from tieline.decisions.offer_estimates import log_odds, of_sample
from tieline.engine.tables import Engine, Table

Row = dict[str, Any]


def list_purchases(
    list_sample_rows: Table,
    records: Table,
    record_entities: Table,
    key_players: Table,
    universe: Table,
    coverage: Table,
    opportunities: Table,
    *,
    engine: Engine,
    plan: ListPlan,
) -> pa.Table:
    """What each bought list brought, and what had been predicted of it.

    Known before is who stands in a source that came before the list did. What was predicted is
    what the sample says with what was known before, of as many records as were delivered.

    question: Did the lists we bought bring what their samples promised, and what did it cost?
    row: One offer that was bought.
    key: offer
    owner: marketer
    better: up
    columns:
      offer: The offer.
      vendor: Who sold it.
      source: The source that it became.
      bought_on: The day on which it was bought.
      records: How many readable records were delivered.
      cost: What they cost, in the plan's currency.
      sampled: How many rows of the sample would have been ordered.
      sample_net_new: How many of these were net-new key players, as of then.
      predicted: Net-new key players that the sample said of so many records; empty without.
      predicted_low: Lower end of the 90 % interval.
      predicted_high: Upper end of it.
      realised: Net-new key players that came.
      realised_share: Net-new key players per record delivered.
      as_predicted: Whether what came lies in the interval.
      bias: Log odds of the realised share less the sample's; below 0, it promised too much.
      cost_per_key_player: What one net-new key player cost, in the plan's currency.
      opportunities: Deals at the contacts that the list brought, since.
      won: How many of these were won.
      won_amount: What the won deals are worth, of those in the plan's currency.
    """
    bought = [one for one in plan.offers if one.bought and not one.problem]
    if not bought:
        return _SCHEMA.empty_table()
    sampled = {
        row["offer"]: row
        for row in engine.arrow(
            "SELECT offer, count(*) AS sampled, count(*) FILTER (WHERE is_net_new) AS net_new "
            f"FROM {list_sample_rows} WHERE is_selected GROUP BY offer"
        ).to_pylist()
    }
    names = ", ".join(literal(one.bought) for one in bought)
    engine.create("bought_people", _people(records, record_entities, names))
    came = {
        row["source"]: row
        for row in engine.arrow(
            _came(records, key_players, universe, coverage, opportunities, names, plan.currency)
        ).to_pylist()
    }
    rows = [
        _row(one, came.get(one.bought, {}), sampled.get(one.name, {}), plan)
        for one in sorted(bought, key=lambda one: one.name)
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _people(records: Table, record_entities: Table, names: str) -> str:
    """The contacts of bought sources, and whether another source had them before."""
    return f"""
    WITH came AS (
      SELECT source, min(arrival) AS arrival FROM {records} WHERE source IN ({names})
      GROUP BY source
    )
    SELECT c.source, e.contact_id,
      bool_or(r.source <> c.source AND r.arrival < c.arrival) AS was_known
    FROM came c
    JOIN (SELECT DISTINCT source, contact_id FROM {record_entities}
          WHERE contact_id IS NOT NULL AND source IN ({names})) o USING (source)
    JOIN {record_entities} e ON e.contact_id = o.contact_id
    JOIN {records} r ON r.record_id = e.record_id
    GROUP BY c.source, e.contact_id
    """


def _came(
    records: Table,
    key_players: Table,
    universe: Table,
    coverage: Table,
    opportunities: Table,
    names: str,
    currency: str,
) -> str:
    return f"""
    WITH counted AS (
      SELECT source, count(*) AS records FROM {records}
      WHERE source IN ({names}) AND unreadable IS NULL GROUP BY source
    ), players AS (
      SELECT b.source, count(DISTINCT b.contact_id) AS realised FROM bought_people b
      JOIN {key_players} k ON k.contact_id = b.contact_id
      JOIN {universe} u ON u.site_id = k.site_id
      JOIN {coverage} c ON c.segment = u.segment AND c.product = k.product
      WHERE NOT b.was_known GROUP BY b.source
    ), deals AS (
      SELECT b.source, count(DISTINCT o.opportunity_id) AS opportunities,
        count(DISTINCT o.opportunity_id) FILTER (WHERE o.outcome = 'won') AS won,
        sum(o.amount) FILTER (WHERE o.outcome = 'won' AND o.currency = {literal(currency)})
          AS won_amount
      FROM bought_people b JOIN {opportunities} o ON o.contact_id = b.contact_id
      WHERE NOT b.was_known GROUP BY b.source
    )
    SELECT c.source, c.records, coalesce(p.realised, 0) AS realised,
      coalesce(d.opportunities, 0) AS opportunities, coalesce(d.won, 0) AS won,
      coalesce(d.won_amount, 0) AS won_amount
    FROM counted c LEFT JOIN players p USING (source) LEFT JOIN deals d USING (source)
    """


def _row(offer: Offer, came: dict[str, int], sampled: dict[str, int], plan: ListPlan) -> Row:
    delivered, realised = came.get("records", 0), came.get("realised", 0)
    looked_at, seen = sampled.get("sampled", 0), sampled.get("net_new", 0)
    row: Row = {
        "offer": offer.name,
        "vendor": offer.vendor,
        "source": offer.bought,
        "bought_on": offer.bought_on,
        "records": delivered,
        "cost": offer.cost(delivered),
        "sampled": looked_at,
        "sample_net_new": seen,
        "realised": realised,
        "realised_share": realised / delivered if delivered else None,
        "cost_per_key_player": offer.cost(delivered) / realised if realised else None,
        "opportunities": came.get("opportunities", 0),
        "won": came.get("won", 0),
        "won_amount": float(came.get("won_amount", 0)),
    }
    if looked_at and delivered:
        said = of_sample(seen, looked_at).count(delivered, max(offer.size, delivered + 1))
        row |= {
            "predicted": said.mean,
            "predicted_low": said.low,
            "predicted_high": said.high,
            "as_predicted": said.low <= realised <= said.high,
            "bias": log_odds(realised, delivered) - log_odds(seen, looked_at),
        }
    return row


_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("offer", "vendor", "source")),
        ("bought_on", pa.date32()),
        ("records", pa.int64()),
        ("cost", pa.float64()),
        ("sampled", pa.int64()),
        ("sample_net_new", pa.int64()),
        *((name, pa.float64()) for name in ("predicted", "predicted_low", "predicted_high")),
        ("realised", pa.int64()),
        ("realised_share", pa.float64()),
        ("as_predicted", pa.bool_()),
        ("bias", pa.float64()),
        ("cost_per_key_player", pa.float64()),
        ("opportunities", pa.int64()),
        ("won", pa.int64()),
        ("won_amount", pa.float64()),
    ]
)
