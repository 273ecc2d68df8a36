"""What the people at a place have together, criterion by criterion."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.engine.tables import Table
from tieline.metrics.scorecard import Scorecard

_SCHEMA = pa.schema(
    [
        ("site_id", pa.string()),
        ("account_id", pa.string()),
        ("product", pa.string()),
        ("criterion", pa.string()),
        ("points", pa.float64()),
        ("holders", pa.int64()),
    ]
)


def group_parts(
    lead_facts: Table, score_parts: Table, *, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """The most points of each criterion at a site, from which those of an account follow, too.

    question: What do the people at each place have together that makes them a lead?
    row: One criterion that gave somebody at a site points for one product, or took some; those who
      work at no site that we know stand together for each account.
    key: site_id, account_id, product, criterion
    owner: analyst
    columns:
      site_id: The site; empty for people at no site that we know.
      account_id: The account.
      product: The product.
      criterion: The criterion.
      points: The most points that anybody there has by it.
      holders: How many people have points by it.
    """
    if not any(card.of_contacts for card in scorecards):
        return _SCHEMA.empty_table()
    return f"""
    SELECT f.site_id, f.account_id, p.product, p.criterion, max(p.points) AS points,
      count(*) AS holders
    FROM {score_parts} p
    JOIN {lead_facts} f ON f.contact_id = p.contact_id
    GROUP BY f.site_id, f.account_id, p.product, p.criterion
    """
