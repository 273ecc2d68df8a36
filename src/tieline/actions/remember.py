"""Remember touches and responses that a program reports: each message once, for good.

What cannot be kept is told with its reason and counted; it never keeps the others out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from tieline.actions.erasure.ledger_facts import caught
from tieline.data.kinds import FIELD_BY_NAME, SCHEMES, is_field
from tieline.errors import Place, TielineError, did_you_mean
from tieline.ledger import Event, Ledger
from tieline.workspace import Workspace
from tieline.workspace.tombstones import Tombstones

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Earlier than this nothing was logged: it is a clock that was never set, or a test."""
CLOCK_SKEW = timedelta(days=1)
"""So far may a sender's clock be ahead of ours."""
MOST_TOLD = 20
"""So many refused events are told of; all are counted."""
_AT_ONCE = 10_000
_OF_THE_MESSAGE = ("record_key", "occurred_at", "sent_at", "created_at", "updated_at")
_KNOWN = (
    *(name for name in FIELD_BY_NAME if name not in _OF_THE_MESSAGE),
    *(f"identifier:{scheme}" for scheme in SCHEMES),
)


@dataclass
class Remembered:
    """What became of the events: rows of the ledger that are new, those it had, and the rest.

    `forgotten` were of people who were erased. `refused` could not be kept; `faults` say why, of
    the first `MOST_TOLD`.
    """

    new: int = 0
    known: int = 0
    forgotten: int = 0
    refused: int = 0
    faults: list[TielineError] = field(default_factory=list)

    def refuse(self, fault: TielineError) -> None:
        """Count an event that cannot be kept."""
        self.refused += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append(fault)


def remember(
    workspace: Workspace, events: Iterable[Event | TielineError], *, now: datetime | None = None
) -> Remembered:
    """Append events to the ledger; the next build attaches them.

    An event is known by its stream and message id: sent again, it is counted and left out. A fault
    among the events stands for one that could not be read. `now` is the moment from which on an
    event lies in the future (the clock's if None).
    """
    done = Remembered()
    latest = (now or datetime.now(UTC)) + CLOCK_SKEW
    with workspace.ledger() as ledger:
        usable = _usable(events, latest, done)
        while batch := list(islice(usable, _AT_ONCE)):
            store(workspace, ledger, batch, done)
    return done


def store(workspace: Workspace, ledger: Ledger, events: list[Event], done: Remembered) -> None:
    """Append events that were checked, but for those of forgotten people, and count them."""
    stones = Tombstones.of(ledger)
    kept = _without_forgotten(workspace, stones, events) if stones else events
    told = ledger.remember(kept)
    done.forgotten += len(events) - len(kept)
    done.new += told.new
    done.known += told.known


def _usable(
    events: Iterable[Event | TielineError], latest: datetime, done: Remembered
) -> Iterator[Event]:
    for number, event in enumerate(events, start=1):
        try:
            if isinstance(event, TielineError):
                raise event
            yield checked(event, latest)
        except TielineError as problem:
            place = problem.place if problem.place.row else Place("", number)
            done.refuse(
                TielineError(
                    problem.code, problem.message, place=place, next_step=problem.next_step
                )
            )


def checked(event: Event, latest: datetime) -> Event:
    """The event as it is kept; TielineError if it cannot be, as where it lies after `latest`."""
    if not event.message_id:
        raise _fault("no_message_id", "It has no message id, so it could not be told once.")
    if event.type not in ("touch", "response"):
        raise _fault("unknown_type", f"{event.type!r} is neither touch nor response.")
    body = {name: _text(name, value) for name, value in event.body.items()}
    body = {name: text for name, text in body.items() if text}
    if not body:
        raise _fault("empty_event", "It says nothing: neither who nor what.")
    return replace(event, occurred_at=_moment(event.occurred_at, latest), body=body)


def _text(name: str, value: Any) -> str:
    _check_field(name)
    if value is None:
        return ""
    if isinstance(value, Mapping | list | tuple):
        raise _fault("not_a_text", f"The field {name!r} holds several values, not one text.")
    return str(value).strip()


def _check_field(name: str) -> None:
    if name in _OF_THE_MESSAGE:
        said = "message_id" if name == "record_key" else "occurred_at"
        raise _fault("unknown_field", f"{name!r} is told beside the body, as {said!r}.")
    if name and is_field(name):
        return
    hint = did_you_mean(name, _KNOWN, cutoff=0.5)
    raise _fault("unknown_field", f"There is no field {name!r}.{hint}")


def _moment(told: datetime | str, latest: datetime) -> datetime:
    moment = told
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment.strip())
        except ValueError:
            said = repr(str(told)[:40]) if told else "Nothing"
            raise _fault(
                "bad_time", f"{said} is no moment in ISO 8601, like 2024-03-01T10:00:00Z."
            ) from None
    if moment.tzinfo is None:
        raise _fault("no_zone", f"{moment.isoformat()} names no zone; write {moment.isoformat()}Z.")
    if not OLDEST <= moment <= latest:
        when = "in the future" if moment > latest else "before 1990"
        raise _fault("absurd_time", f"{moment.isoformat()} lies {when}.")
    return moment.astimezone(UTC)


def _without_forgotten(
    workspace: Workspace, stones: Tombstones, events: list[Event]
) -> list[Event]:
    """The events that are not of erased people; these must not come back this way."""
    gone: set[int] = set()
    for stream in sorted({event.stream for event in events}):
        numbers = [n for n, event in enumerate(events) if event.stream == stream]
        found = caught(workspace, stones, stream, [events[n].body for n in numbers])
        gone |= {numbers[row - 1] for row in found}
    return [event for number, event in enumerate(events) if number not in gone]


def _fault(code: str, message: str) -> TielineError:
    return TielineError(code, message, next_step="Correct it and send it again.")
