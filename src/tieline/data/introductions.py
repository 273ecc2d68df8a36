"""Rows of logs that bring in a person whom no list knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tieline.data.identifier_text import identifier_text, scheme_text
from tieline.data.kinds import IDENTIFIER_PREFIX, scheme_of
from tieline.data.log_rows import columns_of, is_list_entry
from tieline.data.source import Source
from tieline.data.values import email
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import standardise_all
from tieline.engine.tables import Engine, Table, quoted

STRONG = "('email', 'document', 'handle')"


def introductions(
    records: Table,
    activities: Table,
    activity_identifiers: Table,
    *,
    engine: Engine,
    sources: Sequence[Source],
    cache: Path | None,
) -> str:
    """The rows of logs that stand for a person by an address or handle that no list has.

    Somebody who answered is somebody, also if only an e-mail address is known: the oldest response
    with it enters the lists for them. All others are led to them by the address. What we only sent
    to an address does not show that there is anybody; nor does a login that was used together with
    the address of somebody we know.

    question: Which rows of logs bring in somebody new?
    row: One row of a log of responses.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
    """
    engine.create("listed_emails", _listed(engine, sources))
    distinct = engine.arrow("SELECT DISTINCT email FROM listed_emails WHERE email IS NOT NULL")
    with SecondProcess() as second:
        read = standardise_all([(email, distinct)], cache, second)
    engine.load("listed_email_keys", read[0])
    engine.create("listed_handles", _handles(sources))
    return f"""
    WITH known AS (
      SELECT 'email' AS scheme, email_key AS value FROM listed_email_keys
      WHERE email_key IS NOT NULL
      UNION SELECT scheme, value FROM listed_handles WHERE value IS NOT NULL
    ), strong AS (
      SELECT i.identifier_set, i.scheme, i.value, i.nature, k.value IS NOT NULL AS is_known
      FROM {activity_identifiers} i LEFT JOIN known k USING (scheme, value)
      WHERE i.nature IN {STRONG}
    ), led AS (
      SELECT DISTINCT scheme, value FROM strong
      WHERE nature = 'handle'
        AND identifier_set IN (SELECT identifier_set FROM strong WHERE is_known)
    ), newcomers AS (
      SELECT scheme, value, identifier_set FROM strong ANTI JOIN led USING (scheme, value)
      WHERE identifier_set NOT IN (SELECT identifier_set FROM strong WHERE is_known)
    ), rows_of_sets AS (
      SELECT a.identifier_set, r.arrival, a.record_id
      FROM {activities} a JOIN {records} r USING (record_id)
      WHERE a.kind = 'response' AND NOT a.is_list_entry
        AND a.identifier_set IN (SELECT identifier_set FROM newcomers)
    ), first_of_sets AS (
      SELECT identifier_set, min(arrival) AS arrival, min_by(record_id, arrival) AS record_id
      FROM rows_of_sets GROUP BY identifier_set
    )
    SELECT DISTINCT min_by(f.record_id, f.arrival) AS record_id
    FROM newcomers n JOIN first_of_sets f USING (identifier_set) GROUP BY n.scheme, n.value
    """


def _listed(engine: Engine, sources: Sequence[Source]) -> str:
    """The e-mail addresses of the rows that are list entries, as written."""
    selects = ["SELECT NULL::VARCHAR AS email WHERE false"]
    for number, source in enumerate(sources):
        engine.read_parquet(f"landed_{number}", source.rows)
        for field in ("email", "email_2"):
            selects += [
                f"SELECT {quoted(column)} AS email FROM landed_{number} l "
                f"WHERE {is_list_entry(source)}"
                for column in columns_of(source, field)
            ]
    return " UNION ".join(selects)


def _handles(sources: Sequence[Source]) -> str:
    """The strong identifiers of the rows that are list entries."""
    selects = ["SELECT '' AS scheme, NULL::VARCHAR AS value WHERE false"]
    for number, source in enumerate(sources):
        for column, field in source.columns.items():
            scheme = scheme_of(field) if field.startswith(IDENTIFIER_PREFIX) else None
            if scheme is None or scheme.owner != "person" or not scheme.strong:
                continue
            value = identifier_text(scheme, f"l.{quoted(column)}")
            selects.append(
                f"SELECT '{scheme_text(scheme, source.stream_name)}' AS scheme, {value} AS value "
                f"FROM landed_{number} l WHERE {is_list_entry(source)}"
            )
    return " UNION ".join(selects)
