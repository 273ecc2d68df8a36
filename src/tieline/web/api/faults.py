"""What went wrong, as JSON with the same words that pages and terminal have."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import HttpResponse

from tieline.errors import TielineError
from tieline.web.faults import STATUS as OF_PAGES

log = logging.getLogger("tieline.web.api")

STATUS = {
    **OF_PAGES,
    "no_key": 401,
    "unknown_key": 401,
    "not_allowed": 403,
    "unknown_address": 404,
    "unknown_webhook": 404,
    "wrong_method": 405,
    "already_ended": 409,
    "already_so": 409,
    "still_running": 409,
    "too_large": 413,
    "other_request": 422,
    "too_many": 429,
    "ledger_locked": 503,
    "ledger_unreachable": 503,
}
"""The status of an error by its code; 400 for the others."""


def told(problem: TielineError, *, retry_seconds: int = 0) -> HttpResponse:
    """The answer to an error that the caller can repair."""
    answer = fault(STATUS.get(problem.code, 400), problem.code, problem.message, problem.next_step)
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Tieline"'
    if retry_seconds or answer.status_code == 503:
        answer.headers["Retry-After"] = str(retry_seconds or 2)
    return answer


def fault(status: int, code: str, message: str, next_step: str = "") -> HttpResponse:
    """An answer that says what went wrong: code, message, next_step."""
    body = {"code": code, "message": message, "next_step": next_step}
    return HttpResponse(json.dumps(body), status=status, content_type="application/json")


def broken(request: Any, problem: Exception) -> HttpResponse:
    """The answer to a mistake of ours."""
    log.error("%s %s", request.method, request.path, exc_info=problem)
    return fault(
        500,
        "broken",
        "This is a fault of the program, not of yours.",
        "The log of tieline serve says what happened. Try again, or report it.",
    )


def missing(request: Any) -> HttpResponse:
    """The answer where nothing is."""
    return fault(404, "unknown_address", "This address leads nowhere.", "See /api/v1/openapi.json.")


def wrong_input(errors: Any) -> HttpResponse:
    """The answer to a request whose form is wrong: the first thing that is."""
    first = errors[0] if errors else {}
    place = ".".join(str(part) for part in first.get("loc", ()) if part != "payload")
    return fault(
        400,
        "bad_request",
        f"{place or 'The request'}: {first.get('msg', 'cannot be read')}.",
        "The page API and /api/v1/openapi.json say what each address takes.",
    )
