"""`tieline lead plan`: what to ask, buy, infer or drop, and what to ask one lead next."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import lead_plan
from tieline.cli import opened
from tieline.cli.screen import say, show_table
from tieline.insight.field_verdicts import FieldPlan
from tieline.insight.lead_resamples import Figure
from tieline.workspace import Workspace


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
    contact: Annotated[
        str, typer.Argument(metavar="[CONTACT]", help="The lead whose next questions are shown.")
    ] = "",
) -> None:
    """Show what to do about every field a scorecard asks; or what to ask one lead next."""
    workspace = opened.workspace(context)
    if contact:
        _of_lead(context, workspace, name, contact)
    else:
        _of_fields(context, workspace, name)


def _of_fields(context: typer.Context, workspace: Workspace, name: str) -> None:
    found = lead_plan.plan(workspace, name)
    if found.auc is None:
        say(f"What a field is worth is not told: {found.missing}.")
    else:
        say(f"By {found.cases:,} past leads. Points from all fields have an AUC of "
            f"{found.auc[0]:.3f} ({_interval(found.auc)}).")  # fmt: skip
        say("Lost and inferred: the AUC lost without the field, and where the other fields tell it")
        say("instead, each on leads the points never saw, with its 95 % interval.")
    if found.left_out:
        say(f"Left out, since a won deal itself changes it: {', '.join(found.left_out)}.")
    say()
    rows = [_row(one, found.auc is not None) for one in found.fields]
    if found.auc is None:
        show_table(("field", "filled", "who can ask", "do", "why"), rows, right=("filled",))
    else:
        show_table(
            ("field", "filled", "lost", "95 %", "inferred", "95 %", "told rightly", "usual answer",
             "who can ask", "do", "why"),
            rows,
            right=("filled", "lost", "inferred", "told rightly", "usual answer"),
        )  # fmt: skip
    if found.card.of_contacts:
        say()
        say(f"What to ask one lead next: {opened.command(context, f'lead plan {name} CONTACT')}")


def _row(one: FieldPlan, is_told: bool) -> tuple[str, ...]:
    ends = (one.askers, one.verdict, one.why)
    if not is_told or one.worth is None:
        return (one.field, f"{one.filled:.0%}", *ends)
    worth = one.worth
    return (
        one.field,
        f"{one.filled:.0%}",
        f"{worth.cost[0]:.3f}",
        _interval(worth.cost),
        f"{worth.inferred[0]:.3f}",
        _interval(worth.inferred),
        f"{worth.right:.0%}",
        f"{worth.usual:.0%}",
        *ends,
    )


def _interval(figure: Figure) -> str:
    return f"{figure[1]:.3f} to {figure[2]:.3f}"


def _of_lead(context: typer.Context, workspace: Workspace, name: str, contact: str) -> None:
    who, found = lead_plan.questions(workspace, name, contact)
    say(who)
    if not found:
        say("Nothing to ask: all is known that could bring it further, or it is no open lead.")
        return
    first = found[0]
    say(f"{first['points_missing']:g} points are missing for {first['next_stage']}.")
    say()
    for one in found:
        how = (
            f"{one['asked_by']} asks by {one['channel']} (right {one['reliability']:.0%} of the "
            "time)"
            if one["asked_by"]
            else "nobody may reach them so as to ask"
        )
        say(f"{one['rank']}. {one['question']}  [{one['criterion']}]")
        say(f"   {how}; {_brings(one)}")
    say()
    say(f"Of all leads: {opened.command(context, 'show lead_questions')}")


def _brings(one: dict[str, object]) -> str:
    told = [f"brings {one['next_stage']} with a chance of {one['chance']:.0%}",
            f"{one['expected_points']:+g} points expected"]  # fmt: skip
    if one["is_required"]:
        told.insert(0, f"required for {one['next_stage']}")
    known = one["answers_known"]
    told.append(f"by {known:,} known answers" if known else "nobody's answer is known yet")
    return ", ".join(told)
