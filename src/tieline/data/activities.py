"""What was done, to whom or by whom: the rows of logs in standard values, each message once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tieline.data.activity_words import direction, kind, medium
from tieline.data.identifier_text import identifier_text, scheme_text
from tieline.data.kinds import IDENTIFIER_PREFIX, scheme_of
from tieline.data.log_rows import has_key, is_list_entry, message_text, text_of
from tieline.data.moments import load_other_moments, plain_moment, style_of, sure
from tieline.data.source import Source
from tieline.data.sql_text import literal
from tieline.data.values import amount, email, phone
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import standardise_all
from tieline.engine.tables import Engine, Table, quoted

LOGS = ("responses", "touches", "opportunities")
WHEN = ("occurred_at", "sent_at", "created_at")
"""What tells when it happened, the best first."""
_UNIT, _PART = "chr(31)", "chr(30)"
"""What stands between two identifiers of a row, and between a scheme and its value."""
_TEXTS = (
    "email",
    "email_2",
    "phone",
    "phone_2",
    "response_kind",
    "topic",
    "campaign",
    "medium",
    "direction",
    "cost",
    "currency",
    "owner",
)


def activities(
    records: Table,
    *,
    engine: Engine,
    sources: Sequence[Source],
    default_country: str | None,
    cache: Path | None,
    said: Callable[[str], None] = lambda _: None,
) -> str:
    """Every touch, response and opportunity that a log or an event tells of, in standard values.

    question: What did we do to people, and what did they do?
    row: One message; rows of later exports that say it again are the same one.
    key: message_id
    owner: analyst
    columns:
      message_id: Stable id, made of the stream and the message's own id, or else of what it says.
      record_id: The record that says it; the newest of several.
      source: The name of the record's source.
      row_number: 1-based number of the data row in the source's file.
      kind: Whether it is a touch (we did it), a response (they did) or an opportunity.
      is_list_entry: Whether the row describes a person or company, as lists do.
      identifier_set: Number of the set of identifiers that the row carries; empty for none.
      identifiers: The identifiers themselves, as one text.
      occurred_at: When it happened, UTC where the source says its zone.
      occurred_text: What the source says of when, where that cannot be read.
      occurred_issue: Why it cannot.
      activity: What was done, as the source calls it.
      topic: What it was about.
      campaign: The campaign it belongs to.
      medium: "The way it took: e-mail, mail, phone, web, event, social, ad, sms, chat, meeting."
      cost: What it cost.
      currency: Currency of the cost, ISO 4217.
      owner: Who of us did it.
    """
    logs = [source for source in sources if source.kind in LOGS]
    country = literal(default_country) if default_country else "NULL::VARCHAR"
    # Not kept as a table: reading its few columns again costs less than keeping all its texts.
    told = f"({_told(engine, records, sources, logs, country)})"
    _standardise(engine, told, cache, said)
    engine.create("activity_words", _words(told))
    engine.create("read_activities", _read(told))
    load_other_moments(engine, "activity_moments", _OTHER_MOMENTS, cache)
    engine.create("activity_messages", _MESSAGES)
    return _ONCE


def activity_identifiers(activities: Table, *, engine: Engine) -> str:
    """The identifiers that rows of logs carry, each set of them once.

    question: By what were people reached, and by what did they act?
    row: One identifier of one set of identifiers that stand together in a row of a log.
    key: identifier_set, scheme, value
    owner: analyst
    columns:
      identifier_set: Number of the set, made of its content.
      scheme: email, phone, or the scheme of an identifier (cookie, linkedin, ...).
      value: Its compared form.
      nature: email, role, phone, document, handle, device or network; a role is a shared inbox.
      domain: The company's own domain behind the @ of an e-mail address.
      activities: In how many rows of logs that are no list entries the set stands.
    """
    return f"""
    WITH counted AS (
      SELECT identifier_set, count(*) FILTER (NOT is_list_entry) AS activities
      FROM {activities} WHERE identifier_set IS NOT NULL GROUP BY identifier_set
    ), parts AS (
      SELECT identifier_set, unnest(string_split(identifiers, {_UNIT})) AS part
      FROM (SELECT DISTINCT identifier_set, identifiers FROM {activities}
            WHERE identifier_set IS NOT NULL)
    )
    SELECT DISTINCT p.identifier_set, split_part(p.part, {_PART}, 2) AS scheme,
      split_part(p.part, {_PART}, 3) AS value, split_part(p.part, {_PART}, 1) AS nature,
      nullif(split_part(p.part, {_PART}, 4), '') AS domain, c.activities
    FROM parts p JOIN counted c ON c.identifier_set = p.identifier_set
    """


def _told(
    engine: Engine, records: Table, sources: Sequence[Source], logs: Sequence[Source], country: str
) -> str:
    selects = []
    for number, source in enumerate(sources):
        if source not in logs:
            continue
        engine.read_parquet(f"landed_{number}", source.rows)
        texts = ", ".join(f"{text_of(source, field)} AS {field}" for field in _TEXTS)
        told = [text_of(source, f) for f in WHEN if f in source.columns.values()]
        when = f"coalesce({', '.join(told)})" if told else "NULL::VARCHAR"
        style = style_of(engine, source, f"landed_{number}", when)
        moment = plain_moment("occurred_text", style or "")
        rows = (
            f"SELECT r.record_id, r.source, r.row_number, r.arrival, "
            f"{literal(source.kind)} AS kind, {literal(source.stream_name)} AS stream, "
            f"{is_list_entry(source)} AS is_list_entry, {has_key(source)} AS has_key, "
            f"{literal(source.stream_name)} || {_UNIT} || {message_text(source)} AS said, "
            f"{when} AS occurred_text, {_handles(source)} AS handles, {texts}, "
            f"coalesce({text_of(source, 'country')}, {country}) AS country "
            f"FROM {records} r JOIN landed_{number} l ON l.row_number = r.row_number "
            f"WHERE r.source = {literal(source.name)} AND r.unreadable IS NULL"
        )
        selects.append(
            f"SELECT * REPLACE ({sure('moment')} AS moment) FROM "
            f"(SELECT *, {moment} AS moment, {literal(style) if style else 'NULL::VARCHAR'} "
            f"AS style FROM ({rows}))"
        )
    if selects:
        return " UNION ALL ".join(selects)
    texts = ", ".join(f"NULL::VARCHAR AS {field}" for field in (*_TEXTS, "country"))
    return (
        "SELECT record_id, source, row_number, arrival, kind, '' AS stream, true AS is_list_entry, "
        "true AS has_key, '' AS said, NULL::VARCHAR AS occurred_text, "
        f"NULL::VARCHAR AS handles, {texts}, NULL::TIMESTAMP AS moment, NULL::VARCHAR AS style "
        f"FROM {records} WHERE false"
    )


def _handles(source: Source) -> str:
    """The identifiers of a landed row but e-mail and phone, as one text; empty for none."""
    parts = []
    for column, field in sorted(source.columns.items(), key=lambda item: (item[1], item[0])):
        scheme = scheme_of(field) if field.startswith(IDENTIFIER_PREFIX) else None
        if scheme is None or scheme.owner != "person":
            continue
        value = identifier_text(scheme, f"l.{quoted(column)}")
        head = f"'{scheme.nature}' || {_PART} || {literal(scheme_text(scheme, source.stream_name))}"
        parts.append(f"{head} || {_PART} || ({value}) || {_PART}")
    return f"concat_ws({_UNIT}, {', '.join(parts)})" if parts else "''"


def _standardise(
    engine: Engine, told: str, cache: Path | None, said: Callable[[str], None]
) -> None:
    """Load the standard values of the distinct texts of the logs."""
    emails = engine.arrow(
        f"SELECT DISTINCT email FROM (SELECT email FROM {told} UNION "
        f"SELECT email_2 FROM {told}) WHERE email IS NOT NULL"
    )
    phones = engine.arrow(
        f"SELECT DISTINCT phone, country FROM (SELECT phone, country FROM {told} UNION "
        f"SELECT phone_2, country FROM {told}) WHERE phone IS NOT NULL"
    )
    costs = engine.arrow(f"SELECT DISTINCT cost AS value FROM {told} WHERE cost <> ''")
    if emails.num_rows:
        said(f"{emails.num_rows:,} emails of logs")
    with SecondProcess() as second:
        read = standardise_all([(phone, phones), (email, emails), (amount, costs)], cache, second)
    for name, table in zip(("phones", "emails", "costs"), read, strict=True):
        engine.load(f"activity_{name}", table)


_OTHER_MOMENTS = """
SELECT DISTINCT occurred_text AS value, style FROM read_activities
WHERE occurred_at IS NULL AND occurred_text IS NOT NULL
"""
_MESSAGES = """
-- The rows whose message is not simply their own, or that another tells (NULL). Of rows in one file
-- that say the same without an id, the second is another message; of rows that tell the same
-- message, the newest counts. Both are rare, and a window over all rows would take long.
WITH again AS (
  SELECT message FROM read_activities GROUP BY message HAVING count(*) > 1
), numbered AS (
  SELECT record_id, arrival, CASE WHEN has_key OR nth = 1 THEN message ELSE md5(message || nth) END
    AS message
  FROM (
    SELECT record_id, arrival, message, has_key,
      row_number() OVER (PARTITION BY source, message ORDER BY row_number) AS nth
    FROM read_activities WHERE message IN (SELECT message FROM again)
  )
)
SELECT record_id, CASE WHEN row_number() OVER (
  PARTITION BY message ORDER BY arrival DESC, record_id) = 1 THEN message END AS message
FROM numbered
"""
_ONCE = """
SELECT 'm' || substr(message, 1, 16) AS message_id,
  record_id, source, row_number, kind, is_list_entry, identifiers,
  CAST(md5_number_lower(identifiers) >> 1 AS BIGINT) AS identifier_set, occurred_at,
  occurred_text, occurred_issue, activity, topic, campaign, medium, cost, currency, owner
FROM (
  SELECT r.* REPLACE (
    CASE WHEN n.record_id IS NULL THEN r.message ELSE n.message END AS message,
    coalesce(r.occurred_at, m.moment) AS occurred_at
  ), CASE WHEN r.occurred_at IS NULL THEN m.moment_issue END AS occurred_issue
  FROM read_activities r
  LEFT JOIN activity_messages n ON n.record_id = r.record_id
  LEFT JOIN activity_moments m
    ON m.raw_value = r.occurred_text AND m.raw_style IS NOT DISTINCT FROM r.style
) WHERE message IS NOT NULL
"""


def _words(told: str) -> str:
    """What the words of the logs mean, each combination of them once."""
    way = direction("direction")
    return f"""
    SELECT kind, response_kind, direction, medium, {medium("medium")} AS told_medium,
      {kind("kind", way, "response_kind")} AS told_kind
    FROM (SELECT DISTINCT kind, response_kind, direction, medium FROM {told})
    """


def _read(told: str) -> str:
    """The rows in standard values; several may tell one message, some moments are still text."""
    identifiers = ", ".join(
        (_email("e"), _email("e2"), _phone("p"), _phone("p2"), "nullif(t.handles, '')")
    )
    return f"""
    SELECT md5(t.said) AS message, t.record_id, t.source, t.row_number, t.arrival, t.has_key,
      t.is_list_entry, w.told_kind AS kind,
      nullif(concat_ws({_UNIT}, {identifiers}), '') AS identifiers, t.moment AS occurred_at,
      CASE WHEN t.moment IS NULL THEN t.occurred_text END AS occurred_text, t.style,
      t.response_kind AS activity, t.topic, t.campaign, w.told_medium AS medium, c.amount AS cost,
      CASE WHEN c.amount IS NOT NULL THEN coalesce(c.currency, upper(left(t.currency, 3))) END
        AS currency, t.owner
    FROM {told} t
    LEFT JOIN activity_emails e ON e.raw_email = t.email
    LEFT JOIN activity_emails e2 ON e2.raw_email = t.email_2
    LEFT JOIN activity_phones p
      ON p.raw_phone = t.phone AND p.raw_country IS NOT DISTINCT FROM t.country
    LEFT JOIN activity_phones p2
      ON p2.raw_phone = t.phone_2 AND p2.raw_country IS NOT DISTINCT FROM t.country
    LEFT JOIN activity_costs c ON c.raw_value = t.cost
    JOIN activity_words w ON w.kind = t.kind AND w.response_kind IS NOT DISTINCT FROM
      t.response_kind AND w.direction IS NOT DISTINCT FROM t.direction
      AND w.medium IS NOT DISTINCT FROM t.medium
    """


def _email(alias: str) -> str:
    own = f"NOT {alias}.is_free_mail AND NOT {alias}.is_disposable"
    right = f"{alias}.email_issue IS DISTINCT FROM 'domain_typo'"
    return (
        f"CASE WHEN {alias}.email_key IS NOT NULL THEN "
        f"CASE WHEN {alias}.is_role_account THEN 'role' ELSE 'email' END || {_PART} || 'email' || "
        f"{_PART} || {alias}.email_key || {_PART} || "
        f"CASE WHEN {own} AND {right} THEN {alias}.email_domain ELSE '' END END"
    )


def _phone(alias: str) -> str:
    return (
        f"CASE WHEN {alias}.phone IS NOT NULL THEN "
        f"'phone' || {_PART} || 'phone' || {_PART} || {alias}.phone || {_PART} END"
    )
