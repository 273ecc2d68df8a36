"""What the lists say about consent, word by word read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from tieline.data.consent import STATE, read_cells
from tieline.data.kinds.consent_fields import ANY, MARKETING, consent_field
from tieline.data.kinds.consent_words import stated_channel, stated_purpose
from tieline.data.source import Source
from tieline.data.sql_text import literal
from tieline.engine.tables import Engine, Table, quoted

BY_PHONE = ("phone", "sms", "fax")
"""Channels on which a statement is about a telephone number; else it is about an address."""


def consent_statements(
    standard_records: Table, *, engine: Engine, sources: Sequence[Source]
) -> str:
    """Every statement about consent that a list makes.

    question: Who said what about being contacted, for which purpose, on which channel?
    row: One state that one record gives for one purpose and channel.
    key: record_id, purpose, channel, state
    owner: marketer
    columns:
      record_id: The record.
      source: The name of the source.
      purpose: What the consent is for (marketing, newsletter, events, surveys, ...).
      channel: On which channel (any, email, phone, sms, mail, fax, messenger).
      state: granted or withdrawn.
      said_at: The day on which it was said; that of the record where the statement names none.
      subject: What it is about within the source, an e-mail address, a number or the record.
    """
    engine.create("consent_cells", _no_cells())
    for number, source in enumerate(sources):
        rows = f"consent_rows_{number}"
        for select in _selects(engine, source, rows):
            engine.create("consent_cells", f"SELECT * FROM consent_cells UNION ALL {select}")
    mail = (
        "'e:' || s.email_key || CASE WHEN s.is_role_account "
        "THEN '|' || coalesce(s.name_key, '') ELSE '' END"
    )
    # Whole offices share a number, so that it says who is meant only beside a name.
    call = "'p:' || s.phone || '|' || coalesce(s.name_key, '')"
    own = "'r:' || s.record_id"
    by_phone = f"c.channel IN ({', '.join(literal(channel) for channel in BY_PHONE)})"
    return f"""
    SELECT s.record_id, s.source, c.purpose, c.channel, c.state,
      coalesce(max(c.said_at), max(s.record_at)) AS said_at,
      CASE WHEN {by_phone} THEN coalesce({call}, {mail}, {own})
        ELSE coalesce({mail}, {call}, {own}) END AS subject
    FROM consent_cells c
    JOIN {standard_records} s ON s.source = c.source AND s.row_number = c.row_number
    GROUP BY ALL
    """


def _selects(engine: Engine, source: Source, rows: str) -> Iterator[str]:
    """For each column about consent: source, row_number, purpose, channel, state, said_at."""
    fields = {column: consent_field(field) for column, field in source.columns.items() if field}
    log = {
        field: column
        for column, field in reversed(list(source.columns.items()))
        if field in (STATE, "consent_purpose", "consent_channel", "occurred_at")
    }
    if STATE not in log and not any(fields.values()):
        return
    engine.read_parquet(rows, source.rows)
    for place, (column, about) in enumerate(fields.items()):
        if about is not None:
            read = f"{rows}_{place}"
            _load_cells(engine, rows, read, column, about.heading, source.date_style)
            yield (
                f"SELECT {literal(source.name)} AS source, l.row_number, "
                f"{literal(about.purpose)} AS purpose, {literal(about.channel)} AS channel, "
                f"c.state, c.said_at FROM {rows} l JOIN {read} c ON c.text = l.{quoted(column)}"
            )
    if STATE in log:
        yield _log(engine, source, rows, log)


def _log(engine: Engine, source: Source, rows: str, log: dict[str, str]) -> str:
    """A log of consents: each row says state, purpose, channel and day itself."""
    read = f"{rows}_log"
    _load_cells(engine, rows, read, log[STATE], STATE, source.date_style)
    texts = {
        name: f"l.{quoted(log[name])}" if name in log else "NULL::VARCHAR"
        for name in ("consent_purpose", "consent_channel")
    }
    said = engine.arrow(
        f"SELECT DISTINCT {texts['consent_purpose']} AS p, {texts['consent_channel']} AS c "
        f"FROM {rows} l"
    ).to_pylist()
    engine.load(
        f"{rows}_about",
        pa.Table.from_pylist(
            [
                {
                    "p": row["p"],
                    "c": row["c"],
                    "purpose": stated_purpose(row["p"]) if "consent_purpose" in log else MARKETING,
                    "channel": stated_channel(row["c"]) if "consent_channel" in log else ANY,
                }
                for row in said
            ],
            schema=pa.schema([(name, pa.string()) for name in ("p", "c", "purpose", "channel")]),
        ),
    )
    return (
        f"SELECT {literal(source.name)} AS source, l.row_number, a.purpose, a.channel, c.state, "
        f"c.said_at FROM {rows} l JOIN {read} c ON c.text = l.{quoted(log[STATE])} "
        f"JOIN {rows}_about a ON a.p IS NOT DISTINCT FROM {texts['consent_purpose']} "
        f"AND a.c IS NOT DISTINCT FROM {texts['consent_channel']}"
    )


def _load_cells(
    engine: Engine, rows: str, name: str, column: str, heading: str, style: str | None
) -> None:
    """The distinct texts of a column with what they say: (text, state, said_at)."""
    texts = engine.arrow(
        f"SELECT DISTINCT {quoted(column)} AS t FROM {rows} "
        f"WHERE {quoted(column)} IS NOT NULL ORDER BY 1"
    )["t"].to_pylist()
    said = {text: told for text, told in read_cells(texts, heading, style).items() if told[0]}
    engine.load(
        name,
        pa.table(
            {
                "text": pa.array(list(said), pa.string()),
                "state": pa.array([state for state, _ in said.values()], pa.string()),
                "said_at": pa.array([day for _, day in said.values()], pa.date32()),
            }
        ),
    )


def _no_cells() -> str:
    texts = ", ".join(f"''::VARCHAR AS {name}" for name in ("purpose", "channel", "state"))
    return (
        f"SELECT ''::VARCHAR AS source, 0::BIGINT AS row_number, {texts}, "
        "NULL::DATE AS said_at WHERE false"
    )
