"""`tieline lead propose`: put the text of a scorecard forward for signing."""

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
    reason: Reason = "agreed",
    by: By = "",
    despite: Annotated[
        bool, typer.Option("--despite", help="In spite of what lint calls an error.")
    ] = False,
) -> None:
    """Put the text of the file forward; it waits for the signatures of both owners."""
    workspace = opened.workspace(context)
    made = lead_definition.propose(workspace, name, reason=reason, by=by, despite=despite)
    say_judged(context, workspace, name, made)
