"""What a lead is: every scorecard, and one with its text, checks, signatures and who passes."""

from __future__ import annotations

from difflib import unified_diff
from typing import Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieline.actions.lead_definition import Definition, definition
from tieline.actions.lead_draft import STARTERS
from tieline.actions.lead_lint import is_fit, lint
from tieline.actions.lead_words import asks, points_range, stands
from tieline.data.sql_text import literal
from tieline.errors import TielineError
from tieline.metrics.scorecard import INQUIRY, NONE, OUTCOMES, THRESHOLDS
from tieline.web import members
from tieline.web.faults import STATUS, next_step
from tieline.web.pages.lead_results import became
from tieline.web.permissions import Permission, may, needs
from tieline.web.reader import Row, reading, snapshot_name
from tieline.web.served import workspace
from tieline.workspace.reading import line_of
from tieline.workspace.scorecards import ROLES, SHOWN, names, text_of, version_of

QUICK = 30_000
"""With more contacts than this the checks, which try the text on all of them, are run when asked
for: for so many they take about a second."""


@needs(Permission.READ)
@require_GET
def definitions(request: Any) -> Any:
    """Every scorecard and how it stands; draft a new one."""
    return page(request)


@needs(Permission.READ)
@require_GET
def one(request: Any, name: str) -> Any:
    """One scorecard: how it stands, what it asks, the text, the checks, the versions."""
    return page_of(request, name)


def page(request: Any, problem: TielineError | None = None) -> Any:
    """The page of all definitions; with a `problem` that keeps what was typed."""
    rows: list[Row] = []
    for name in names(workspace()):
        try:
            held = definition(workspace(), name)
        except TielineError as wrong:
            rows.append({"name": name, "problem": f"{wrong.place}: {wrong.message}"})
            continue
        waits = [role for role in ROLES if held.open and role not in held.open.signed_by]
        rows.append({"name": name, "card": held.card, "state": _state(held), "waits": waits})
    said = {"rows": rows, "starters": STARTERS, "given": request.POST, **_told(problem)}
    return render(request, "tieline/definitions.html", said, status=_status(problem))


def page_of(
    request: Any, name: str, problem: TielineError | None = None, text: str | None = None
) -> Any:
    """The page of one definition; with a `problem` that keeps the `text` that was typed."""
    held_text = text_of(workspace(), name)
    said: dict[str, Any] = {
        "name": name,
        "text": held_text if text is None else text,
        "seen": request.POST.get("seen", "") if text is not None else version_of(held_text),
        "given": request.POST,
        **_told(problem),
    }
    try:
        held = definition(workspace(), name)
    except TielineError as wrong:
        # The file itself cannot be read: its text is here to be repaired.
        said |= _told(problem or wrong)
        return render(request, "tieline/definition.html", said, status=_status(problem))
    said |= {
        "held": held,
        "card": held.card,
        "state": _state(held),
        "stands": stands(held),
        "criteria": [
            {"one": each, "points": points_range(each), "asks": asks(each)}
            for each in held.card.criteria
        ],
        "versions": [_version(each) for each in reversed(held.proposed)],
        "open": _version(held.open) if held.open else None,
        "changes": _changes(held),
        "signs": [] if problem else _signs(request, held),
        "owners": (("marketing", held.card.marketing_owner), ("sales", held.card.sales_owner)),
        "may_propose": held.open is None
        and not (held.in_force and held.in_force.version == held.version),
        "is_changed": held.open is not None and held.open.version != held.version,
        **_passing(held.card.product),
        "became": became(held.card.product),
    }
    if may(request.user, Permission.DEFINE) and text is None:
        said |= _checked(request, held, said["text"])
    return render(request, "tieline/definition.html", said, status=_status(problem))


def _told(problem: TielineError | None) -> dict[str, Any]:
    if problem is None:
        return {}
    return {"problem": problem, "problem_place": str(problem.place), "remedy": next_step(problem)}


def _status(problem: TielineError | None) -> int:
    return STATUS.get(problem.code, 400) if problem else 200


def _state(held: Definition) -> tuple[str, str]:
    """In one word how a scorecard stands, and the tone of it."""
    if held.open is not None:
        return ("proposed", "warn")
    if held.in_force is None:
        return ("draft", "")
    return ("in force", "good") if held.in_force.version == held.version else ("changed", "warn")


def _version(standing: Any) -> Row:
    return {
        "version": standing.version[:SHOWN],
        "text": standing.content,
        "proposal": standing.proposal,
        "since": standing.in_force_since.replace("T", " "),
        "roles": [(role, standing.signed_by.get(role)) for role in ROLES],
    }


def _changes(held: Definition) -> list[tuple[str, str]]:
    """What signing the open text would change of the one in force, line by line, with its tone."""
    if held.open is None or held.in_force is None:
        return []
    lines = unified_diff(
        held.in_force.content.splitlines(), held.open.content.splitlines(), n=1, lineterm=""
    )
    tones = {"+": "for", "-": "against"}
    return [(tones.get(line[:1], "soft"), line) for line in list(lines)[2:]]


def _signs(request: Any, held: Definition) -> list[tuple[str, str]]:
    """For which departments somebody may sign the open text, and in whose name."""
    if held.open is None or held.open.version != held.version:
        return []
    owners = {"marketing": held.card.marketing_owner, "sales": held.card.sales_owner}
    return [
        (role, owner)
        for role, owner in owners.items()
        if may(request.user, Permission.SIGN)
        and role not in held.open.signed_by
        and members.is_known_as(request.user, owner)
    ]


def _passing(product: str) -> dict[str, Any]:
    """Who stands at each stage in the database, by which version."""
    if not snapshot_name():
        return {}
    with reading() as found:
        if not found.has("lead_scores"):
            return {}
        told = found.rows(
            "SELECT stage, count(*) AS people, max(version) AS version FROM lead_scores "
            f"WHERE product = {literal(product)} GROUP BY stage"
        )
        missing = found.rows(
            "SELECT missing_required AS what, count(*) AS people FROM lead_scores WHERE "
            f"product = {literal(product)} AND stage <> stage_by_points AND missing_required "
            "IS NOT NULL AND stage NOT IN ('won', 'lost') GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3"
        )
    people = {row["stage"]: row["people"] for row in told}
    # Those who never responded are most: beside them the others would be no bars at all.
    most = max((n for stage, n in people.items() if stage != NONE), default=0)
    return {
        "stages": [
            {
                "stage": stage,
                "people": people.get(stage, 0),
                "share": None if stage == NONE else people.get(stage, 0) / max(most, 1),
            }
            for stage in (NONE, INQUIRY, *THRESHOLDS, *OUTCOMES)
        ]
        if told
        else [],
        "stages_by": told[0]["version"] if told else "",
        "missing": missing,
    }


def _checked(request: Any, held: Definition, text: str) -> dict[str, Any]:
    """What is wrong with the text, each with the line it is about."""
    if snapshot_name() and "check" not in request.GET:
        with reading() as found:
            if found.value("SELECT count(*) AS n FROM contacts") > QUICK:
                return {"unchecked": True}
    try:
        found_wrong = lint(workspace(), held.card.name)
    except TielineError as problem:
        return {"lint_problem": problem, "lint_remedy": next_step(problem)}
    return {
        "findings": [
            {"one": each, "line": _line(text, held, each.criterion)} for each in found_wrong
        ],
        "is_fit": is_fit(found_wrong),
        "is_checked": True,
    }


def _line(text: str, held: Definition, what: str) -> int | None:
    """The line that a finding is about; None for what does not stand in the text."""
    if what in (one.name for one in held.card.criteria):
        return line_of(text, ("criteria", what))
    return line_of(text, ("thresholds", what) if what in THRESHOLDS else (what,))
