"""What people did that a scorecard counts, and how much it counts today."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics import score_expressions as sql
from tieline.metrics.response_kinds import said_sql, wordings_sql
from tieline.metrics.response_rules import ResponseRule, StageLimits
from tieline.metrics.scorecard import Criterion, Scorecard

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
    lead_facts: Table, responses: Table, as_of: Table, *, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """What people did that a scorecard counts.

    A response counts half after each half-life; one without a day counts as one half-life old; one
    after the day of the snapshot counts nothing.

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
    selects = [
        _select(card, one, lead_facts, responses, as_of)
        for card in scorecards
        if card.of_contacts
        for one in card.criteria
        if one.is_activity
    ]
    return " UNION ALL ".join(selects) or _SCHEMA.empty_table()


def _select(
    card: Scorecard, criterion: Criterion, facts: Table, responses: Table, as_of: Table
) -> str:
    rule = ResponseRule("counts", criterion.kinds, criterion.topics, "")
    wordings = wordings_sql(str(responses), StageLimits(0, 0, (rule,)))
    half = sql.number(criterion.half_life_days)
    age = (
        f"CASE WHEN r.occurred_at IS NULL THEN {half} "
        "ELSE CAST(t.as_of - CAST(r.occurred_at AS DATE) AS DOUBLE) END"
    )
    weight = f"pow(2.0, -({age}) / {half})" if criterion.half_life_days else "1.0"
    return f"""
    SELECT {literal(card.product)} AS product, {literal(criterion.name)} AS criterion, r.contact_id,
      least(round(sum({weight}), 6), {sql.number(criterion.most)}) AS counted,
      count(*) AS responses, max(CAST(r.occurred_at AS DATE)) AS last_on
    FROM {responses} r CROSS JOIN {as_of} t
    JOIN ({wordings}) w ON w.number = 0 AND w.said = {said_sql("r")}
      AND w.topic = coalesce(r.topic, '')
    WHERE r.contact_id IN (SELECT contact_id FROM {facts})
      AND (r.occurred_at IS NULL OR CAST(r.occurred_at AS DATE) <= t.as_of)
    GROUP BY r.contact_id
    """
