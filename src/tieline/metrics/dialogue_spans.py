"""How long the responses of a site keep its dialogue in which phase."""

from __future__ import annotations

import pyarrow as pa

from tieline.engine.tables import Table
from tieline.metrics.response_kinds import is_dialogue, said_sql, wordings_sql
from tieline.metrics.response_rules import StageLimits

_SCHEMA = pa.schema(
    [
        ("site_id", pa.string()),
        ("phase", pa.string()),
        ("stretch", pa.int64()),
        ("started_on", pa.date32()),
        ("ended_on", pa.date32()),
        *((name, pa.string()) for name in ("response_id", "contact_id", "said", "topic")),
        ("responses", pa.int64()),
    ]
)


def dialogue_spans(
    responses: Table, contact_stays: Table, landings: Table, *, stages: StageLimits
) -> pa.Table | str:
    """The spans of days in which responses show a phase of dialogue at a site.

    A response shows its phase for `silence_days` from its day on, or from the day on which its
    contact became known, if that is later. Those of one site and phase in one stretch of
    `silence_days` run on into each other, so one span tells them: ten million responses come down
    to a few rows of a site.

    question: When did the responses of a site show which phase of dialogue?
    row: One phase at one site, from a response on for as long as it and those after it count.
    key: site_id, phase, stretch
    owner: marketer
    columns:
      site_id: The site.
      phase: early, mid or late.
      stretch: Number of the stretch of days in which the responses lie.
      started_on: The first day.
      ended_on: The day on which the last of them counts no more.
      response_id: The response that began it, the first of that day.
      contact_id: Whose it was.
      said: What it was, as the source calls it.
      topic: What it was about.
      responses: How many responses there are.
    increment:
      key: site_id
      nulls: none
      from:
        responses: site_id
        contact_stays: contact_id = responses.contact_id
        landings: source = responses.source
    """
    if not responses.rows():
        return _SCHEMA.empty_table()
    days = stages.silence_days
    return f"""
    WITH wordings AS MATERIALIZED ({wordings_sql(str(responses), stages)}),
    known AS (
      SELECT contact_id, min(entered_on) AS known_on FROM {contact_stays} GROUP BY contact_id
    ),
    counted AS (
      SELECT r.site_id, w.phase, r.response_id, r.contact_id, r.occurred_at, w.said, r.topic,
        CAST(r.occurred_at AS DATE) AS day, k.known_on
      FROM {responses} r
      JOIN wordings w ON w.said = {said_sql("r")} AND w.topic = coalesce(r.topic, '')
      JOIN known k ON k.contact_id = r.contact_id
      LEFT JOIN {landings} l ON l.source = r.source
      WHERE {is_dialogue("w.phase")} AND r.site_id IS NOT NULL AND r.occurred_at IS NOT NULL
        AND CAST(r.occurred_at AS DATE) <= coalesce(l.landed_on, DATE '9999-12-31')
        AND CAST(r.occurred_at AS DATE) + {days} > k.known_on
    )
    SELECT site_id, phase,
      -- What counts from a later day on is by that day, apart from the stretches.
      CASE WHEN day >= known_on THEN CAST(floor(datediff('day', DATE '1970-01-01', day) / {days})
        AS BIGINT) ELSE 1000000 + datediff('day', DATE '1970-01-01', known_on) END AS stretch,
      min(greatest(day, known_on)) AS started_on, max(day) + {days} AS ended_on,
      arg_min(response_id, (occurred_at, response_id)) AS response_id,
      arg_min(contact_id, (occurred_at, response_id)) AS contact_id,
      arg_min(said, (occurred_at, response_id)) AS said,
      arg_min_null(topic, (occurred_at, response_id)) AS topic, count(*) AS responses
    FROM counted
    GROUP BY site_id, phase, stretch
    """
