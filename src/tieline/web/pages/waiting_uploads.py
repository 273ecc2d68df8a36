"""A newer file of a list that is there: what it would change, then replace, keep both, or leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tieline.data.kinds import KINDS
from tieline.data.sources.landed import Landed
from tieline.data.sql_text import literal
from tieline.errors import TielineError
from tieline.web import audit
from tieline.web.frame import say
from tieline.web.permissions import Permission, needs
from tieline.web.reader import reading, snapshot_name
from tieline.web.served import workspace
from tieline.web.uploads import (
    add,
    free_name,
    harmless,
    known_as,
    landed_there,
    park,
    parked,
    unpark,
)
from tieline.workspace import Source, Workspace, source_name
from tieline.workspace.replacement import MOST_NUMBERS, Replacement, replacement

KEPT = timedelta(days=1)
"""So long a file waits for a word; it may name people, so no longer."""
MOST_WAITING = 20
"""Files of one person that wait at a time."""
STEPS = ("replace", "both", "leave")


def of(member: Any) -> list[Any]:
    """The files of one person that wait."""
    from tieline.web.models import WaitingUpload

    return list(WaitingUpload.objects.filter(member=member)[:MOST_WAITING])


def keep(request: Any, ours: Workspace, file: Any, kind: str) -> str:
    """Have a file wait for a word of who sent it; its token."""
    from tieline.web.models import WaitingUpload

    for earlier in WaitingUpload.objects.filter(member=request.user)[MOST_WAITING - 1 :]:
        _drop(ours, earlier)
    token, _ = park(ours, file)
    WaitingUpload.objects.create(
        token=token,
        member=request.user,
        name=harmless(str(file.name)),
        kind=kind if kind in KINDS else "",
    )
    return token


def sweep(ours: Workspace) -> None:
    """Delete files that nobody said a word about for a day."""
    from django.utils import timezone

    from tieline.web.models import WaitingUpload

    for old in WaitingUpload.objects.filter(sent_at__lt=timezone.now() - KEPT):
        _drop(ours, old)


def tell_added(request: Any, one: Source) -> None:
    """Say what came of a list that was added."""
    if not one.rows_read:
        say(
            request,
            f"{one.name}: there is no data row in it. Is it the file you mean?",
            tone="warn",
        )
        return
    say(
        request,
        f"{one.name}: {one.rows_read:,} rows of {one.kind}, "
        f"{len(one.columns)} of {len(one.mapping.columns)} columns understood"
        + (f", {one.rows_unreadable:,} unreadable" if one.rows_unreadable else ""),
    )


@needs(Permission.SOURCES, Permission.PEOPLE)
@require_GET
def waiting(request: Any, token: str) -> Any:
    """What a file that waits would change."""
    ours = workspace()
    upload = _own(request, token)
    tables = _tables(ours, upload)
    known = ours.source_names()
    compared = [
        _told(replacement(ours, one, name, upload.kind))
        for one, name in _matched(tables)
        if name in known
    ]
    said = {
        "upload": upload,
        "compared": compared,
        "fresh": [one for one, name in _matched(tables) if name not in known],
        "beside": free_name(ours, upload.name),
        "lists": known_as(ours, upload.name),
        "nothing": bool(compared) and not any(one["found"] for one in compared),
        "most_numbers": MOST_NUMBERS,
    }
    return render(request, "tieline/waiting.html", said)


@needs(Permission.SOURCES, Permission.PEOPLE)
@require_POST
def settle(request: Any, token: str, step: str) -> Any:
    """Do what was said of a file that waits."""
    if step not in STEPS:
        raise TielineError("unknown_page", f"There is no step {step[:40]!r}.")
    ours = workspace()
    upload = _own(request, token)
    if step == "leave":
        _drop(ours, upload)
        audit.write(request, "left a newer list", upload.name)
        say(request, f"{upload.name} is deleted. Nothing was changed.")
        return HttpResponseRedirect(reverse("sources"))
    _tables(ours, upload)
    name = upload.name if step == "replace" else free_name(ours, upload.name)
    coming = parked(ours, upload.token) / upload.name
    found = add(ours, coming, name, upload.kind, replaces=step == "replace")
    _drop(ours, upload)
    for one in found:
        tell_added(request, one)
    audit.write(
        request,
        "replaced lists" if step == "replace" else "added lists beside",
        ", ".join(one.name for one in found),
        f"{sum(one.rows_read for one in found)} rows",
    )
    if len(found) == 1:
        return HttpResponseRedirect(reverse("source", args=[found[0].name]))
    return HttpResponseRedirect(reverse("sources"))


def _own(request: Any, token: str) -> Any:
    """A file that waits, of who asks; nobody is told of those of others."""
    from tieline.web.models import WaitingUpload

    found = WaitingUpload.objects.filter(token=token, member=request.user).first()
    if found is None:
        raise TielineError(
            "unknown_page",
            "There is no such upload of yours.",
            next_step="Files wait for a day, then they are deleted. Send it again.",
        )
    return found


def _tables(ours: Workspace, upload: Any) -> list[Landed]:
    if not (parked(ours, upload.token) / upload.name).exists():
        _drop(ours, upload)
        raise TielineError(
            "unknown_page",
            f"{upload.name} was deleted meanwhile.",
            next_step="Send it again on the page Sources.",
        )
    return landed_there(ours, upload.token, upload.name)


def _matched(
    tables: Sequence[Landed],
) -> list[tuple[Landed, str]]:
    """Each table of the file, and the name of the list whose place it would take."""
    return [(one, source_name(one.name)) for one in tables]


def _told(found: Replacement) -> dict[str, Any]:
    """A comparison with whom the rows are about that change or go."""
    said: dict[str, Any] = {"found": found, "concerns": None}
    if not snapshot_name() or not found.numbers:
        return said
    with reading() as now:
        where = f"source = {literal(found.name)} AND row_number IN ({_listed(found.numbers)})"
        said["concerns"] = now.one(
            "SELECT count(DISTINCT contact_id) AS contacts, count(DISTINCT account_id) AS accounts "
            f"FROM record_entities WHERE {where}"
        )
        if found.going:
            going = f"source = {literal(found.name)} AND row_number IN ({_listed(found.going)})"
            said["only_here"] = now.value(
                "SELECT count(*) AS n FROM (SELECT contact_id FROM record_entities WHERE "
                "contact_id IN (SELECT contact_id FROM record_entities WHERE "
                f"{going}) GROUP BY 1 HAVING bool_and({going}))"
            )
    return said


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _drop(ours: Workspace, upload: Any) -> None:
    unpark(ours, upload.token)
    upload.delete()
