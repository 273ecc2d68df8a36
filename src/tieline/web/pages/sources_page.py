"""The lists: upload, how their columns were understood, what could not be read, their figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tieline.data.kinds import KINDS
from tieline.errors import TielineError
from tieline.web import audit
from tieline.web.frame import say
from tieline.web.pages import waiting_uploads
from tieline.web.pages.source_mapping import DOUBTFUL, mapping, tried
from tieline.web.pages.waiting_uploads import tell_added
from tieline.web.permissions import Permission, needs
from tieline.web.reader import reading, snapshot_name
from tieline.web.served import workspace
from tieline.web.source_figures import told_of_source
from tieline.web.uploads import known_as, take
from tieline.workspace import corrections, removal


@needs(Permission.PEOPLE)
@require_GET
def sources(request: Any) -> Any:
    """Every list with its figures, and where to add one."""
    usable: dict[str, Any] = {}
    if snapshot_name():
        with reading() as found:
            usable = {
                row["source"]: row
                for row in found.rows(
                    "SELECT source, records, share FROM funnel WHERE step = 'usable'"
                )
            }
    rows = [
        {
            "source": one,
            "usable": usable.get(one.name),
            "understood": len(one.columns),
            "doubtful": sum(1 for c in one.mapping if c.field and c.confidence < DOUBTFUL),
        }
        for one in workspace().sources()
    ]
    said = {
        "rows": rows,
        "kinds": list(KINDS),
        "built": bool(usable),
        "waits": waiting_uploads.of(request.user),
        "removed": removal.removed(workspace()),
    }
    return render(request, "tieline/sources.html", said)


@needs(Permission.PEOPLE)
@require_GET
def source(request: Any, name: str) -> Any:
    """One list: its columns with confidence and examples, what it brings, what came of it."""
    ours = workspace()
    one = ours.source(name)
    said = told_of_source(one)
    said |= mapping(ours, one, corrections.said_of(ours, name)) | tried(ours, one)
    return render(request, "tieline/source.html", said)


@needs(Permission.SOURCES, Permission.PEOPLE)
@require_POST
def upload(request: Any) -> Any:
    """Take files as lists; one that cannot be read does not keep the others out."""
    ours = workspace()
    kind = request.POST.get("kind", "")
    files = request.FILES.getlist("files")
    if not files:
        raise TielineError(
            "no_file", "No file came with it.", next_step="Choose files, then press Add."
        )
    waiting_uploads.sweep(ours)
    added: list[str] = []
    waits: list[str] = []
    for file in files:
        try:
            if known_as(ours, str(file.name)):
                waits.append(waiting_uploads.keep(request, ours, file, kind))
                continue
            found = take(ours, file, kind if kind in KINDS else "")
            added += [one.name for one in found]
            for one in found:
                tell_added(request, one)
        except TielineError as problem:
            say(request, f"{file.name}: {problem.message} {problem.next_step}", tone="bad")
    audit.write(
        request,
        "added lists" if added or not waits else "sent newer lists",
        ", ".join(added),
        f"{len(files)} files" + (f", {len(waits)} of lists that are there" if waits else ""),
    )
    if waits and not added:
        return HttpResponseRedirect(reverse("sources-waiting", args=waits[:1]))
    if len(added) == 1 and not waits:
        return HttpResponseRedirect(reverse("source", args=added))
    return HttpResponseRedirect(reverse("sources"))
