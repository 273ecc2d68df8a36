"""`tieline lead propose`: put the text of a scorecard forward for signing."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import lead_definition
from tieline.cli import opened
from tieline.cli.lead.standing import say_judged


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever asks later.")
    ] = "agreed",
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who it is; else TIELINE_USER or login.")
    ] = "",
    despite: Annotated[
        bool, typer.Option("--despite", help="In spite of what lint calls an error.")
    ] = False,
) -> None:
    """Put the text of the file forward; it waits for the signatures of both owners."""
    workspace = opened.workspace(context)
    made = lead_definition.propose(workspace, name, reason=reason, by=by, despite=despite)
    say_judged(context, workspace, name, made)
