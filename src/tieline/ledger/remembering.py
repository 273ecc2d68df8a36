"""Events, appended in large numbers: each (stream, message id) once, and exactly counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from tieline.errors import TielineError
from tieline.ledger import state
from tieline.ledger.database import Database
from tieline.ledger.facts import (
    EVENT_TYPES,
    Event,
    Remembered,
    check_storable,
    json_text,
    moment_text,
)

Row = tuple[str, str, str, str, str, str]
COLUMNS = "stream, message_id, type, occurred_at, received_at, body"
# One transaction: so many that the fsync at its end does not count, so few that others who wait to
# write hardly notice.
AT_ONCE = 20_000
# An index entry of PostgreSQL holds 2,704 bytes; a letter may have four.
_LONGEST_NAME = 600


def remember(database: Database, events: Iterable[Event], received_at: str) -> Remembered:
    """Append those that are not known; an event that cannot be kept stops it and names itself.

    Batches before it are kept: the caller repeats the whole, and what was kept is then known.
    """
    new = known = 0
    rows = (_row(event, received_at) for event in events)
    while batch := list(islice(rows, AT_ONCE)):
        added = append(database, batch)
        new += added
        known += len(batch) - added
    return Remembered(new, known)


def _row(event: Event, received_at: str) -> Row:
    if event.type not in EVENT_TYPES:
        raise _unusable(event, f"there is no event of type {event.type!r}, only touch and response")
    if not event.stream or not event.message_id:
        raise _unusable(event, "it needs a stream and a message id")
    if len(event.stream) + len(event.message_id) > _LONGEST_NAME:
        raise _unusable(event, f"its stream and message id are longer than {_LONGEST_NAME} letters")
    try:
        check_storable(event.stream + event.message_id)
        moment = moment_text(event.occurred_at)
        body = json_text(dict(event.body))
    except TielineError as error:
        raise _unusable(event, error.message.rstrip(".")) from None
    return (event.stream, event.message_id, event.type, moment, received_at, body)


def _unusable(event: Event, reason: str) -> TielineError:
    return TielineError(
        "unusable_event",
        f"The event {event.message_id[:60]!r} of {event.stream[:60]!r} cannot be kept: {reason}.",
        next_step="Correct it and send all again: those kept already are known by their ids.",
    )


def append(database: Database, rows: list[Row]) -> int:
    """Append rows of `COLUMNS`, ready as they are kept; how many were new."""
    with database.writing() as alias:
        state.lock(alias, "events")
        added = (_copy if database.on_postgres else _insert)(database, rows)
        if added:
            state.change(alias, "events")
        return added


def _insert(database: Database, rows: list[Row]) -> int:
    """SQLite counts the rows that a repeated INSERT really added."""
    with database.connection().cursor() as cursor:
        cursor.executemany(
            f"INSERT OR IGNORE INTO ledger_events ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)", rows
        )
        return int(cursor.rowcount)


def _copy(database: Database, rows: list[Row]) -> int:
    """PostgreSQL takes rows by COPY ten times as fast, but without leaving out known ones."""
    with database.connection().cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS arriving (place bigint, stream text, message_id text, "
            "type text, occurred_at text, received_at text, body text) ON COMMIT DELETE ROWS"
        )
        with cursor.copy(f"COPY arriving (place, {COLUMNS}) FROM STDIN") as copy:
            for place, row in _counted(rows):
                copy.write_row((place, *row))
        cursor.execute(
            f"INSERT INTO ledger_events ({COLUMNS}) SELECT {COLUMNS} FROM arriving ORDER BY place "
            "ON CONFLICT DO NOTHING"
        )
        return int(cursor.rowcount)


def _counted(rows: list[Row]) -> Iterator[tuple[int, Row]]:
    yield from enumerate(rows)
