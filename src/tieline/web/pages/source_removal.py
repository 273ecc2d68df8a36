"""Take a list out of the workspace: what goes with it first, then the deed; and put it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tieline.data.kinds import KINDS
from tieline.data.sql_text import literal
from tieline.errors import TielineError
from tieline.web import audit
from tieline.web.frame import say
from tieline.web.permissions import Permission, needs
from tieline.web.reader import reading, snapshot_name
from tieline.web.served import workspace
from tieline.web.source_figures import told_of_source
from tieline.workspace import Source, removal


@needs(Permission.SOURCES, Permission.PEOPLE)
@require_http_methods(["GET", "POST"])
def remove(request: Any, name: str) -> Any:
    """What goes with a list; with its name typed it is taken out."""
    ours = workspace()
    one = ours.source(name)
    said = told_of_source(one) | {
        "is_log": one.kind in KINDS and KINDS[one.kind].is_memory,
        "judged": _judged(one),
        "given": request.POST,
    }
    if request.method == "GET":
        return render(request, "tieline/source_remove.html", said)
    try:
        if request.POST.get("word", "").strip() != one.name:
            raise TielineError(
                "not_confirmed",
                "The name of the list was not typed: nothing was done.",
                next_step="Type it to say that you mean it.",
            )
        removal.remove(ours, one.name)
    except TielineError as problem:
        said["problem"] = problem
        audit.write(request, "tried to take out a list", one.name, problem.code)
        return render(request, "tieline/source_remove.html", said, status=400)
    audit.write(request, "took out a list", one.name, f"{one.rows_read} rows")
    say(request, f"{one.name} is taken out. The next build is without it; until then it counts.")
    return HttpResponseRedirect(reverse("sources"))


@needs(Permission.SOURCES, Permission.PEOPLE)
@require_POST
def put_back(request: Any, name: str) -> Any:
    """Have a list again that was taken out."""
    removal.put_back(workspace(), name)
    audit.write(request, "put back a list", name)
    say(request, f"{name} is back. The next build counts it again.")
    return HttpResponseRedirect(reverse("source", args=[name]))


def _judged(one: Source) -> int:
    """How many decisions name rows of a list."""
    if not snapshot_name():
        return 0
    with reading() as found, workspace().ledger() as ledger:
        held = ledger.judgements()
        named = sorted({record for judgement in held for record in judgement.records})
        if not named:
            return 0
        listed = ", ".join(literal(record) for record in named)
        rows = found.rows(
            f"SELECT record_id FROM record_entities WHERE source = {literal(one.name)} "
            f"AND record_id IN ({listed})"
        )
    theirs = {row["record_id"] for row in rows}
    return sum(1 for judgement in held if theirs.intersection(judgement.records))
