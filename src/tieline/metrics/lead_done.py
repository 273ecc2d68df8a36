"""What people did that a scorecard counts, day by day."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics.response_kinds import folded_wordings_sql, said_sql
from tieline.metrics.response_rules import ResponseRule, number_sql
from tieline.metrics.scorecard import Criterion, Scorecard

_SCHEMA = pa.schema(
    [
        ("product", pa.string()),
        ("version", pa.string()),
        ("criterion", pa.string()),
        ("contact_id", pa.string()),
        ("day", pa.date32()),
        ("responses", pa.int64()),
    ]
)


def lead_done(
    lead_facts: Table, responses: Table, as_of: Table, *, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """What people did that a scorecard counts, or did in a version that was in force before.

    A response after the day of the snapshot does not count.

    question: Who did on which day what counts for which product?
    row: "One person of lead_facts, day, and criterion of one version of a product's scorecard that
      counts what they did on it."
    key: product, version, criterion, contact_id, day
    owner: analyst
    columns:
      product: The product.
      version: The version of its scorecard.
      criterion: The criterion.
      contact_id: The contact.
      day: The day; empty where the responses tell none.
      responses: How many responses there were.
    """
    asked = {
        (card.product, version.version, one.name): one
        for card in scorecards
        if card.of_contacts
        for version in card.versions
        for one in version.criteria
        if one.is_activity
    }
    if not asked:
        return _SCHEMA.empty_table()
    matched = " UNION ALL ".join(_matched(*names, one) for names, one in asked.items())
    return f"""
    WITH wordings AS MATERIALIZED ({folded_wordings_sql(str(responses))})
    SELECT w.product, w.version, w.criterion, r.contact_id, CAST(r.occurred_at AS DATE) AS day,
      count(*) AS responses
    FROM {responses} r CROSS JOIN {as_of} t
    JOIN ({matched}) w ON w.said = {said_sql("r")} AND w.topic = coalesce(r.topic, '')
    WHERE r.contact_id IN (SELECT contact_id FROM {lead_facts})
      AND (r.occurred_at IS NULL OR CAST(r.occurred_at AS DATE) <= t.as_of)
    GROUP BY w.product, w.version, w.criterion, r.contact_id, CAST(r.occurred_at AS DATE)
    """


def _matched(product: str, version: str, name: str, criterion: Criterion) -> str:
    rule = ResponseRule("counts", criterion.kinds, criterion.topics, "")
    return (
        f"SELECT {literal(product)} AS product, {literal(version)} AS version, "
        f"{literal(name)} AS criterion, said, topic FROM wordings "
        f"WHERE {number_sql((rule,), 'kind_words', 'topic_words')} = 0"
    )
