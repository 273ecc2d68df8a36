"""What erasure alone may do: rewrite and delete facts, and leave no trace of what they said."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from tieline.errors import TielineError
from tieline.ledger import judging, state
from tieline.ledger.database import Database
from tieline.ledger.facts import Event, Judgement, Label, json_text, moment_text
from tieline.ledger.remembering import COLUMNS

Change = Callable[[Any], Any]

_TABLES = (
    "ledger_judgements",
    "ledger_judgement_records",
    "ledger_endings",
    "ledger_events",
    "ledger_labels",
    "ledger_certificates",
    "ledger_tombstones",
    "ledger_state",
)
_MAY_WIPE = (
    "SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()"
)
_AT_ONCE = 10_000


def rewrite(database: Database, kind: str, change: Change, holding: Collection[str]) -> int:
    """Put every fact of a kind through `change`, in one transaction; how many became another."""
    rewriters: dict[str, Callable[[Database, str, Change, list[str]], int]] = {
        "judgements": _judgements,
        "events": _events,
        "labels": _labels,
    }
    needles = [json_text(value)[1:-1].casefold() for value in holding]
    with database.writing() as alias:
        state.lock(alias, kind)
        changed = rewriters[kind](database, alias, change, needles)
        if changed:
            state.change(alias, kind)
    return changed


def delete_events(database: Database, names: Iterable[tuple[str, str]]) -> int:
    """Delete the events of these (stream, message id); how many there were."""
    deleted = 0
    with database.writing() as alias:
        state.lock(alias, "events")
        with database.connection().cursor() as cursor:
            waiting = iter(names)
            while some := list(islice(waiting, _AT_ONCE)):
                cursor.executemany(
                    "DELETE FROM ledger_events WHERE stream = %s AND message_id = %s", some
                )
                deleted += cursor.rowcount
        if deleted:
            state.change(alias, "events")
    return deleted


def scrub(database: Database) -> None:
    """Write the database anew, so that nothing of what was rewritten or deleted stays in its files.

    PostgreSQL keeps samples of values for its planner, in `pg_statistic`: they are drawn anew, and
    that table is written anew too. Its write-ahead log and backups are out of reach from here.
    """
    connection = database.connection()
    with database.told(), connection.cursor() as cursor:
        if database.on_postgres:
            cursor.execute(_MAY_WIPE)
            if not cursor.fetchone()[0]:
                raise TielineError(
                    "ledger_not_wiped",
                    "Only the owner of a PostgreSQL database may wipe what was deleted from it.",
                    place=database.place,
                    next_step="Make the user in DATABASE_URL its owner, then do this again.",
                )
            for table in _TABLES:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {table}")
            cursor.execute("VACUUM FULL pg_statistic")
            return
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _pages, _moved = cursor.fetchone()
    if busy:
        raise TielineError(
            "ledger_in_use",
            "Another program is reading the ledger, so that its old pages could not be wiped.",
            place=database.place,
            next_step="End it (the web pages, a build), then do this again.",
        )


def _judgements(database: Database, alias: str, change: Change, needles: list[str]) -> int:
    from tieline.ledger import models

    changed = 0
    for old in judging.judgements(database, active=False):
        new = change(old) if _holds(needles, _texts_of(old)) else old
        if new == old:
            continue
        _refuse_other(old, new)
        changed += 1
        models.Judgement.objects.using(alias).filter(number=old.number).update(
            body=json_text(new.body),
            reason=new.reason,
            made_by=new.made_by,
            evidence=json_text(new.evidence),
        )
        if new.ended:
            models.Ending.objects.using(alias).filter(judgement=old.number).update(
                reason=new.ended.reason, made_by=new.ended.made_by
            )
        _name_anew(alias, old, new)
    return changed


def _texts_of(fact: Judgement) -> Iterator[str]:
    yield from (fact.reason, fact.made_by, json_text(fact.body), json_text(fact.evidence))
    if fact.ended:
        yield from (fact.ended.reason, fact.ended.made_by)


def _refuse_other(old: Judgement, new: Judgement | None) -> None:
    """A judgement is never deleted: others are numbered after it, and it says who did what."""
    same = new is not None and (
        (new.number, new.kind, new.entity, new.made_at)
        == (old.number, old.kind, old.entity, old.made_at)
        and (new.ended is None) == (old.ended is None)
    )
    if not same:
        raise ValueError(f"{old.name}: only what it says may be rewritten")


def _name_anew(alias: str, old: Judgement, new: Judgement) -> None:
    from tieline.ledger import models

    if old.records == new.records:
        return
    models.JudgementRecord.objects.using(alias).filter(judgement=old.number).delete()
    models.JudgementRecord.objects.using(alias).bulk_create(
        models.JudgementRecord(judgement_id=old.number, record_id=record) for record in new.records
    )


def _labels(database: Database, alias: str, change: Change, needles: list[str]) -> int:
    from tieline.ledger import models

    changed = 0
    for old in judging.labels(database, active=False):
        said = (old.left_record, old.right_record, old.made_by, json_text(old.shown))
        new: Label | None = change(old) if _holds(needles, said) else old
        if new == old:
            continue
        changed += 1
        row = models.Label.objects.using(alias).filter(number=old.number)
        if new is None:
            row.delete()
            continue
        row.update(
            left_record=new.left_record,
            right_record=new.right_record,
            made_by=new.made_by,
            shown=json_text(new.shown),
        )
    return changed


def _events(database: Database, alias: str, change: Change, needles: list[str]) -> int:
    """Read all first: what is read must not change under the reader."""
    gone: list[tuple[int]] = []
    changed: list[tuple[str, str, str, str, str, int]] = []
    for number, stream, message_id, type_, occurred_at, _received_at, body in _rows(database):
        if not _holds(needles, (stream, message_id, body)):
            continue
        old = Event(stream, message_id, type_, occurred_at, json.loads(body))
        new: Event | None = change(old)
        if new is None:
            gone.append((number,))
        elif new != old:
            moment = moment_text(new.occurred_at)
            said = json_text(dict(new.body))
            changed.append((new.stream, new.message_id, new.type, moment, said, number))
    with database.connection().cursor() as cursor:
        if gone:
            cursor.executemany("DELETE FROM ledger_events WHERE number = %s", gone)
        if changed:
            cursor.executemany(
                "UPDATE ledger_events SET stream = %s, message_id = %s, type = %s, "
                "occurred_at = %s, body = %s WHERE number = %s",
                changed,
            )
    return len(gone) + len(changed)


def _rows(database: Database) -> Iterator[tuple[Any, ...]]:
    with database.connection().chunked_cursor() as cursor:
        cursor.execute(f"SELECT number, {COLUMNS} FROM ledger_events ORDER BY number")
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


def _holds(needles: list[str], texts: Iterable[str]) -> bool:
    """Whether a text holds one of the values, in large or small letters; or none is asked for."""
    if not needles:
        return True
    said = "\n".join(texts).casefold()
    return any(needle in said for needle in needles)
