"""Merge, split, correct, set aside, restore, note, undo: a form, what would change, the deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tieline.actions import merge, note, override, restore, set_aside, split, undo
from tieline.actions.consequences import Consequences
from tieline.actions.doing import preview, write_down
from tieline.actions.drafts import Draft, checked_reason
from tieline.actions.entities import KINDS, entity
from tieline.actions.history import told
from tieline.errors import TielineError
from tieline.identity.golden_values import FIELDS
from tieline.ledger import Judgement
from tieline.web import audit, jobs
from tieline.web.frame import say
from tieline.web.overlay import overlay
from tieline.web.pages.entity_page import judged_row
from tieline.web.permissions import Permission, needs
from tieline.web.reader import reading, snapshot_name
from tieline.web.served import workspace
from tieline.workspace import Workspace

MOST_ON_A_PAGE = 100
Given = Any


@dataclass(frozen=True)
class Deed:
    """One thing that people decide: its heading, what it means, and the draft of what is given."""

    title: str
    means: str
    draft: Callable[[Workspace, Given], Draft]


def _several(given: Given) -> list[str]:
    listed = [given.get("of", ""), *given.getlist("other")]
    return [one.strip() for text in listed for one in text.replace(",", " ").split() if one.strip()]


DEEDS: Mapping[str, Deed] = {
    "merge": Deed(
        "Merge",
        "These are one. The oldest one's id stays, the others lead to it.",
        lambda ours, given: merge.draft(ours, _several(given)),
    ),
    "split": Deed(
        "Split",
        "These records are somebody else. The part with the oldest record keeps the id.",
        lambda ours, given: split.draft(ours, given.get("of", ""), given.getlist("record")),
    ),
    "override": Deed(
        "Correct a value",
        "This value is right, whatever the records say.",
        lambda ours, given: override.draft(
            ours, given.get("of", ""), given.get("field", ""), given.get("value", "")
        ),
    ),
    "set-aside": Deed(
        "Set aside",
        "It is out of every figure, list and next action until somebody restores it.",
        lambda ours, given: set_aside.draft(ours, given.get("of", "")),
    ),
    "restore": Deed(
        "Restore",
        "It counts again.",
        lambda ours, given: restore.draft(ours, given.get("of", "")),
    ),
    "note": Deed(
        "Write a note",
        "It stays with the entity, also when that is merged or split.",
        lambda ours, given: note.draft(ours, given.get("of", ""), given.get("text", "")),
    ),
    "undo": Deed(
        "Undo",
        "It is as if it had never been decided, whatever came after.",
        lambda ours, given: undo.draft(ours, given.get("of", "")),
    ),
}
"""Every deed by the word in its address."""


@needs(Permission.JUDGE, Permission.PEOPLE)
@require_http_methods(["GET", "POST"])
def decide(request: Any, deed: str) -> Any:
    """The form; with `step=preview` what would change; with `step=do` it is written down."""
    if deed not in DEEDS:
        raise TielineError("unknown_page", f"There is no deed {deed[:40]!r}.")
    given = request.POST if request.method == "POST" else request.GET
    said = {"deed": deed, "what": DEEDS[deed], "given": given, **_shown(deed, given)}
    said["given_records"] = given.getlist("record")
    if request.method == "GET":
        return render(request, "tieline/decide.html", said)
    reason = given.get("reason", "") or (undo.REASON if deed == "undo" else "")
    try:
        draft = DEEDS[deed].draft(workspace(), given)
        if given.get("step") == "do":
            checked_reason(reason)
            return _done(request, deed, draft, reason)
        said["found"] = preview(workspace(), draft)
        said["remarks"] = draft.remarks
        said["values"] = _values(said["found"])
        audit.write(request, f"looked at what {deed} would change", given.get("of", ""))
    except TielineError as problem:
        said["problem"] = problem
        audit.write(request, f"tried {deed}", given.get("of", ""), problem.code)
        return render(request, "tieline/decide.html", said, status=400)
    return render(request, "tieline/decide.html", said)


@needs(Permission.PEOPLE)
@require_GET
def decisions(request: Any) -> Any:
    """Who decided what, when and why, the newest first; each can be undone."""
    only = request.GET.get("only", "")
    if not snapshot_name():
        return render(request, "tieline/decisions.html", {"rows": [], "total": 0})
    with reading() as found, workspace().ledger() as ledger:
        waits = overlay(found, workspace())
        held = ledger.judgements(active=only == "active")
        held.sort(key=lambda one: -one.number)
        rows = [
            {**judged_row(one.judgement, one.records), "ids": one.ids[:4]}
            for one in told(found.engine, held[:MOST_ON_A_PAGE])
        ]
    said = {
        "rows": rows,
        "total": len(held),
        "only": only,
        "most": MOST_ON_A_PAGE,
        "pending_names": waits.names,
    }
    return render(request, "tieline/decisions.html", said)


def _done(request: Any, deed: str, draft: Draft, reason: str) -> Any:
    """Write it down, have it built, and go back to what it is about."""
    judgement = write_down(workspace(), draft, reason=reason, by=request.user.login)
    audit.write(request, deed, judgement.name, f"{judgement.kind} of {judgement.entity}")
    job = jobs.ask("build", request.user.login)
    if draft.ends is not None:
        say(request, f"{judgement.name} is undone. The build that runs follows it.")
    else:
        address = f"{reverse('decide', args=['undo'])}?of={judgement.name}"
        say(
            request,
            f"{judgement.name} is written down. The build that runs follows it.",
            undo=address,
        )
    return HttpResponseRedirect(_back(request, judgement, job))


def _back(request: Any, judgement: Judgement, job: Any) -> Any:
    """The page of what was decided about, which shows it at once; that of the build if none is."""
    back = request.POST.get("back", "")
    with reading() as found:
        rows = told(found.engine, [judgement])
    ids = rows[0].ids
    if not ids or judgement.entity not in KINDS.values():
        return reverse("jobs-one", args=[job.pk])
    of = request.POST.get("of", "").strip()
    shown = next((one for one in (back, of) if one in ids), ids[0])
    return reverse(judgement.entity, args=[shown])


def _shown(deed: str, given: Given) -> dict[str, Any]:
    """What the form needs to know of the entity it is about."""
    of = given.get("of", "").strip()
    if deed == "undo":
        judgement = undo.judgement_named(workspace(), of) if of else None
        with reading() as found:
            rows = told(found.engine, [judgement] if judgement else [])
        return {"judged": [judged_row(one.judgement, one.records) for one in rows]}
    if not of or of[:1].upper() not in KINDS:
        return {}
    with reading() as found:
        one = entity(found.engine, of)
        said: dict[str, Any] = {"one": one, "fields": _fields(one.kind)}
        if deed == "split":
            listed = ", ".join(f"'{record}'" for record in one.records)
            said["records"] = found.rows(
                "SELECT e.record_id, e.source, e.row_number, r.verbatim FROM record_entities e "
                f"JOIN records r USING (record_id) WHERE e.record_id IN ({listed}) "
                "ORDER BY e.source, e.row_number"
            )
        if deed == "override":
            field = given.get("field", "")
            said["now"] = found.rows(
                f"SELECT field, value, rank FROM golden_values WHERE entity_id = '{one.id}' "
                f"AND field = '{field if field in said['fields'] else ''}' ORDER BY rank"
            )
    return said


def _fields(kind: str) -> list[str]:
    return [field.field for field in FIELDS if field.entity == kind]


def _values(found: Consequences) -> list[Any]:
    return [value for value in found.values if value.before or value.after][:60]
