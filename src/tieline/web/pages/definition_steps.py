"""What is done with a definition of leads: draft, save, propose, sign, take a proposal back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tieline.actions import lead_draft, undo
from tieline.actions.doing import write_down
from tieline.actions.lead_definition import definition, proposal, signature
from tieline.actions.lead_write import write
from tieline.errors import TielineError
from tieline.web import audit, jobs, members
from tieline.web.frame import say
from tieline.web.pages.definition_page import page, page_of
from tieline.web.permissions import Permission, needs
from tieline.web.reader import snapshot_name
from tieline.web.served import workspace
from tieline.workspace.scorecards import ROLES


@needs(Permission.DEFINE)
@require_POST
def draft(request: Any) -> Any:
    """Write the first draft of a definition, for a kind of product."""
    name = request.POST.get("name", "").strip().lower().replace(" ", "_").replace("-", "_")
    try:
        lead_draft.from_starter(
            workspace(),
            name,
            request.POST.get("like", ""),
            request.POST.get("product", "").strip()[:120],
        )
    except TielineError as problem:
        audit.write(request, "tried to draft a definition", name, problem.code)
        return page(request, problem)
    audit.write(request, "drafted a definition", name)
    say(request, f"Drafted {name}. Change it as you agree, say who signs, then propose it.")
    return _to(name)


@needs(Permission.DEFINE)
@require_POST
def save(request: Any, name: str) -> Any:
    """Replace the text of a definition, if it can be read."""
    text = request.POST.get("text", "")
    try:
        write(workspace(), name, text, seen=request.POST.get("seen", ""))
    except TielineError as problem:
        audit.write(request, "tried to save a definition", name, problem.code)
        if problem.code in ("bad_name", "unknown_scorecard"):
            raise
        return page_of(request, name, problem, text)
    audit.write(request, "saved a definition", name)
    say(request, "Saved. What is in force counts until both owners have signed this text.")
    return _to(name)


@needs(Permission.DEFINE)
@require_POST
def propose(request: Any, name: str) -> Any:
    """Put the text forward for signing."""
    try:
        checked = proposal(workspace(), name, despite=request.POST.get("despite") == "yes")
        made = write_down(
            workspace(), checked, reason=request.POST.get("reason", ""), by=request.user.login
        )
    except TielineError as problem:
        return _refused(request, name, "propose", problem)
    audit.write(request, "proposed a definition", name, made.name)
    card = definition(workspace(), name).card
    say(request, f"Proposed: {card.marketing_owner} and {card.sales_owner} can sign it now.")
    return _to(name)


@needs(Permission.SIGN)
@require_POST
def sign(request: Any, name: str) -> Any:
    """Sign the proposed text as its owner in one department; the second signature has it built."""
    role = request.POST.get("role", "")
    try:
        who = _owner(request, name, role)
        checked = signature(workspace(), name, role, by=who)
        reason = request.POST.get("reason", "").strip() or "agreed"
        made = write_down(workspace(), checked, reason=reason, by=who)
    except TielineError as problem:
        return _refused(request, name, "sign", problem)
    audit.write(request, f"signed a definition for {role}", name, made.name)
    if definition(workspace(), name).open is not None:
        say(request, f"Signed for {role}. The other signature is missing.")
        return _to(name)
    if not snapshot_name():
        say(request, "Both have signed: it is in force, and counts from the first build on.")
        return _to(name)
    say(request, "Both have signed: it is in force. The leads follow with the build that runs.")
    job = jobs.ask("build", request.user.login)
    return HttpResponseRedirect(reverse("jobs-one", args=[job.pk]))


@needs(Permission.DEFINE)
@require_POST
def withdraw(request: Any, name: str) -> Any:
    """Take the open proposal back; its signatures count no more."""
    held = definition(workspace(), name)
    if held.open is None:
        raise TielineError("not_proposed", f"No text of {name} waits for a signature.")
    number = held.open.proposal.name
    ended = undo.draft(workspace(), number)
    write_down(workspace(), ended, reason="taken back to change it", by=request.user.login)
    audit.write(request, "took a proposal back", name, number)
    say(request, f"{number} is taken back: the text can be changed and proposed again.")
    return _to(name)


def _owner(request: Any, name: str, role: str) -> str:
    """The name in which somebody signs: the owner's, if it is theirs and theirs alone."""
    card = definition(workspace(), name).card
    owners = {"marketing": card.marketing_owner, "sales": card.sales_owner}
    mine = [who for who in owners.values() if members.is_known_as(request.user, who)]
    if len(mine) == len(ROLES):
        raise TielineError(
            "one_owner",
            f"{owners['marketing']} and {owners['sales']} are both you.",
            next_step="Name two people in the section [owners].",
        )
    owner = owners.get(role, "")
    return owner if owner in mine else str(request.user.login)


def _refused(request: Any, name: str, what: str, problem: TielineError) -> Any:
    audit.write(request, f"tried to {what} a definition", name, problem.code)
    if problem.code in ("bad_name", "unknown_scorecard"):
        raise problem
    return page_of(request, name, problem)


def _to(name: str) -> Any:
    return HttpResponseRedirect(reverse("definitions-one", args=[name]))
