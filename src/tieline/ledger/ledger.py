"""One workspace's ledger: facts are appended and read, none is changed or deleted."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tieline.ledger import binding, facts, judging, state
from tieline.ledger.database import Database
from tieline.ledger.database_url import parse_database_url
from tieline.ledger.facts import Certificate, Event, Judgement, Label, Remembered, Tombstone

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "ledger.sqlite"


def open_ledger(folder: Path, url: str | None = None) -> Ledger:
    """The ledger of a workspace: at `url`, else at the environment's DATABASE_URL, else a file.

    `url` may be '' for the file, whatever the environment says.

    Nothing is read, made or loaded before the first question; a new ledger is made by the first
    fact. The URL holds a password: it is not written anywhere and shown in no message.
    """
    named = os.environ.get("DATABASE_URL", "") if url is None else url
    if named.strip():
        return Ledger(Database(parse_database_url(named), of=folder))
    if url is None:
        binding.refuse_forgotten(folder)
    return Ledger(Database(folder / FILE))


class Ledger:
    """The facts of one workspace. Closes itself as a context manager; usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close this thread's connection; asking again opens a new one."""
        self._database.close()

    @property
    def place(self) -> str:
        """Where the facts lie, without a password."""
        return str(self._database.target)

    # Judgements.

    def judge(
        self,
        kind: str,
        entity: str,
        body: Mapping[str, Any],
        *,
        reason: str,
        by: str,
        evidence: Any = None,
        at: datetime | None = None,
    ) -> Judgement:
        """Append one judgement; a kind, entity or body of unknown shape is an `unusable_fact`."""
        return judging.judge(
            self._database,
            Judgement(
                0, kind, entity, dict(body), reason, by, facts.in_utc(at or _now()), evidence
            ),
        )

    def end(self, number: int, *, reason: str, by: str, at: datetime | None = None) -> Judgement:
        """End a judgement: a row of its own. `unknown_judgement`, `already_ended` are errors."""
        ending = facts.Ending(reason, by, facts.in_utc(at or _now()))
        if not self._database.exists():
            raise judging.unknown(number, self._database.place)
        return judging.end(self._database, number, ending)

    def judgement(self, number: int) -> Judgement:
        """One judgement, ended or not; TielineError `unknown_judgement` if there is none."""
        if self._database.exists():
            for found in judging.judgements(self._database, active=False, number=number):
                return found
        raise judging.unknown(number, self._database.place)

    def judgements(
        self,
        *,
        active: bool = True,
        kind: str | None = None,
        records: Collection[str] | None = None,
    ) -> list[Judgement]:
        """By number: those that hold, or all; of one kind; that name any of `records`."""
        if not self._database.exists():
            return []
        return judging.judgements(self._database, active=active, kind=kind, records=records)

    def judged_records(self) -> pa.Table:
        """What holds, flat: number, kind, entity, part, record_id; in order of number and body.

        `part` is `records`, `apart`, `rest`, or `group_1`, `group_2`, ... of a body's groups.
        """
        from tieline.ledger import reading

        if not self._database.exists():
            return reading.JUDGED_RECORDS.empty_table()
        return reading.judged_records(self._database)

    # Events.

    def remember(self, events: Iterable[Event], *, at: datetime | None = None) -> Remembered:
        """Append events; those whose stream and message id are known are counted and left out."""
        from tieline.ledger import remembering

        return remembering.remember(self._database, events, facts.moment_text(at or _now()))

    def event_batches(self) -> Iterator[pa.RecordBatch]:
        """Every event in order of arrival.

        Columns: stream, message_id, type, occurred_at, received_at, body. All are text;
        moments are ISO 8601 in UTC, of one width; body is a JSON object.
        """
        from tieline.ledger import reading

        return reading.event_batches(self._database) if self._database.exists() else iter(())

    def events_after(self, number: int) -> Iterator[pa.RecordBatch]:
        """Those that arrived after the event of that number, 0 for all: `number` and the above.

        Numbers grow in order of arrival; erased events leave gaps.
        """
        from tieline.ledger import reading

        return reading.events_after(self._database, number) if self._database.exists() else iter(())

    def events_up_to(self, number: int) -> int:
        """How many events there are up to that number: fewer than before says that some went."""
        from tieline.ledger import reading

        return reading.events_up_to(self._database, number) if self._database.exists() else 0

    # What a build asks before it reads.

    def fingerprint(self, *kinds: str) -> str:
        """A text that is another after any change of these facts; it does not read them.

        Kinds: `judgements`, `events`, `tombstones`, `labels`; without any, all but labels, which no
        build reads. Equal texts of one ledger mean equal facts.
        """
        return state.fingerprint(self._database, kinds or state.READ_BY_BUILDS)

    def counts(self) -> dict[str, int]:
        """How many judgements, endings, events, labels, certificates, tombstones there are."""
        return state.counts(self._database)

    def take_over(self, source: Ledger) -> dict[str, int]:
        """Copy every fact of another ledger into this one, all or nothing; its `counts` then.

        Salt and fingerprint come along: for a build, nothing has changed. TielineError
        `ledger_not_empty` if this one holds facts.
        """
        from tieline.ledger import copying

        if not source._database.exists():
            return self.counts()
        return copying.copy(source._database, self._database)

    # Erasure.

    def salt(self) -> bytes:
        """The 32 random bytes of this ledger that digests of forgotten values are made with."""
        return state.salt(self._database)

    def tombstones(self) -> list[Tombstone]:
        """Every tombstone, oldest first."""
        return state.tombstones(self._database) if self._database.exists() else []

    def add_tombstones(
        self, certificate: Mapping[str, Any], digests: Iterable[tuple[str, str]], *, at: datetime
    ) -> Certificate:
        """Append one erasure: its certificate and its (kind, digest) pairs; known pairs stay."""
        return state.add_tombstones(self._database, dict(certificate), digests, facts.in_utc(at))

    def certificates(self) -> list[Certificate]:
        """Every certificate of an erasure, oldest first."""
        return state.certificates(self._database) if self._database.exists() else []

    def rewrite(
        self, kind: str, change: Callable[[Any], Any], *, holding: Collection[str] = ()
    ) -> int:
        """Let an erasure rewrite `judgements`, `events` or `labels`: how many became another.

        `change` gets each fact and returns it, another to stand in its place, or None to delete it
        (events and labels only). With `holding`, it is asked only about facts that hold one of
        these values somewhere in their texts, in large or small letters. All of it happens or
        nothing. Call `scrub` afterwards.
        """
        from tieline.ledger import redaction

        if not self._database.exists():
            return 0
        return redaction.rewrite(self._database, kind, change, holding)

    def delete_events(self, names: Iterable[tuple[str, str]]) -> int:
        """Let an erasure delete events by (stream, message id): how many. Then call `scrub`."""
        from tieline.ledger import redaction

        return redaction.delete_events(self._database, names) if self._database.exists() else 0

    def scrub(self) -> None:
        """Wipe what `rewrite` and `delete_events` left in the database's files.

        It writes the whole database anew; TielineError `ledger_in_use` while others read a file.
        """
        from tieline.ledger import redaction

        if self._database.exists():
            redaction.scrub(self._database)

    # Labelled pairs.

    def label(
        self,
        left_record: str,
        right_record: str,
        entity: str,
        *,
        same: bool | None,
        by: str,
        at: datetime | None = None,
        shown: Any = None,
        judgement: int | None = None,
    ) -> Label:
        """Append a person's answer whether two records are the same."""
        moment = facts.in_utc(at or _now())
        label = Label(0, left_record, right_record, entity, same, by, moment, shown, judgement)
        return judging.add_label(self._database, label)

    def labels(self, *, active: bool = True) -> list[Label]:
        """Labels, oldest first: those not taken back with their judgement, or all."""
        return judging.labels(self._database, active=active) if self._database.exists() else []


def _now() -> datetime:
    return datetime.now(UTC)
