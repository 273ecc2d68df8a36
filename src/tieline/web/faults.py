"""What went wrong becomes a page with the same words that the terminal has."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.shortcuts import render

from tieline.errors import TielineError

log = logging.getLogger("tieline.web")

STATUS = {
    "unknown_id": 404,
    "unknown_table": 404,
    "unknown_source": 404,
    "unknown_page": 404,
    "unknown_judgement": 404,
    "unknown_scorecard": 404,
    "not_allowed": 403,
    "changed_meanwhile": 409,
    "answered_meanwhile": 409,
    "build_running": 409,
    "not_built": 409,
    "nothing_built": 409,
    "outgrown_snapshot": 409,
}
"""The status of an error by its code; 400 for the others."""
INSTEAD = {
    "not_built": "Add lists on the page Sources, then start a build on the page Jobs.",
    "nothing_built": "Add lists on the page Sources, then start a build on the page Jobs.",
    "outgrown_snapshot": "Start a build on the page Jobs.",
    "build_running": "Wait for it: the page Jobs shows how far it is.",
    "not_in_force": "Both owners sign it on the page What a lead is.",
    "unknown_product": "See on the page What a lead is which products have a definition.",
    "unknown_scorecard": "Draft it on the page What a lead is.",
    "scorecard_exists": "Change that one, or choose another name.",
    "unknown_reason": "Choose a reason from the list.",
    "no_word": "Say in a few words why.",
    "not_in_queue": "Their page has the receipt: what they have and lack.",
    "no_outcome": "Correct `outcome` and `won` in the section [cases].",
    "no_reason": "Say in a few words why, for whoever asks later.",
    "already_proposed": "Its owners can sign it.",
    "already_in_force": "Change the text first.",
    "proposal_open": "Take that proposal back first.",
    "not_fit": "Correct what the checks call an error, or tick to propose it all the same.",
    "not_proposed": "Propose it first.",
    "changed_since_proposed": "Bring the proposed text back, or take the proposal back and "
    "propose the new text.",
    "not_the_owner": "The name you sign in with or your own name has to be the owner's, and nobody "
    "else's here.",
    "unknown_role": "Sign for marketing or for sales.",
    "unknown_id": "Look for it by name on the pages Accounts, Sites or Contacts.",
}
"""What to do next in a browser, where the terminal's words name a command."""


class Faults:
    """Middleware: a TielineError is told, anything else is logged and told without its innards."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self._next = get_response

    def __call__(self, request: Any) -> Any:
        """Answer."""
        return self._next(request)

    def process_exception(self, request: Any, problem: Exception) -> Any:
        """A page for what a view raised."""
        if isinstance(problem, TielineError):
            return told(request, problem)
        from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
        from django.http import Http404

        if isinstance(problem, Http404 | BadRequest | PermissionDenied | SuspiciousOperation):
            return None
        log.error("%s %s", request.method, request.path, exc_info=problem)
        return broken(request)


def next_step(problem: TielineError) -> str:
    """What to do next, in a browser."""
    return INSTEAD.get(problem.code, problem.next_step)


def told(request: Any, problem: TielineError) -> Any:
    """The page of an error that the user can repair."""
    place = str(problem.place)
    said = {
        "title": "That did not work",
        "message": problem.message,
        "place": "" if place.startswith("/") else place,
        "next_step": next_step(problem),
        "code": problem.code,
    }
    return render(request, "tieline/fault.html", said, status=STATUS.get(problem.code, 400))


def missing(request: Any, exception: Exception | None = None) -> Any:
    """The page of an address that leads nowhere."""
    said = {
        "title": "There is no such page",
        "message": "This address leads nowhere.",
        "next_step": "Go on from the menu.",
    }
    return render(request, "tieline/fault.html", said, status=404)


def refused(request: Any, exception: Exception | None = None) -> Any:
    """The page of a request that cannot be understood."""
    said = {
        "title": "That request makes no sense",
        "message": "The server could not read what the browser sent.",
        "next_step": "Go back, load the page again, and try once more.",
    }
    return render(request, "tieline/fault.html", said, status=400)


def too_much(request: Any, wait: int) -> Any:
    """The page of somebody who asks for more than one person may; `wait` is in seconds."""
    said = {
        "title": "That was too much at once",
        "message": "You asked for more than one person may in so short a time.",
        "next_step": f"Wait {wait} second{'' if wait == 1 else 's'}, then go on.",
    }
    response = render(request, "tieline/fault.html", said, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def stale_form(request: Any, reason: str = "") -> Any:
    """The page of a form that was not sent from our own page, or long ago."""
    said = {
        "title": "This form is out of date",
        "message": "It was opened before you signed in or out, or comes from another site.",
        "next_step": "Go back, load the page again, and send it once more.",
    }
    return render(request, "tieline/fault.html", said, status=403)


def broken(request: Any, exception: Exception | None = None) -> Any:
    """The page of our own mistake."""
    said = {
        "title": "That went wrong here",
        "message": "This is a fault of the program, not of yours. Nothing was half done.",
        "next_step": "The log of tieline serve says what happened. Try again, or report it.",
    }
    try:
        return render(request, "tieline/fault.html", said, status=500)
    except Exception:
        from django.http import HttpResponse

        return HttpResponse("That went wrong here.", status=500, content_type="text/plain")
