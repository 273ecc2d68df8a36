"""Forget a person: what is removed, a word typed to confirm, the deed, and what is left to say."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tieline.actions import forget
from tieline.actions.drafts import checked_reason
from tieline.errors import TielineError
from tieline.web import audit, forgetting
from tieline.web.frame import say
from tieline.web.permissions import Permission, may, needs
from tieline.web.served import workspace
from tieline.web.uploads import FOLDER
from tieline.workspace import Workspace

WORD = "forget"
"""What is typed to say that it is meant."""


@needs(Permission.JUDGE, Permission.PEOPLE)
@require_http_methods(["GET", "POST"])
def ask(request: Any, identifier: str) -> Any:
    """What would be removed; with the word typed and a reason it is done."""
    ours = workspace()
    gone = forgotten(request, ours, identifier)
    if gone is not None:
        return gone
    identifier = identifier[:1].upper() + identifier[1:].lower()
    said: dict[str, Any] = {"word": WORD, "given": request.POST, "identifier": identifier}
    said["begun"] = forgetting.begun(ours, identifier)
    said["job"] = forgetting.open_job(identifier)
    if said["begun"] is None:
        said["draft"] = draft = _draft(ours, identifier)
        if draft.person.id != identifier:
            return HttpResponseRedirect(reverse("contact-forget", args=[draft.person.id]))
        said["rows"] = sorted(draft.rows.items())
    if request.method == "GET":
        return render(request, "tieline/forget.html", said)
    try:
        return _asked(request, said)
    except TielineError as problem:
        said["problem"] = problem
        audit.write(request, "tried to forget a person", identifier, problem.code)
        return render(request, "tieline/forget.html", said, status=400)


@needs(Permission.JUDGE, Permission.PEOPLE)
@require_POST
def clear_files(request: Any, identifier: str) -> Any:
    """Delete the uploaded files that still name a person who was forgotten."""
    ours = workspace()
    told = _told(ours, identifier)
    if told is None:
        raise _unknown(identifier)
    files = _uploaded(ours, told)
    for name in files:
        (ours.path / FOLDER / name).unlink(missing_ok=True)
    audit.write(request, "deleted uploaded files", identifier, f"{len(files)} files")
    say(request, f"{len(files)} files are deleted. What the lists say stays in the database.")
    return HttpResponseRedirect(reverse("contact", args=[identifier]))


def forgotten(request: Any, ours: Workspace, identifier: str) -> Any:
    """The page of an id whose person was forgotten; None if they were not."""
    told = _told(ours, identifier)
    if told is None or forgetting.begun(ours, identifier) is not None:
        return None
    said = {
        "identifier": identifier,
        "told": told,
        "uploaded": _uploaded(ours, told) if may(request.user, Permission.JUDGE) else [],
    }
    return render(request, "tieline/forgotten.html", said, status=410)


def _asked(request: Any, said: dict[str, Any]) -> Any:
    """Check what was typed, and have it done."""
    identifier = said["identifier"]
    if request.POST.get("word", "").strip().lower() != WORD:
        raise TielineError(
            "not_confirmed",
            f"The word “{WORD}” was not typed: nothing was done.",
            next_step="Type it to say that you mean it. This cannot be undone.",
        )
    if said["begun"] is None:
        draft = said["draft"]
        reason = checked_reason(request.POST.get("reason", ""))
        if draft.plan.values.hits(reason) or identifier in reason:
            raise TielineError(
                "names_the_person",
                "The reason names the person who is to be forgotten, and it is kept.",
                next_step="Say why without a name, an address or a number, such as a ticket's "
                "number.",
            )
        forgetting.clear_own(draft)
        counted = f"{sum(draft.rows.values())} rows of {len(draft.rows)} lists"
    else:
        reason, counted = said["begun"].reason, "begun before"
    job = forgetting.ask(identifier, reason=reason, by=request.user.login)
    audit.write(request, "forgot a person", identifier, f"job {job.pk}; {counted}")
    return HttpResponseRedirect(reverse("jobs-one", args=[job.pk]))


def _draft(ours: Workspace, identifier: str) -> forget.Draft:
    if not identifier.isalnum() or len(identifier) != 15 or identifier[0] != "C":
        raise _unknown(identifier)
    return forget.draft(ours, identifier)


def _told(ours: Workspace, identifier: str) -> dict[str, Any] | None:
    """What the certificate says: the whole of it, as it lies beside the ledger."""
    held = forgetting.certificate(ours, identifier)
    if held is None:
        return None
    told: dict[str, Any] = dict(held.body)
    with suppress(OSError, ValueError):
        path = ours.hidden_dir / "certificates" / f"{held.number}.json"
        told |= json.loads(path.read_text("utf-8"))
    return told | {"number": held.number, "at": held.made_at}


def _uploaded(ours: Workspace, told: dict[str, Any]) -> list[str]:
    """The files that came by a browser and still name the person."""
    named = [one["file"] for one in (told.get("scan") or {}).get("traces_in_your_files", [])]
    names = {file.removeprefix(f"{FOLDER}/") for file in named if file.startswith(f"{FOLDER}/")}
    return sorted(n for n in names if "/" not in n and (ours.path / FOLDER / n).is_file())


def _unknown(identifier: str) -> TielineError:
    return TielineError("unknown_id", f"There is no contact {identifier[:40]!r}.")
