"""The receipt of every score: which criterion gave how many points, and for what."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics import score_expressions as sql
from tieline.metrics.scorecard import Criterion, Scorecard

_SCHEMA = pa.schema(
    [
        ("product", pa.string()),
        ("contact_id", pa.string()),
        ("criterion", pa.string()),
        ("criteria_group", pa.string()),
        ("points", pa.float64()),
        ("value_seen", pa.string()),
        ("version", pa.string()),
    ]
)


def score_parts(
    lead_facts: Table, lead_activity: Table, *, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """The receipt of every score: the parts that add up to it. What gave no points is left out.

    question: What is each score made of?
    row: One criterion that gave a person points for one product, or took some.
    key: product, contact_id, criterion
    owner: seller
    columns:
      product: The product.
      contact_id: The contact.
      criterion: The criterion of its scorecard.
      criteria_group: demographics, attributes, activity or buying_status.
      points: The points, rounded to two places.
      value_seen: What was seen, in words; empty where the points are for what is not known.
      version: The version of the scorecard.
    """
    selects = [
        _done(card, one, lead_activity) if one.is_activity else _held(card, one, lead_facts)
        for card in scorecards
        if card.of_contacts
        for one in card.criteria
    ]
    if not selects:
        return _SCHEMA.empty_table()
    return f"SELECT * FROM ({' UNION ALL '.join(selects)}) WHERE points <> 0"


def _head(card: Scorecard, criterion: Criterion) -> str:
    return (
        f"SELECT {literal(card.product)} AS product, contact_id, "
        f"{literal(criterion.name)} AS criterion, {literal(criterion.group)} AS criteria_group"
    )


def _held(card: Scorecard, criterion: Criterion, facts: Table) -> str:
    return f"""
    {_head(card, criterion)}, round({sql.points(criterion)}, {sql.PLACES}) AS points,
      {sql.seen(criterion)} AS value_seen, {literal(card.version)} AS version
    FROM {facts}
    """


def _done(card: Scorecard, criterion: Criterion, activity: Table) -> str:
    return f"""
    {_head(card, criterion)},
      {sql.activity_points(criterion, "counted")} AS points,
      CAST(responses AS VARCHAR)
        || CASE WHEN responses = 1 THEN ' response' ELSE ' responses' END
        || CASE WHEN last_on IS NULL THEN ', undated'
          ELSE ', the last on ' || CAST(last_on AS VARCHAR) END AS value_seen,
      {literal(card.version)} AS version
    FROM {activity}
    WHERE product = {literal(card.product)} AND criterion = {literal(criterion.name)}
    """
