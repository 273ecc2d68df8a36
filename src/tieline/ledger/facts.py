"""The facts a ledger keeps, as plain values: nothing here knows where they are stored."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tieline.errors import TielineError

ENTITIES = ("contact", "site", "account")

# Every kind of judgement, and what its body must hold: lists of record ids first, then its values.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "merge": (("groups",), ()),
    "split": (("apart", "rest"), ()),
    "pin": (("records",), ()),
    "distinct": (("groups",), ()),
    "override": (("records",), ("field", "value")),
    "set_aside": (("records",), ()),
    "restore": (("records",), ()),
    "note": (("records",), ("text",)),
    "consent": (("records",), ("purpose", "channel", "state", "at")),
    "lead_proposal": ((), ("scorecard", "version", "content")),
    "lead_signature": ((), ("scorecard", "version", "role")),
    "lead_answer": (("records",), ("product", "version", "answer", "because", "until")),
}
SCORECARD, OF_SCORECARDS = "scorecard", ("lead_proposal", "lead_signature")
"""What is judged about a scorecard, which is about no records."""
EVENT_TYPES = ("touch", "response")

Body = Mapping[str, Any]

# Kept, because making one costs more than writing a small text with it.
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class Ending:
    """The end of one judgement: by whom, when (UTC) and why."""

    reason: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True)
class Judgement:
    """One decision of a person about records; shown to users as `J12`.

    `number` counts from 1 without gaps, `body` and `evidence` are plain JSON values, `made_at` is
    UTC, `ended` is None as long as the judgement holds.
    """

    number: int
    kind: str
    entity: str
    body: Body
    reason: str
    made_by: str
    made_at: datetime
    evidence: Any = None
    ended: Ending | None = None

    @property
    def name(self) -> str:
        """The judgement as users read and write it: `J12`."""
        return f"J{self.number}"

    @property
    def records(self) -> list[str]:
        """Every record id it names, in the order of its body."""
        return [record for _part, record in parts_of(self.body)]


@dataclass(frozen=True)
class Event:
    """One touch or response as it was reported; `stream` and `message_id` name it for ever.

    `occurred_at` is a moment, or one as ISO 8601 text; without a time zone it is UTC. `body` holds
    standard field names (and `identifier:SCHEME`) with their texts.
    """

    stream: str
    message_id: str
    type: str
    occurred_at: datetime | str
    body: Mapping[str, str]


@dataclass(frozen=True)
class Remembered:
    """How many of the events were new, and how many the ledger held already."""

    new: int
    known: int


@dataclass(frozen=True)
class Tombstone:
    """One salted digest of a value of a forgotten person; `certificate` says which erasure."""

    kind: str
    digest: str
    forgotten_at: datetime
    certificate: int


@dataclass(frozen=True)
class Certificate:
    """What one erasure removed, without the removed; `body` is plain JSON."""

    number: int
    body: Body
    made_at: datetime


@dataclass(frozen=True)
class Label:
    """A person's answer whether two records are the same; `shown` is what they saw deciding.

    `same` is None where the person could not tell: then it teaches nothing but not to ask again.

    `judgement` is the number of the judgement made of the answer, if any: when that is ended, the
    label no longer teaches.
    """

    number: int
    left_record: str
    right_record: str
    entity: str
    same: bool | None
    made_by: str
    made_at: datetime
    shown: Any = None
    judgement: int | None = None


def parts_of(body: Body) -> Iterator[tuple[str, str]]:
    """Every record with its part: `records`, `apart`, `rest`, or `group_1`, `group_2`, ..."""
    for number, group in enumerate(body.get("groups", ()), start=1):
        for record in group:
            yield f"group_{number}", record
    for part in ("apart", "rest", "records"):
        for record in body.get(part, ()):
            yield part, record


def check_judgement(kind: str, entity: str, body: Body) -> None:
    """Refuse a judgement of an unknown shape: the facts are for ever, so they must be readable."""
    if kind not in KINDS:
        raise _unusable(f"There is no judgement of kind {kind!r}; there are {', '.join(KINDS)}.")
    if kind not in OF_SCORECARDS or entity != SCORECARD:
        _check_entity(entity)
    lists, values = KINDS[kind]
    missing = [key for key in (*lists, *values) if key not in body]
    unknown = [key for key in body if key not in (*lists, *values)]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has no place for {unknown[0]!r}"
        raise _unusable(f"A judgement of kind {kind} {wrong}.")
    for key in lists:
        groups = body[key] if key == "groups" else [body[key]]
        if len(groups) < (2 if key == "groups" and kind == "distinct" else 1) or not all(groups):
            raise _unusable(f"A judgement of kind {kind} needs records in {key}.")
    records = [record for _part, record in parts_of(body)]
    if not all(isinstance(record, str) and record for record in records):
        raise _unusable("A record is named by its id, a text.")
    if len(set(records)) < len(records):
        raise _unusable("A judgement names a record only once.")


def check_label(left: str, right: str, entity: str) -> None:
    """Refuse a label that compares a record with itself or with nothing."""
    _check_entity(entity)
    if not left or not right or left == right:
        raise _unusable("A label compares two records.")


def _check_entity(entity: str) -> None:
    if entity not in ENTITIES:
        raise _unusable(f"There is no entity {entity!r}; there are {', '.join(ENTITIES)}.")


def check_said(texts: Mapping[str, str], needed: Collection[str] = ()) -> None:
    """Refuse texts that no database keeps as they are, and empty ones that are needed."""
    for name, text in texts.items():
        if name in needed and not text.strip():
            raise _unusable(f"A {name} is needed: it is what others will read later.")
        check_storable(text)


def check_storable(text: str) -> None:
    """Refuse a NUL, which PostgreSQL cannot keep, and halves of characters, which no file can."""
    if "\x00" in text:
        raise _unusable(f"The text {text[:40]!r} holds a NUL character.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _unusable(f"The text {text[:40]!r} holds half a character.") from None


def _unusable(message: str) -> TielineError:
    return TielineError("unusable_fact", message, next_step="Nothing was written.")


def json_text(value: Any) -> str:
    """A value as JSON, the same text for equal values; letters stay letters."""
    try:
        text = _JSON.encode(value)
        text.encode()
    except UnicodeEncodeError:
        raise _unusable("A text in it holds half a character.") from None
    except (TypeError, ValueError) as cause:
        raise _unusable(f"It cannot be written as JSON: {cause}.") from None
    return text


def moment_text(moment: datetime | str) -> str:
    """A moment as ISO 8601 text in UTC with microseconds: of one width, so that text order is time.

    Unreadable text is an error of the caller, who knows the row it came from.
    """
    try:
        read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        utc = in_utc(read)
    except (ValueError, OverflowError):
        raise _unusable(f"{str(moment)[:40]!r} is no moment in ISO 8601.") from None
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without a time zone is taken for UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)
