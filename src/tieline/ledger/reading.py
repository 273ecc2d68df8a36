"""The facts in bulk, as Arrow: what a build reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from tieline.ledger.database import Database
from tieline.ledger.remembering import COLUMNS

JUDGED_RECORDS = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("entity", pa.string(), nullable=False),
        pa.field("part", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
    ]
)
EVENTS = pa.schema([pa.field(name, pa.string(), nullable=False) for name in COLUMNS.split(", ")])
_AT_ONCE = 50_000

_JUDGED = """
SELECT named.judgement_id, judgement.kind, judgement.entity, named.part, named.record_id
FROM ledger_judgement_records AS named
JOIN ledger_judgements AS judgement ON judgement.number = named.judgement_id
LEFT JOIN ledger_endings AS ending ON ending.judgement_id = named.judgement_id
WHERE ending.judgement_id IS NULL
ORDER BY named.id
"""
_EVENTS = f"SELECT {COLUMNS} FROM ledger_events ORDER BY number"


def judged_records(database: Database) -> pa.Table:
    """The records of every judgement that holds."""
    return pa.Table.from_batches(_batches(database, _JUDGED, JUDGED_RECORDS), JUDGED_RECORDS)


def event_batches(database: Database) -> Iterator[pa.RecordBatch]:
    """Every event, as it arrived."""
    return _batches(database, _EVENTS, EVENTS)


def _batches(database: Database, sql: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    connection = database.connection()
    with database.told(), connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield _batch(rows, schema)


def _batch(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )
