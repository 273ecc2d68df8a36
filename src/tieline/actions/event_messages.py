"""Messages that become events: our own flat form, and what Segment's libraries send.

Flat: `stream`, `message_id`, `type` (touch or response), `occurred_at`, and standard fields beside
them or in `body`. Segment: `identify`, `track`, `page`, `screen`, `group`, `alias` with
`messageId`, `timestamp`, `anonymousId`, `userId`, `traits`, `properties`, `context`
(https://segment.com/docs/connections/spec/common/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tieline.errors import TielineError
from tieline.ledger import Event

Message = Mapping[str, Any]

SEGMENT_TYPES = ("identify", "track", "page", "screen", "group", "alias")
DEFAULT_STREAM = "api"
_FLAT = ("stream", "message_id", "type", "occurred_at", "body")
_TRAITS = {
    "email": ("email",),
    "phone": ("phone",),
    "full_name": ("name",),
    "given_name": ("firstName", "first_name"),
    "family_name": ("lastName", "last_name"),
    "title": ("title", "jobTitle", "job_title", "position"),
    "website": ("website",),
    "language": ("language",),
    "identifier:linkedin": ("linkedin", "linkedinUrl"),
    "identifier:twitter": ("twitter", "twitterHandle"),
    "identifier:github": ("github", "githubHandle"),
    "identifier:login": ("username",),
}
"""The traits that Segment reserves, and what marketers commonly add."""
_COMPANY = {
    "company": ("name",),
    "industry": ("industry",),
    "employees": ("employees", "employee_count"),
}
_ADDRESS = {
    "address_line1": ("street",),
    "city": ("city",),
    "region": ("state",),
    "postcode": ("postalCode", "postal_code", "zip"),
    "country": ("country",),
}
_TOPICS = ("title", "name", "asset", "label", "product", "url", "path")
"""What an action was about: the first of these properties that is there."""


def messages_of(told: Any) -> Iterator[Message]:
    """The messages of one JSON value: one, a list of them, or a batch as libraries send it."""
    if isinstance(told, Mapping) and isinstance(told.get("batch"), list):
        yield from messages_of(told["batch"])
    elif isinstance(told, list):
        for one in told:
            yield from messages_of(one)
    elif isinstance(told, Mapping):
        yield told
    else:
        raise _unusable(f"It is {type(told).__name__}, not an object with fields.")


def event_of(message: Message, *, stream: str = "") -> Event:
    """The event that a message tells; TielineError `unusable_event` saying what it lacks.

    `stream` is that of messages which name none.
    """
    if message.get("type") in SEGMENT_TYPES:
        return _from_segment(message, stream or DEFAULT_STREAM)
    return _from_flat(message, stream or DEFAULT_STREAM)


def _from_flat(message: Message, stream: str) -> Event:
    body = message.get("body") or {}
    if not isinstance(body, Mapping):
        raise _unusable("Its body is not an object with fields.")
    beside = {name: value for name, value in message.items() if name not in _FLAT}
    return Event(
        stream=_text(message.get("stream")) or stream,
        message_id=_text(message.get("message_id")) or _text(message.get("messageId")) or "",
        type=_text(message.get("type")) or "response",
        occurred_at=message.get("occurred_at") or "",
        body={**beside, **body},
    )


def _from_segment(message: Message, stream: str) -> Event:
    kind = str(message["type"])
    context = _part(message, "context")
    traits = {**_part(context, "traits"), **_part(message, "traits")}
    properties = _part(message, "properties")
    body = {
        "identifier:anonymous_id": _text(message.get("anonymousId")),
        "identifier:user_id": _text(message.get("userId")),
        "identifier:ip": _text(context.get("ip")),
        "campaign": _text(_part(context, "campaign").get("name")),
        "response_kind": _kind(kind, message),
        "topic": _topic(kind, message, properties),
        "medium": "web" if kind == "page" else None,
        **_who(kind, traits, properties),
    }
    user = body["identifier:user_id"]
    if user and "@" in user:
        # Many sites give the e-mail address as the user's id.
        body["identifier:user_id"] = None
        body["email"] = body.get("email") or user
    if kind == "alias" and not body["identifier:anonymous_id"]:
        body["identifier:anonymous_id"] = _text(message.get("previousId"))
    return Event(
        stream=stream,
        message_id=_text(message.get("messageId")) or "",
        type="response",
        occurred_at=_text(message.get("timestamp"))
        or _text(message.get("originalTimestamp"))
        or _text(message.get("sentAt"))
        or "",
        body={name: value for name, value in body.items() if value},
    )


def _who(kind: str, traits: Message, properties: Message) -> dict[str, str | None]:
    """What the message says of the person and the company."""
    told: dict[str, str | None] = {}
    company = traits if kind == "group" else traits.get("company")
    if kind != "group":
        told = {name: _first(traits, keys) for name, keys in _TRAITS.items()}
        told["email"] = told["email"] or _text(properties.get("email"))
    if isinstance(company, Mapping):
        told |= {name: _first(company, keys) for name, keys in _COMPANY.items()}
    else:
        told["company"] = _text(company)
    address = traits.get("address")
    if isinstance(address, Mapping):
        told |= {name: _first(address, keys) for name, keys in _ADDRESS.items()}
    return told


def _kind(kind: str, message: Message) -> str:
    if kind == "track":
        return _text(message.get("event")) or "track"
    return {"page": "visit", "screen": "visit"}.get(kind, kind)


def _topic(kind: str, message: Message, properties: Message) -> str | None:
    named = _text(message.get("name")) if kind in ("page", "screen") else None
    return named or _first(properties, _TOPICS)


def _part(message: Message, name: str) -> Message:
    part = message.get(name)
    return part if isinstance(part, Mapping) else {}


def _first(told: Message, keys: tuple[str, ...]) -> str | None:
    if not told:
        return None
    return next((text for key in keys if (text := _text(told.get(key)))), None)


def _text(value: Any) -> str | None:
    """A value as text; nested ones are none."""
    if isinstance(value, str):  # nearly all are
        return value.strip() or None
    if value is None or isinstance(value, Mapping | list | bool):
        return None
    return str(value).strip() or None


def _unusable(message: str) -> TielineError:
    return TielineError("unusable_event", message)
