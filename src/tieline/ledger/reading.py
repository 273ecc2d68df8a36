"""The facts in bulk, as Arrow: what a build reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

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

# Rows in a batch: fewer would stay in the processor's cache, but Arrow's own cost per batch
# then counts; measured best with a million judgements (benchmarks/ledger.py).
_AT_ONCE = 20_000
_RECORDS = pa.list_(pa.string())
# The lists of record ids in bodies, in the order `facts.parts_of` names them.
_LISTS = ("apart", "rest", "records")
_BODY = pa.schema(
    [("groups", pa.list_(_RECORDS)), *((name, _RECORDS) for name in _LISTS)],
)

_JUDGED = """
SELECT number, kind, entity, body FROM ledger_judgements AS judgement
WHERE NOT EXISTS (SELECT 1 FROM ledger_endings WHERE judgement_id = judgement.number)
ORDER BY number
"""
_EVENTS = f"SELECT {COLUMNS} FROM ledger_events ORDER BY number"
_EVENTS_AFTER = f"SELECT number, {COLUMNS} FROM ledger_events WHERE number > %s ORDER BY number"


def judged_records(database: Database) -> pa.Table:
    """The records of every judgement that holds.

    Arrow reads the bodies: four records a judgement are one row here and not four, which takes half
    the time of fetching the records themselves.
    """
    batches = [_judged(rows) for rows in _fetched(database, _JUDGED)]
    return pa.concat_tables([JUDGED_RECORDS.empty_table(), *batches])


def event_batches(database: Database) -> Iterator[pa.RecordBatch]:
    """Every event, as it arrived."""
    for rows in _fetched(database, _EVENTS):
        yield pa.record_batch(
            [pa.array([row[place] for row in rows], pa.string()) for place in range(len(EVENTS))],
            schema=EVENTS,
        )


def events_after(database: Database, number: int) -> Iterator[pa.RecordBatch]:
    """The events that arrived after the one of that number, with their numbers."""
    schema = pa.schema([pa.field("number", pa.int64(), nullable=False), *EVENTS])
    for rows in _fetched(database, _EVENTS_AFTER, number):
        yield pa.record_batch(
            [
                pa.array([row[place] for row in rows], kind)
                for place, kind in enumerate(schema.types)
            ],
            schema=schema,
        )


def events_up_to(database: Database, number: int) -> int:
    """How many events there are of those numbers."""
    with database.told(), database.connection().cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_events WHERE number <= %s", [number])
        return int(cursor.fetchone()[0])


def _fetched(
    database: Database, sql: str, *parameters: object
) -> Iterator[Sequence[Sequence[Any]]]:
    connection = database.connection()
    with database.told(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters or None)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield rows


def _judged(rows: Sequence[Sequence[Any]]) -> pa.Table:
    text = "\n".join([row[3] for row in rows]).encode()
    bodies = pyarrow.json.read_json(
        pa.BufferReader(text),
        pyarrow.json.ReadOptions(use_threads=False, block_size=len(text) + 1),
        pyarrow.json.ParseOptions(explicit_schema=_BODY, unexpected_field_behavior="ignore"),
    ).combine_chunks()
    found = [_grouped(_column(bodies, "groups"))]
    found += [_listed(_column(bodies, name), name) for name in _LISTS]
    owners = np.concatenate([owner for owner, _part, _record in found])
    # By judgement, and within one in the order of its body, as `found` has it.
    order = np.argsort(owners, kind="stable")
    owner = pa.array(owners[order])
    said = [
        pa.array([row[place] for row in rows], JUDGED_RECORDS.types[place]) for place in range(3)
    ]
    parts = pa.concat_arrays([part for _owner, part, _record in found]).take(order)
    records = pa.concat_arrays([record for _owner, _part, record in found]).take(order)
    return pa.table([*(column.take(owner) for column in said), parts, records], JUDGED_RECORDS)


def _column(bodies: pa.Table, name: str) -> pa.ListArray:
    return pa.concat_arrays(bodies[name].chunks)


def _listed(lists: pa.ListArray, part: str) -> tuple[np.ndarray[Any, Any], pa.Array, pa.Array]:
    """Of each record: the row it stands in, its part, itself."""
    records = pc.list_flatten(lists)
    return pc.list_parent_indices(lists).to_numpy(), pa.repeat(part, len(records)), records


def _grouped(rows: pa.ListArray) -> tuple[np.ndarray[Any, Any], pa.Array, pa.Array]:
    """The same of lists of lists; the parts count the groups of a row from 1."""
    groups = pc.list_flatten(rows)
    row_of_group = pc.list_parent_indices(rows).to_numpy()
    starts = np.searchsorted(row_of_group, row_of_group)
    names = pa.array([f"group_{place + 1}" for place in (np.arange(len(groups)) - starts)])
    group_of_record = pc.list_parent_indices(groups).to_numpy()
    return (
        row_of_group[group_of_record],
        names.cast(pa.string()).take(pa.array(group_of_record)),
        pc.list_flatten(groups),
    )
