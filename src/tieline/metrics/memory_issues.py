"""What the memory tells that cannot count as told, or does not count at all."""

from __future__ import annotations

import pyarrow as pa

from tieline.engine.tables import Table
from tieline.metrics.response_kinds import UNKNOWN, said_sql, wordings_sql
from tieline.metrics.response_rules import StageLimits

_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("row_number", pa.int64()),
        *((name, pa.string()) for name in ("activity_id", "said", "code")),
        ("activities", pa.int64()),
        ("message", pa.string()),
    ]
)
MOST_SINGLE = 20
"""So many of one source, kind and code are told one by one; more of them as one row with a count,
since what is wrong with twenty-one of a kind is wrong with its source."""

_MESSAGES = {
    "dated_in_future": (
        "It is dated {day}, after the day on which its source came, so it does not count. Correct "
        "the day in the source, or say in which order it writes day and month "
        "([sources.NAME] date_style)."
    ),
    "before_contact": (
        "It is dated {day}, before its contact became known, so it counts from that later day on. "
        "Correct the day of the contact's record if it is wrong."
    ),
    "no_contact": (
        "Nobody is known by what it tells, so it moves no site. Add a list that has its address or "
        "cookie beside a name."
    ),
    "contact_not_usable": (
        "Its contact is set aside, so it moves no site. tieline explain CONTACT says why."
    ),
    "no_site": (
        "No site of its contact is known, so it moves none. Add a list that has the contact's "
        "company and address."
    ),
    "undated": "It tells no day that can be read, so it moves no site. Add the day to the source.",
    "unknown_kind": (
        "No rule says whether it is dialogue, so it moves no site. Say what it is in tieline.toml: "
        '[[stages.rules]], phase = "early", "mid", "late" or "none", kinds = ["{said}"].'
    ),
    "opportunity_in_future": (
        "The opportunity was opened on {day}, after the day on which its source came, so it does "
        "not count. Correct the day in the source."
    ),
    "opportunity_undated": (
        "No day says when the opportunity was handed over, so it does not count. Add the day, or "
        "say which column tells it ([sources.NAME.columns], created_at)."
    ),
    "closed_undated": (
        "The opportunity was closed, but on no day that is told, so its time in sales does not "
        "count. Add the day to the source."
    ),
    "closed_before_opened": (
        "The opportunity was closed before it was opened, so its time in sales does not count. "
        "Correct the days in the source."
    ),
    "opportunity_without_account": (
        "Nothing says whose opportunity it is, so it moves no site. Add the account to the source."
    ),
    "opportunity_without_site": (
        "No site of its account is known, so it moves none. Add the company's address."
    ),
}
"""What is wrong, what follows and what to do; {day} and {said} are the first one's."""


def memory_issues(
    responses: Table,
    opportunities: Table,
    contact_stays: Table,
    sites: Table,
    landings: Table,
    *,
    stages: StageLimits,
) -> pa.Table | str:
    """What the memory tells that cannot count as told, or does not count at all.

    question: Which responses and opportunities do not count for stages, or not as told, and why?
    row: "One response or opportunity; where a source has more than twenty of a kind with the same
      code, the first of them stands for all."
    key: source, row_number, activity_id, code
    owner: analyst
    better: down
    columns:
      source: The name of the source.
      row_number: 1-based number of the data row in the source's file.
      activity_id: The response_id or opportunity_id.
      said: The kind of response as the source calls it, or "opportunity".
      code: "dated_in_future, before_contact (counts later), no_contact, contact_not_usable,
        no_site, undated, unknown_kind, opportunity_in_future, opportunity_undated,
        closed_undated, closed_before_opened, opportunity_without_account or
        opportunity_without_site."
      activities: How many this row stands for.
      message: What is wrong, what follows from it and what to do.
    increment:
      key: source
      nulls: none
      from:
        responses: source
        opportunities: source
        landings: source
        contact_stays: contact_id = responses.contact_id
        sites: account_id = opportunities.account_id
    """
    if not responses.rows() and not opportunities.rows():
        return _SCHEMA.empty_table()
    day, known = "CAST(r.occurred_at AS DATE)", "k.known_on"
    opened, closed = "CAST(o.created_at AS DATE)", "CAST(o.closed_at AS DATE)"
    codes = _codes(
        {
            "dated_in_future": f"{day} > l.landed_on",
            "before_contact": f"{day} < {known}",
            "no_contact": "r.contact_id IS NULL",
            "contact_not_usable": "r.contact_id IS NOT NULL AND k.contact_id IS NULL",
            "no_site": "k.contact_id IS NOT NULL AND r.site_id IS NULL",
            "undated": "r.occurred_at IS NULL",
            "unknown_kind": f"w.phase = '{UNKNOWN}'",
        }
    )
    deal_codes = _codes(
        {
            "opportunity_in_future": f"{opened} > l.landed_on",
            "opportunity_undated": "o.created_at IS NULL",
            "closed_undated": "o.outcome <> 'open' AND o.closed_at IS NULL",
            "closed_before_opened": f"o.outcome <> 'open' AND {closed} < {opened}",
            "opportunity_without_account": "o.account_id IS NULL",
            "opportunity_without_site": "o.account_id IS NOT NULL AND o.site_id IS NULL "
            f"AND NOT EXISTS (SELECT 1 FROM {sites} s WHERE s.account_id = o.account_id)",
        }
    )
    messages = " ".join(f"WHEN '{code}' THEN {_message(code)}" for code in _MESSAGES)
    return f"""
    WITH wordings AS MATERIALIZED ({wordings_sql(str(responses), stages)}),
    known AS (
      SELECT contact_id, min(entered_on) AS known_on FROM {contact_stays} GROUP BY contact_id
    ),
    flagged AS (
      SELECT r.source, r.row_number, r.response_id AS activity_id, w.said, {day} AS day,
        {codes} AS codes
      FROM {responses} r
      JOIN wordings w ON w.said = {said_sql("r")} AND w.topic = coalesce(r.topic, '')
      LEFT JOIN known k ON k.contact_id = r.contact_id
      LEFT JOIN {landings} l ON l.source = r.source
      WHERE codes <> ''
      UNION ALL
      SELECT o.source, o.row_number, o.opportunity_id, 'opportunity', {opened},
        {deal_codes} AS codes
      FROM {opportunities} o LEFT JOIN {landings} l ON l.source = o.source
      WHERE codes <> ''
    ),
    found AS (
      SELECT source, row_number, activity_id, said, day,
        unnest(string_split(trim(codes), ' ')) AS code
      FROM flagged
    ),
    amounts AS (
      SELECT source, said, code, count(*) AS activities, min(row_number) AS row_number
      FROM found GROUP BY source, said, code
    )
    SELECT f.source, f.row_number, f.activity_id, f.said, f.code,
      CASE WHEN a.activities > {MOST_SINGLE} THEN a.activities ELSE 1 END AS activities,
      CASE WHEN a.activities > {MOST_SINGLE} THEN 'The first of ' || a.activities || '. '
        ELSE '' END || CASE f.code {messages} END AS message
    FROM found f
    JOIN amounts a ON a.source = f.source AND a.said = f.said AND a.code = f.code
    WHERE a.activities <= {MOST_SINGLE} OR f.row_number = a.row_number
    """


def _codes(conditions: dict[str, str]) -> str:
    cases = [f"CASE WHEN {holds} THEN '{code} ' ELSE '' END" for code, holds in conditions.items()]
    return f"({' || '.join(cases)})"


def _message(code: str) -> str:
    text = _MESSAGES[code].replace("'", "''")
    text = text.replace("{day}", "' || coalesce(f.day::VARCHAR, '?') || '")
    return "'" + text.replace("{said}", "' || f.said || '") + "'"
