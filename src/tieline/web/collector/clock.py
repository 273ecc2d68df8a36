"""When something happened by our clock: senders' clocks are wrong, the time between is right."""

from __future__ import annotations

from datetime import UTC, datetime

from tieline.web.collector.reading import Message


def corrected(message: Message, sent: str, received: datetime) -> str:
    """The moment of a message as ISO 8601 in UTC: received − (sent − told).

    Segment's rule: https://segment.com/docs/connections/spec/common/#timestamps. A message that
    tells no moment happened when it came; one whose sender says not when it was sent is believed,
    and so is one that cannot be read, for the ledger to refuse with its reason.
    """
    told = message.get("originalTimestamp") or message.get("timestamp")
    if told is None or told == "":
        return received.isoformat()
    happened, left = _moment(told), _moment(message.get("sentAt") or sent)
    if happened is None or left is None:
        return str(told)
    try:
        return (received - (left - happened)).isoformat()
    except OverflowError:
        return str(told)


def _moment(told: object) -> datetime | None:
    if not isinstance(told, str):
        return None
    try:
        read = datetime.fromisoformat(told.strip())
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None
