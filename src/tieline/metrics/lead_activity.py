"""What people did that a scorecard counts, and how much it counts today."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics import score_expressions as sql
from tieline.metrics.scorecard import Scorecard

_SCHEMA = pa.schema(
    [
        ("product", pa.string()),
        ("criterion", pa.string()),
        ("contact_id", pa.string()),
        ("counted", pa.float64()),
        ("responses", pa.int64()),
        ("last_on", pa.date32()),
    ]
)


def lead_activity(
    lead_done: Table, as_of: Table, *, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """What people did that a scorecard counts.

    A response counts half after each half-life; one without a day counts as one half-life old.

    question: Who did what that counts for which product, and how much does it count today?
    row: One person of lead_facts who did what one criterion of one product asks for.
    key: product, criterion, contact_id
    owner: analyst
    columns:
      product: The product.
      criterion: The criterion of its scorecard.
      contact_id: The contact.
      counted: As how many responses of today it counts, at most as many as the criterion says.
      responses: How many responses there were.
      last_on: The day of the newest; empty where none tells a day.
    """
    asked = [
        (card, one)
        for card in scorecards
        if card.of_contacts
        for one in card.criteria
        if one.is_activity
    ]
    if not asked:
        return _SCHEMA.empty_table()
    rules = ", ".join(
        f"({literal(card.product)}, {literal(card.version)}, {literal(one.name)}, "
        f"{sql.number(one.half_life_days)}, {sql.number(one.most)})"
        for card, one in asked
    )
    weight = sql.weight("d.day", "t.as_of", "a.half_life_days")
    return f"""
    SELECT d.product, d.criterion, d.contact_id,
      least(round(sum(d.responses * {weight}), 6), max(a.most)) AS counted,
      CAST(sum(d.responses) AS BIGINT) AS responses, max(d.day) AS last_on
    FROM {lead_done} d CROSS JOIN {as_of} t
    JOIN (VALUES {rules}) a (product, version, criterion, half_life_days, most)
      ON a.product = d.product AND a.version = d.version AND a.criterion = d.criterion
    GROUP BY d.product, d.criterion, d.contact_id
    """
