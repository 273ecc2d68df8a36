"""How far each person has come on the way from an inquiry to a qualified lead."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics import score_expressions as sql
from tieline.metrics.score_stages import rank, reached_sql, stage_sql
from tieline.metrics.scorecard import THRESHOLDS, Criterion, Scorecard

_SCHEMA = pa.schema(
    [
        ("product", pa.string()),
        ("contact_id", pa.string()),
        ("site_id", pa.string()),
        ("account_id", pa.string()),
        ("score", pa.float64()),
        ("stage", pa.string()),
        ("stage_by_points", pa.string()),
        ("missing_required", pa.string()),
        ("responses", pa.int64()),
        ("last_response_on", pa.date32()),
        ("version", pa.string()),
        ("state", pa.string()),
        ("as_of", pa.date32()),
    ]
)


def lead_scores(
    lead_facts: Table, score_parts: Table, as_of: Table, *, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """How far each person has come, by the scorecard in force of each product, else by its draft.

    A stage is reached with its points and an answer to whatever is required for it and the stages
    before. Who never responded is no lead whatever the points.

    question: Who is a lead for what, how far, and what keeps them from the next stage?
    row: One contact with a usable record, for one product that has a scorecard.
    key: product, contact_id
    owner: seller
    better: up
    columns:
      product: The product.
      contact_id: The contact.
      site_id: The site where they work now.
      account_id: The account.
      score: The sum of their points in score_parts.
      stage: "none (never responded), inquiry, marketing_qualified, sales_accepted or
        sales_qualified; won or lost where the newest deal that names them was closed and they did
        not respond since."
      stage_by_points: The stage if nothing required were missing.
      missing_required: What is required for the next stage and not known, by name of criterion;
        empty for nothing.
      responses: How many responses of theirs we know.
      last_response_on: The day of the newest of them.
      version: The version of the scorecard.
      state: Whether that is draft, proposed or in_force. Only what is in force may move a lead.
      as_of: The day the snapshot stands at.
    """
    selects = [
        _select(card, lead_facts, score_parts, as_of) for card in scorecards if card.of_contacts
    ]
    return " UNION ALL ".join(selects) or _SCHEMA.empty_table()


def _select(card: Scorecard, facts: Table, parts: Table, as_of: Table) -> str:
    required = [one for one in card.criteria if one.required_for]
    answered = "".join(f", {_answered(n, one)} AS has_{n}" for n, one in enumerate(required))
    done = "".join(
        f", count(*) FILTER (WHERE criterion = {literal(one.name)}) AS did_{n}"
        for n, one in enumerate(required)
        if one.is_activity
    )
    missing = [
        f"CASE WHEN NOT has_{n} AND {rank(one.required_for)} <= next_rank "
        f"THEN {literal(one.name)} END"
        for n, one in enumerate(required)
    ]
    named = (
        f"nullif(concat_ws(', ', {', '.join(missing)}), '')" if missing else "CAST(NULL AS VARCHAR)"
    )
    has = {one.name: f"has_{n}" for n, one in enumerate(required)}
    return f"""
    SELECT product, contact_id, site_id, account_id, score,
      CASE WHEN outcome IS NOT NULL THEN outcome ELSE {stage_sql("reached")} END AS stage,
      {stage_sql("by_points")} AS stage_by_points, {named} AS missing_required, responses,
      last_response_on, {literal(card.version)} AS version, {literal(card.state)} AS state, as_of
    FROM (
      SELECT *, least(reached + 1, {len(THRESHOLDS)}) AS next_rank
      FROM (
        SELECT *, {reached_sql(card, "score", "responses > 0", has)} AS reached,
          {reached_sql(card, "score", "responses > 0", {})} AS by_points
        FROM (
          SELECT {literal(card.product)} AS product, f.contact_id, f.site_id, f.account_id,
            coalesce(p.score, 0.0) AS score, f.outcome, f.responses, f.last_response_on,
            t.as_of{answered}
          FROM {facts} f CROSS JOIN {as_of} t
          LEFT JOIN (
            SELECT contact_id, round(sum(points), {sql.PLACES}) AS score{done}
            FROM {parts} WHERE product = {literal(card.product)} GROUP BY contact_id
          ) p ON p.contact_id = f.contact_id
        )
      )
    )
    """


def _answered(number: int, criterion: Criterion) -> str:
    if criterion.is_activity:
        return f"(coalesce(p.did_{number}, 0) > 0)"
    return sql.is_answered(criterion)
