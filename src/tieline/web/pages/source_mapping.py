"""How a list is understood: choose what its columns mean, see its first rows so, save, go back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from tieline.data.kinds import FIELD_BY_NAME, KINDS, is_field
from tieline.data.mapping.samples import sample_columns
from tieline.errors import TielineError
from tieline.web import audit
from tieline.web.field_choices import Choice, choices, meaning_of
from tieline.web.frame import say
from tieline.web.permissions import Permission, needs
from tieline.web.served import workspace
from tieline.web.source_figures import told_of_source
from tieline.workspace import Source, Workspace, corrections
from tieline.workspace.row_trial import ROWS, trial

DOUBTFUL = 0.6
MOST_EXAMPLES = 3
MOST_CHOICES = 60
"""Columns of a list up to which each has its own choice; the columns of a wider one share one."""
MOST_COLUMNS = 400
"""More than a form may have fields: the others are corrected in `tieline.toml`."""
MOST_EARLIER = 8
AS_RECOGNISED = "="
DATE_STYLES = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}


@needs(Permission.SOURCES, Permission.PEOPLE)
@require_POST
def correct(request: Any, name: str) -> Any:
    """Show how the first rows would be read with what is chosen, or save it."""
    ours = workspace()
    now = ours.source(name)
    said = _chosen(ours, now, request.POST)
    if request.POST.get("step") != "save":
        # Nothing changes by looking: it is no line of the audit log.
        request.audited = True
        part = bool(request.headers.get("X-Part"))
        page = "tieline/source_trial.html" if part else "tieline/source.html"
        told: dict[str, Any] = {}
        if not part:
            told = told_of_source(now)
        try:
            source = corrections.tried(ours, name, said)
            told |= {**tried(ours, source, now), "differs": _differs(now, source)}
            if not part:
                told |= mapping(ours, source, said)
        except TielineError as problem:
            told |= {"problem": problem}
            if not part:
                told |= mapping(ours, now, said)
        return render(request, page, told, status=400 if "problem" in told else 200)
    before = corrections.said_of(ours, name)
    corrections.say(ours, name, said, seen=request.POST.get("seen", ""))
    after = corrections.said_of(ours, name)
    if before == after:
        say(request, "Nothing was changed: it was so already.", tone="warn")
        request.audited = True
    else:
        from tieline.web.models import SourceCorrection

        SourceCorrection.objects.create(
            source=name, made_by=request.user.login, before=before, after=after
        )
        audit.write(request, "corrected a list", name, "; ".join(in_words(before, after)))
        say(request, "Saved. The next build reads the list so.")
    return HttpResponseRedirect(reverse("source", args=[name]))


@needs(Permission.SOURCES, Permission.PEOPLE)
@require_POST
def take_back(request: Any, name: str, number: int) -> Any:
    """Have the settings of a list say again what they said before a correction."""
    from tieline.web.models import SourceCorrection

    ours = workspace()
    found = SourceCorrection.objects.filter(pk=number, source=ours.source(name).name).first()
    if found is None or found.taken_back_by:
        raise TielineError(
            "unknown_page", "There is no such correction, or it was taken back already."
        )
    corrections.say(ours, name, found.before, seen=corrections.version_of(found.after))
    found.taken_back_by = request.user.login
    found.save(update_fields=["taken_back_by"])
    audit.write(
        request, "took back a correction", name, "; ".join(in_words(found.after, found.before))
    )
    say(request, "Taken back. The next build reads the list as before.")
    return HttpResponseRedirect(reverse("source", args=[name]))


def mapping(ours: Workspace, source: Source, said: dict[str, Any]) -> dict[str, Any]:
    """The columns with their choices as the form shows them; `said` are the corrections chosen."""
    examples = sample_columns(source.landed_path)
    corrected = said.get("columns", {})
    recognised = {column.column: column for column in ours.remembered(source.name).mapping}
    columns = [
        {
            "column": column,
            "number": number,
            "chosen": corrected.get(column.column, AS_RECOGNISED),
            "recognised": recognised[column.column],
            "doubtful": bool(column.field) and column.confidence < DOUBTFUL,
            "examples": [v for v in examples.get(column.column, []) if v][:MOST_EXAMPLES],
            "means": _means(column.field),
            "editable": number < MOST_COLUMNS,
        }
        for number, column in enumerate(source.mapping)
    ]
    used = [one.field for one in source.mapping if one.field]
    groups = choices(source.kind, used)
    return {
        "columns": columns,
        "groups": groups,
        "one_choice_each": len(columns) <= MOST_CHOICES,
        "not_editable": max(len(columns) - MOST_COLUMNS, 0),
        "said": said,
        "seen": corrections.version_of(corrections.said_of(ours, source.name)),
        "kinds": [Choice(one.name, one.one_row_is) for one in KINDS.values()],
        "kind_recognised": ours.remembered(source.name).kind,
        "date_styles": DATE_STYLES,
        "trusts": range(1, 10),
        "country": ours.settings.workspace.country,
        "as_recognised": AS_RECOGNISED,
        "earlier": _earlier(source.name),
    }


def tried(ours: Workspace, source: Source, now: Source | None = None) -> dict[str, Any]:
    """The first rows as they would be read; what differs from `now` comes first."""
    country = ours.settings.workspace.country or None
    changed = [
        after.column
        for before, after in zip((now or source).mapping, source.mapping, strict=True)
        if before.field != after.field
    ]
    return {
        "trial": trial(source, scratch=ours.scratch_dir, country=country, first_of_all=changed),
        "rows_tried": ROWS,
        "source": source,
    }


def in_words(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What a correction changed, line by line."""
    lines = []
    for key in ("kind", "owner", "trust", "date_style"):
        if before.get(key) != after.get(key):
            lines.append(f"{key.replace('_', ' ')}: {after.get(key) or 'as recognised'}")
    was, now = before.get("columns", {}), after.get("columns", {})
    for header in dict.fromkeys((*was, *now)):
        if was.get(header) != now.get(header):
            field = now.get(header)
            told = "as recognised" if field is None else field or "left out"
            lines.append(f"“{header}”: {told}")
    return lines


def _chosen(ours: Workspace, source: Source, given: Any) -> dict[str, Any]:
    """What the form says, as the settings keep it; what it does not ask for stays."""
    said = corrections.said_of(ours, source.name)
    kept = dict(said.get("columns", {}))
    headers = [column.column for column in source.mapping]
    for number, header in enumerate(headers[:MOST_COLUMNS]):
        field = given.get(f"f{number}")
        if field is None:
            continue
        field = field.strip()
        if field == AS_RECOGNISED:
            kept.pop(header, None)
        elif is_field(field):
            kept[header] = field
        else:
            raise TielineError(
                "unknown_field",
                f"There is no field {field[:60]!r} for the column {header!r}.",
                next_step="Choose one of the list.",
            )
    told: dict[str, Any] = {"columns": kept} if kept else {}
    for key, allowed in (("kind", KINDS), ("date_style", DATE_STYLES)):
        value = given.get(key, said.get(key, ""))
        if value and value in allowed:
            told[key] = value
    owner = " ".join(given.get("owner", said.get("owner", "")).split())[:80]
    if owner:
        told["owner"] = owner
    trust = given.get("trust", str(said.get("trust", 5)))
    if trust.isdecimal() and 1 <= int(trust) <= 9 and int(trust) != 5:
        told["trust"] = int(trust)
    return told


def _differs(now: Source, source: Source) -> list[str]:
    """What the choice would change, in words."""
    lines = []
    if now.kind != source.kind:
        lines.append(f"a row is of the kind {source.kind}, not {now.kind}")
    for before, after in zip(now.mapping, source.mapping, strict=True):
        if before.field != after.field:
            lines.append(f"“{after.column}” is {_called(after.field)}, not {_called(before.field)}")
    return lines


def _called(field: str | None) -> str:
    if field is None:
        return "not recognised"
    return field.replace("_", " ") or "left out"


def _means(field: str | None) -> str:
    if not field:
        return ""
    return FIELD_BY_NAME[field].meaning if field in FIELD_BY_NAME else meaning_of(field)


def _earlier(name: str) -> list[dict[str, Any]]:
    from tieline.web.models import SourceCorrection

    found = SourceCorrection.objects.filter(source=name)[:MOST_EARLIER]
    return [
        {"one": one, "words": in_words(one.before, one.after)} for one in found
    ]  # fmt: skip
