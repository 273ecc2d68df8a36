"""`tieline lead sign`: sign the proposed text for marketing or sales."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import lead_definition
from tieline.cli import opened
from tieline.cli.lead.standing import say_judged


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
    role: Annotated[
        str, typer.Option("--as", metavar="DEPARTMENT", help="Sign for marketing or sales.")
    ] = "",
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever asks later.")
    ] = "agreed",
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who it is; else TIELINE_USER or login.")
    ] = "",
) -> None:
    """Sign the exact text that was proposed; with both signatures it is in force."""
    workspace = opened.workspace(context)
    made = lead_definition.sign(workspace, name, role, reason=reason, by=by)
    say_judged(context, workspace, name, made)
