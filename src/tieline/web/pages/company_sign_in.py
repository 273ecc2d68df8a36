"""Signing in with an account of the company: to its provider, and back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tieline.errors import TielineError
from tieline.web import arriving, audit, members, provider
from tieline.web.api.limits import Rate
from tieline.web.permissions import open_to_all
from tieline.web.single_sign_on import Company

TRIES = Rate(per_second=0.5, burst=60)
"""Of one address: each asks the provider, and a company of a hundred may share one address."""
_STATUS = {"provider_down": 503, "not_proved": 400}


@open_to_all("whoever is to sign in is nobody yet")
@require_GET
def start(request: Any) -> Any:
    """Go to the company's provider."""
    return _start(request)


@open_to_all("the link itself is the permission, once")
@require_GET
def start_invited(request: Any, secret: str) -> Any:
    """Go to the company's provider with a one-time link."""
    members.invitation(secret)
    return _start(request, secret)


@open_to_all("what it carries is checked, and belongs to this browser's session")
@require_GET
def back(request: Any) -> Any:
    """Come back from the provider, and in."""
    company = _company()
    kept = request.session.pop("company", {})
    try:
        _within_limit(request)
        arrival = provider.arrive(company, request)
        entry = arriving.enter(company, arrival, kept.get("secret", ""))
    except TielineError as problem:
        if problem.code not in _STATUS:
            audit.write(request, "was refused at the company's sign-in", detail=problem.code)
        return _told(request, problem)
    login(request, entry.member, backend="tieline.web.members.ByPassword")
    for action, detail in entry.changes:
        audit.write(request, action, entry.member.login, detail)
    audit.write(request, "signed in", detail=f"with {company.name}")
    return HttpResponseRedirect(kept.get("next", "/"))


def _start(request: Any, secret: str = "") -> Any:
    from tieline.web.pages.signing_in import inside

    company = _company()
    try:
        _within_limit(request)
        there = f"{settings.TIELINE.address}{reverse('sign-in-back')}"
        answer = provider.begin(company, request, there)
    except TielineError as problem:
        return _told(request, problem)
    request.session["company"] = {
        "next": inside(request, request.GET.get("next", "/")), "secret": secret
    }  # fmt: skip
    return answer


def _company() -> Company:
    found = settings.TIELINE_COMPANY
    if found is None:
        raise TielineError("unknown_page", "One signs in here by name and password.")
    return found  # type: ignore[no-any-return]


def _within_limit(request: Any) -> None:
    if TRIES.wait(audit.address_of(request)):
        raise TielineError(
            "too_many_tries",
            "Too many came from your address just now.",
            next_step="Wait a minute.",
        )


def _told(request: Any, problem: TielineError) -> Any:
    said = {"next": "/", "problem": problem.message, "remedy": problem.next_step}
    status = _STATUS.get(problem.code, 429 if problem.code == "too_many_tries" else 403)
    return render(request, "tieline/sign_in.html", said, status=status)
