"""When each person's stage changed; so far the last response only."""

from __future__ import annotations

from tieline.engine.tables import Table
from tieline.metrics.scorecard import NONE


def lead_history(lead_scores: Table) -> str:
    """The last response of each person as the day they reached their stage.

    question: When did each person come how far?
    row: One product, contact and day on which they responded in a way that counts.
    key: product, contact_id, on_day
    owner: analyst
    columns:
      product: The product.
      contact_id: The contact.
      on_day: The day.
      responses: How many responses there were up to that day.
      score_before: Their points before.
      score: Their points after it.
      stage_before: Their stage before.
      stage: Their stage after it.
      version: The version of the scorecard.
    """
    return f"""
    SELECT product, contact_id, last_response_on AS on_day, responses,
      CAST(0 AS DOUBLE) AS score_before, score, '{NONE}' AS stage_before, stage, version
    FROM {lead_scores} WHERE responses > 0 AND last_response_on IS NOT NULL
    """
