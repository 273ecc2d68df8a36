"""The addresses of the collector: Segment's HTTP protocol, as its five libraries speak it.

What is answered decides what a library does: 200 and it forgets the events; 429 or a 5xx and it
sends them again; any other 4xx and it throws them away. So 200 says that they are on the disk,
and overload is never a 4xx but 429. https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from tieline.errors import TielineError
from tieline.web.api.keys import Caller, caller_of, secret_in
from tieline.web.api.limits import EVENTS
from tieline.web.collector.keeping import keep
from tieline.web.collector.reading import messages_in, write_key_in
from tieline.web.permissions import Permission, may, open_to_all
from tieline.web.served import workspace

log = logging.getLogger("tieline.web.collector")

KINDS = {
    "identify": "identify", "i": "identify", "track": "track", "t": "track", "page": "page",
    "p": "page", "screen": "screen", "s": "screen", "group": "group", "g": "group",
    "alias": "alias", "a": "alias", "batch": "batch", "b": "batch", "import": "batch",
}  # fmt: skip
"""The last word of an address, and the type of message that comes there."""
AT_ONCE = 4
"""So many requests of one process keep events at a time; the database takes one by one anyway, and
pages need threads too."""
PATIENCE_SECONDS = 5.0
RETRY_SECONDS = 2
_room = threading.BoundedSemaphore(AT_ONCE)
_WAYS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, content-encoding",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_STATUS = {"too_large": 413, "no_key": 401, "unknown_key": 401, "not_allowed": 403}
_OURS = (
    "ledger_locked", "ledger_unreachable", "ledger_fault", "ledger_read_only", "disk_full",
    "damaged_ledger", "ledger_refused", "unknown_database", "newer_ledger", "ledger_elsewhere",
    "another_ledger",
)  # fmt: skip
"""What is wrong with us, not with the events: they are to be sent again."""


@csrf_exempt
@open_to_all("programs send events with a key in every request")
def collect(request: Any, kind: str) -> HttpResponse:
    """Keep what one request brings."""
    answer = _collect(request, kind)
    for name, value in _WAYS.items():
        answer.headers[name] = value
    return answer


def _collect(request: Any, kind: str) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method != "POST":
        answer = _fault(405, "wrong_method", "Events are sent by POST.")
        answer.headers["Allow"] = "POST, OPTIONS"
        return answer
    try:
        caller = _caller(request)
        messages, sent = messages_in(request, KINDS[kind])
        wait = EVENTS.wait(caller.key.pk, max(len(messages), 1))
        if wait:
            return _later(429, "too_many", "This key sends more than can be kept.", wait)
        if not _room.acquire(timeout=PATIENCE_SECONDS):
            return _later(503, "busy", "More comes in than can be kept.", RETRY_SECONDS)
        try:
            done = keep(workspace(), caller.key, messages, sent=sent)
        finally:
            _room.release()
    except TielineError as fault:
        return _told(fault)
    except Exception:
        # Not our reader's fault: the library is to send it again.
        log.exception("collector")
        return _later(503, "broken", "That went wrong here.", RETRY_SECONDS)
    return JsonResponse({"success": True, "set_aside": done.counts.refused})


def _caller(request: Any) -> Caller:
    secret = secret_in(request) or write_key_in(request)
    caller = caller_of(secret)
    if caller is None:
        raise TielineError(
            "unknown_key" if secret else "no_key",
            "This key opens nothing." if secret else "There is no key in the request.",
            next_step="An administrator makes keys on the page Keys.",
        )
    if not may(caller, Permission.EVENTS):
        raise TielineError(
            "not_allowed",
            f"The key {caller.key.name} may not send events.",
            next_step="Make a key with the permission EVENTS.",
        )
    return caller


def _told(fault: TielineError) -> HttpResponse:
    if fault.code in _OURS:
        log.error("collector: %s", fault)
        return _later(503, fault.code, "The events cannot be kept at the moment.", RETRY_SECONDS)
    return _fault(_STATUS.get(fault.code, 400), fault.code, fault.message, fault.next_step)


def _later(status: int, code: str, message: str, seconds: int) -> HttpResponse:
    answer = _fault(status, code, message, "Send it again after the seconds of Retry-After.")
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _fault(status: int, code: str, message: str, next_step: str = "") -> HttpResponse:
    told = {"code": code, "message": message, "next_step": next_step}
    return JsonResponse(told, status=status)
