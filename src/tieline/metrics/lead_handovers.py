"""Which leads marketing hands over to sales, when, and to whom of them."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics.lead_fields import BY_NAME
from tieline.metrics.scorecard import OUTCOMES, Scorecard
from tieline.metrics.segment_rule import read_rule

_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("product", "contact_id", "site_id", "account_id")),
        ("score", pa.float64()),
        *((name, pa.string()) for name in ("stage", "version", "seller")),
        ("is_lead", pa.bool_()),
        ("outcome", pa.string()),
        *((name, pa.date32()) for name in ("closed_on", "last_response_on", "crossed_on")),
        *((name, pa.date32()) for name in ("crossed_before_on", "handing_over_since")),
        ("answer_within_days", pa.int64()),
        ("work_within_days", pa.int64()),
    ]
)


def lead_handovers(
    lead_scores: Table,
    lead_facts: Table,
    lead_history: Table,
    lead_answers: Table,
    *,
    scorecards: Sequence[Scorecard],
) -> pa.Table | str:
    """Every lead that was handed over, by the scorecards in force alone, and who gets it.

    question: Which leads are sales' business, since when, and whose?
    row: One contact for one product whose scorecard is in force, who has the points of a hand-over,
      had them since leads are handed over, or was answered.
    key: product, contact_id
    owner: seller
    columns:
      product: The product.
      contact_id: The contact.
      site_id: The site where they work now.
      account_id: The account.
      score: Their points.
      stage: How far they are, as in lead_scores.
      version: The version of the scorecard.
      seller: Who gets the lead, by the first rule that holds, else the sales owner.
      is_lead: Whether they are at the stage of the hand-over or further.
      outcome: won or lost, where the newest deal that names them was closed since; else empty.
      closed_on: The day that deal was closed.
      last_response_on: The day of their newest response.
      crossed_on: The newest day on which a response brought them to the stage of the hand-over.
      crossed_before_on: The newest such day that is not after the day of the answer that counts.
      handing_over_since: The day on which the first version of the scorecard came into force.
      answer_within_days: In how many days a lead is answered.
      work_within_days: In how many days something is done about an accepted one.
    """
    selects = [
        _select(card, lead_scores, lead_facts, lead_history, lead_answers)
        for card in scorecards
        if card.hands_over
    ]
    return " UNION ALL ".join(selects) or _SCHEMA.empty_table()


def _select(card: Scorecard, scores: Table, facts: Table, history: Table, answers: Table) -> str:
    handed = ", ".join(literal(stage) for stage in card.handed_stages)
    ends = ", ".join(literal(outcome) for outcome in OUTCOMES)
    product = literal(card.product)
    since = f"CAST({literal(card.handing_over_since[:10])} AS DATE)"
    return f"""
    SELECT s.product, s.contact_id, s.site_id, s.account_id, s.score, s.stage, s.version, f.seller,
      s.stage IN ({handed}) AS is_lead, CASE WHEN s.stage IN ({ends}) THEN s.stage END AS outcome,
      f.closed_on, s.last_response_on, c.crossed_on, c.crossed_before_on,
      {since} AS handing_over_since,
      CAST({card.hand_over.answer_within_days} AS BIGINT) AS answer_within_days,
      CAST({card.hand_over.work_within_days} AS BIGINT) AS work_within_days
    FROM {scores} s
    JOIN (SELECT contact_id, closed_on, {_seller(card)} AS seller FROM {facts}) f
      ON f.contact_id = s.contact_id
    LEFT JOIN (
      SELECT contact_id, CAST(answered_at AS DATE) AS answered_on FROM {answers}
      WHERE counts AND product = {product}
    ) a ON a.contact_id = s.contact_id
    LEFT JOIN (
      SELECT h.contact_id, max(h.on_day) AS crossed_on,
        max(CASE WHEN h.on_day <= CAST(l.answered_at AS DATE) THEN h.on_day END)
          AS crossed_before_on
      FROM {history} h
      LEFT JOIN {answers} l ON l.contact_id = h.contact_id AND l.product = h.product AND l.counts
      WHERE h.product = {product} AND h.stage IN ({handed}) AND h.stage_before NOT IN ({handed})
      GROUP BY h.contact_id
    ) c ON c.contact_id = s.contact_id
    WHERE s.product = {product} AND (
      s.stage IN ({handed}) OR a.contact_id IS NOT NULL
      -- What was over before anybody handed leads over was never sales' business.
      OR c.crossed_on >= {since} OR (c.crossed_on IS NOT NULL AND f.closed_on >= {since})
    )
    """


def _seller(card: Scorecard) -> str:
    owner = literal(card.sales_owner)
    arms = [
        f"WHEN {read_rule(one.when, BY_NAME).sql} THEN {literal(one.name)}"
        for one in card.hand_over.sellers
    ]
    return f"CASE {' '.join(arms)} ELSE {owner} END" if arms else owner
