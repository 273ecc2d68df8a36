"""The settings of the workspace: each with its value and meaning, and the text of the file."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from pydantic import BaseModel

from tieline.actions.settings_write import changes, checked, text_of, write
from tieline.errors import TielineError
from tieline.web import audit
from tieline.web.faults import STATUS, next_step
from tieline.web.frame import say
from tieline.web.permissions import Permission, may, needs
from tieline.web.reader import Row
from tieline.web.served import workspace
from tieline.workspace.reading import settings_of
from tieline.workspace.scorecards import version_of
from tieline.workspace.setting_words import Section, keys, meaning, sections, toml_of
from tieline.workspace.settings import Settings

KEPT = 50
"""Earlier texts that are kept."""
TONES = {"+": "for", "-": "against", "@": "soft"}


@needs(Permission.SETTINGS)
@require_GET
def settings(request: Any) -> Any:
    """Every setting, and the text of the file; with `back` an earlier text as a proposal."""
    from tieline.web.models import SettingsText

    number = request.GET.get("back", "")
    if not number or not may(request.user, Permission.MANAGE):
        return page(request)
    found = SettingsText.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise TielineError("unknown_page", "There is no such earlier text of the settings.")
    return page(request, text=found.text, looked_at=True)


@needs(Permission.MANAGE)
@require_POST
def change(request: Any) -> Any:
    """Show what another text would change; save it once that was seen."""
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    if request.POST.get("step") != "save":
        audit.write(request, "looked at a change of settings")
        return page(request, text=text, seen=seen, looked_at=True)
    try:
        before = write(workspace(), text, seen=seen)
    except TielineError as problem:
        audit.write(request, "tried to save the settings", detail=problem.code)
        return page(request, text=text, seen=seen, problem=problem)
    _keep(before, request.user.login)
    told = changes(before, text)
    added, gone = (sum(line.startswith(sign) for line in told) for sign in "+-")
    audit.write(request, "saved the settings", detail=f"{added} lines added, {gone} taken out")
    say(request, "Saved. The database follows with the next build: start one on the page Jobs.")
    return HttpResponseRedirect(reverse("settings"))


def page(
    request: Any,
    *,
    text: str | None = None,
    seen: str = "",
    looked_at: bool = False,
    problem: TielineError | None = None,
) -> Any:
    """The page; with another `text`, what it would change or the `problem` that keeps it out."""
    from tieline.web.models import SettingsText

    held = text_of(workspace())
    shown = held if text is None else text
    if text is not None and problem is None:
        try:
            checked(workspace(), text)
        except TielineError as wrong:
            problem = wrong
    said: dict[str, Any] = {
        "text": shown,
        "seen": seen or version_of(held),
        "problem": problem,
        "earlier": SettingsText.objects.all() if may(request.user, Permission.MANAGE) else [],
    }
    if problem is not None:
        line = re.search(r"line (\d+)", str(problem.place))
        said |= {
            "problem_place": str(problem.place),
            "remedy": next_step(problem),
            "line": int(line[1]) if line else None,
        }
    elif looked_at:
        said["looked_at"] = True
        said["changes"] = [(TONES.get(one[:1], ""), one) for one in changes(held, shown)]
    try:
        said["sections"] = _told(settings_of(held, workspace().settings_path.name))
    except TielineError as wrong:
        said |= {} if problem else {"problem": wrong, "problem_place": str(wrong.place)}
    status = STATUS.get(problem.code, 400) if problem and request.method == "POST" else 200
    return render(request, "tieline/settings.html", said, status=status)


def _told(now: Settings) -> list[Row]:
    """Every section with its settings; one that repeats, once for each that there is."""
    return [
        {
            "id": re.sub(r"[^a-z]+", "-", one.title.lower()).strip("-"),
            "title": one.title,
            "means": meaning(one.section).rpartition("`: ")[2],
            "repeats": one.repeats,
            "named": [_named(name, _keys(one, found)) for name, found in _found(one, now)],
            "keys": keys(one.section),
        }
        for one in sections()
    ]


def _found(section: Section, now: Settings) -> list[tuple[str, BaseModel]]:
    value: Any = now
    for part in section.path:
        value = getattr(value, part)
    if section.repeats == "by name":
        return sorted(value.items())
    if section.repeats == "as a list":
        return [(f"number {number}", one) for number, one in enumerate(value, start=1)]
    return [("", value)]


def _named(name: str, rows: list[Row]) -> Row:
    return {"name": name, "keys": rows, "set": [row for row in rows if row["is_set"]]}


def _keys(section: Section, found: BaseModel) -> list[Row]:
    rows: list[Row] = []
    for one in keys(section.section):
        value = getattr(found, one.name)
        is_list = isinstance(value, tuple) and any(isinstance(part, BaseModel) for part in value)
        now = f"{len(value)} below" if is_list else toml_of(value)
        rows.append({"one": one, "now": now, "is_set": now != one.default})
    return rows


def _keep(text: str, by: str) -> None:
    """Keep a text that was replaced; of the oldest, none but the last fifty."""
    from tieline.web.models import SettingsText

    SettingsText.objects.create(text=text, replaced_by=by)
    kept = SettingsText.objects.values_list("pk", flat=True)[:KEPT]
    SettingsText.objects.exclude(pk__in=list(kept)).delete()
