"""From messages to the ledger: what can be kept is kept, what cannot is set aside by name."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tieline.actions.event_messages import SEGMENT_TYPES, event_of
from tieline.actions.remember import CLOCK_SKEW, Remembered, checked, store
from tieline.errors import TielineError
from tieline.ledger import Event, Ledger
from tieline.web.collector import set_aside
from tieline.web.collector.clock import corrected
from tieline.workspace import Workspace

LONGEST_NAME = 500
"""Letters of a message id; the libraries send 36. The ledger keeps 600 with the stream's name."""


@dataclass
class Kept:
    """What became of the messages of one request: counts, and each refused one with its reason."""

    counts: Remembered = field(default_factory=Remembered)
    refused: list[tuple[Any, TielineError]] = field(default_factory=list)


def keep(
    workspace: Workspace, key: Any, messages: Sequence[Any], *, sent: str = "", flat: bool = False
) -> Kept:
    """Keep messages under the stream of a key: they are on the disk when this returns.

    `sent` is when the sender says it sent them; `flat` lets our own form through too. Raises what
    the ledger does where it cannot be written to: then nothing is known to be kept, and all may be
    sent again.
    """
    received = datetime.now(UTC)
    latest = received + CLOCK_SKEW
    done = Kept()
    events: list[tuple[Event, Any]] = []
    for message in messages:
        try:
            event = _event(message, key.stream, sent, received, flat=flat)
            events.append((checked(event, latest), message))
        except TielineError as fault:
            done.refused.append((message, fault))
    if events:
        _store(workspace, events, done)
    done.counts.refused = len(done.refused)
    _count(key, received, done)
    if done.refused:
        set_aside.keep(workspace, key.stream, done.refused)
    return done


def _event(message: Any, stream: str, sent: str, received: datetime, *, flat: bool) -> Event:
    if not isinstance(message, dict):
        raise TielineError("not_an_object", "It is no JSON object.")
    kind = message.get("type")
    if kind not in SEGMENT_TYPES:
        if flat and kind in (None, "touch", "response"):
            # A key writes into its own stream only.
            event = event_of({**message, "stream": stream})
            return _identified(event, message)
        raise TielineError(
            "unknown_type", f"{str(kind)[:40]!r} is none of {', '.join(SEGMENT_TYPES)}."
        )
    told = {**message, "timestamp": corrected(message, sent, received)}
    return _identified(event_of(told, stream=stream), message)


def _identified(event: Event, message: Any) -> Event:
    """The event with an id: one that a hand-written sender left out is made of what it says."""
    if event.message_id:
        if len(event.message_id) > LONGEST_NAME:
            raise TielineError("long_id", f"Its message id is longer than {LONGEST_NAME} letters.")
        return event
    said = {name: value for name, value in message.items() if name != "sentAt"}
    text = json.dumps(said, sort_keys=True, default=str)
    made = f"content:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"
    return Event(event.stream, made, event.type, event.occurred_at, event.body)


def _store(workspace: Workspace, events: list[tuple[Event, Any]], done: Kept) -> None:
    ledger = _ledger(workspace.path, threading.get_ident())
    try:
        store(workspace, ledger, [event for event, _ in events], done.counts)
        return
    except TielineError as fault:
        if fault.code != "unusable_event":
            raise
    # One of them holds what no database keeps: found by keeping each for itself.
    for event, message in events:
        try:
            store(workspace, ledger, [event], done.counts)
        except TielineError as fault:
            if fault.code != "unusable_event":
                raise
            done.refused.append((message, fault))


@cache
def _ledger(path: Path, thread: int) -> Ledger:
    """The ledger, kept open: to open one costs as much as to keep a hundred events."""
    return Workspace.open(path).ledger()


def _count(key: Any, received: datetime, done: Kept) -> None:
    from django.db.models import F

    from tieline.web.models import EventDay

    day, counts = received.date(), done.counts
    more = {
        name: F(name) + getattr(counts, name) for name in ("new", "known", "forgotten", "refused")
    }
    if not EventDay.objects.filter(key=key, day=day).update(**more):
        EventDay.objects.get_or_create(key=key, day=day)
        EventDay.objects.filter(key=key, day=day).update(**more)
