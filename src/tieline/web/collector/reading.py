"""The body of a request of Segment's libraries: unpacked, read as JSON, cut into its messages.

Content-Type is not looked at: rudder-sdk-node calls its gzipped JSON a form, the browser library
calls it plain text.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from tieline.errors import TielineError

MOST_SENT = 1024 * 1024
"""Bytes of one request. The libraries cut their batches at 475 to 500 kB."""
MOST_UNPACKED = 4 * 1024 * 1024
"""Bytes of one request after gunzip; JSON of events shrinks to a tenth, a bomb to a thousandth."""
MOST_MESSAGES = 10_000
"""Messages of one request; 500 kB of the libraries hold some 2,000 of the smallest."""
_GZIP = b"\x1f\x8b"

Message = Mapping[str, Any]


def messages_in(request: Any, kind: str) -> tuple[list[Any], str]:
    """The messages of a request, and the moment its sender says it was sent ('' if it does not).

    `kind` is that of the address, for messages that name none; of `batch` each must. Raises
    `too_large` and `bad_json`.
    """
    told = _json(_unpacked(_body(request)))
    if not isinstance(told, dict):
        raise _bad("It is no JSON object.")
    sent = told.get("sentAt")
    listed = told.get("batch")
    if kind == "batch":
        if not isinstance(listed, list):
            raise _bad("It has no list named batch.")
        if len(listed) > MOST_MESSAGES:
            raise _too_large()
        shared = told.get("context")
        if isinstance(shared, dict):
            listed = [_with_context(one, shared) for one in listed]
        return listed, sent if isinstance(sent, str) else ""
    return [{**told, "type": kind}], sent if isinstance(sent, str) else ""


def write_key_in(request: Any) -> str:
    """The key that the body itself names, where no header does: beacons cannot set one."""
    try:
        told = _json(_unpacked(_body(request)))
    except TielineError:
        return ""
    key = told.get("writeKey") if isinstance(told, dict) else None
    return key if isinstance(key, str) else ""


def _with_context(message: Any, shared: Message) -> Any:
    """A message with what the batch says of all of them."""
    if not isinstance(message, dict):
        return message
    own = message.get("context")
    return {**message, "context": {**shared, **own} if isinstance(own, dict) else shared}


def _body(request: Any) -> bytes:
    kept = getattr(request, "collected", None)
    if kept is not None:
        return bytes(kept)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MOST_SENT:
        raise _too_large()
    # What comes in chunks has no length; Django would take it for empty.
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    stream = request.META["wsgi.input"] if chunked else request
    body: bytes = stream.read(MOST_SENT + 1)
    if len(body) > MOST_SENT:
        raise _too_large()
    request.collected = body
    return body


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP):
        return body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacking.decompress(body, MOST_UNPACKED + 1)
    except zlib.error:
        raise _bad("It begins like gzip but cannot be unpacked.") from None
    if len(unpacked) > MOST_UNPACKED:
        raise _too_large()
    if not unpacking.eof:
        raise _bad("Its gzip breaks off.")
    return unpacked


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except RecursionError:
        raise _bad("It is nested too deeply.") from None
    except ValueError as problem:
        raise _bad(f"It is no JSON: {str(problem)[:100]}.") from None


def _bad(message: str) -> TielineError:
    return TielineError(
        "bad_json", message, next_step="Send a JSON object as Segment's HTTP protocol has it."
    )


def _too_large() -> TielineError:
    return TielineError(
        "too_large",
        f"It is larger than {MOST_SENT // 1024} kB, or {MOST_UNPACKED // 1024} kB unpacked, or has "
        f"more than {MOST_MESSAGES:,} events.",
        next_step="Send fewer events at once; the libraries do so by themselves.",
    )
