"""`tieline lead sign`: sign the proposed text for marketing or sales."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import lead_definition
from tieline.cli import opened
from tieline.cli.judging import By, Reason
from tieline.cli.lead.standing import say_judged


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
    role: Annotated[
        str, typer.Option("--as", metavar="DEPARTMENT", help="Sign for marketing or sales.")
    ] = "",
    reason: Reason = "agreed",
    by: By = "",
) -> None:
    """Sign the exact text that was proposed; with both signatures it is in force."""
    workspace = opened.workspace(context)
    made = lead_definition.sign(workspace, name, role, reason=reason, by=by)
    say_judged(context, workspace, name, made)
