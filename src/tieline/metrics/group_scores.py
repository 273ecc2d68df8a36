"""The score of a buying group: what any of its people has, the group has."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics import score_expressions as sql
from tieline.metrics.scorecard import INQUIRY, NONE, THRESHOLDS, Scorecard

_FIGURES = (
    ("product", pa.string()),
    ("score", pa.float64()),
    ("stage", pa.string()),
    ("people", pa.int64()),
    ("inquirers", pa.int64()),
    ("leads", pa.int64()),
    ("best_contact_id", pa.string()),
    ("best_score", pa.float64()),
    ("version", pa.string()),
    ("state", pa.string()),
)


def group_scores(
    level: str, lead_scores: Table, group_parts: Table, scorecards: Sequence[Scorecard]
) -> pa.Table | str:
    """The scores of all people at a `site` or an `account` as one buyer.

    Each criterion counts once, with the most points that anybody there has by it: one knows the
    budget, another the need. Points are taken off only where they are taken off everybody.
    """
    cards = [card for card in scorecards if card.of_contacts]
    member = f"{level}_id"
    if not cards:
        told = [member, "account_id"] if level == "site" else [member]
        return pa.schema([*((name, pa.string()) for name in told), *_FIGURES]).empty_table()
    also = ", max(account_id) AS account_id" if level == "site" else ""
    stages = " ".join(_stage(card) for card in cards)
    return f"""
    WITH groups AS (
      SELECT {member}{also}, product, count(*) AS people,
        count(*) FILTER (WHERE responses > 0) AS inquirers,
        count(*) FILTER (WHERE stage IN ({", ".join(literal(one) for one in THRESHOLDS)})) AS leads,
        arg_max(contact_id, (score, contact_id)) AS best_contact_id, max(score) AS best_score,
        max(version) AS version, max(state) AS state
      FROM {lead_scores} WHERE {member} IS NOT NULL GROUP BY {member}, product
    ),
    most AS (
      SELECT {member}, product, criterion, max(points) AS points, sum(holders) AS holders
      FROM {group_parts} WHERE {member} IS NOT NULL GROUP BY {member}, product, criterion
    ),
    scored AS (
      SELECT g.*, coalesce(s.score, 0.0) AS score
      FROM groups g LEFT JOIN (
        SELECT m.{member}, m.product, round(sum(
          CASE WHEN m.holders < g.people THEN greatest(m.points, 0.0) ELSE m.points END
        ), {sql.PLACES}) AS score
        FROM most m JOIN groups g ON g.{member} = m.{member} AND g.product = m.product
        GROUP BY m.{member}, m.product
      ) s ON s.{member} = g.{member} AND s.product = g.product
    )
    SELECT {member}{", account_id" if also else ""}, product, score,
      CASE WHEN inquirers = 0 THEN '{NONE}' {stages} ELSE '{INQUIRY}' END AS stage,
      people, inquirers, leads, best_contact_id, best_score, version, state
    FROM scored
    """


def _stage(card: Scorecard) -> str:
    return " ".join(
        f"WHEN product = {literal(card.product)} AND score >= {sql.number(points)} "
        f"THEN {literal(stage)}"
        for stage, points in reversed(card.thresholds)
    )
