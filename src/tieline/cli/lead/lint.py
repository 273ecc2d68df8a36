"""`tieline lead lint`: what is wrong with a scorecard."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions.lead_lint import is_fit, lint
from tieline.cli import opened
from tieline.cli.lead.standing import say_file
from tieline.cli.screen import say, show_table


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
) -> None:
    """Say what is wrong with a scorecard, by itself and on the data; it changes nothing."""
    workspace = opened.workspace(context)
    found = lint(workspace, name)
    show_table(
        ("", "what", "where", "why", "what to do"),
        [(one.level, one.code, one.criterion, one.says, one.next_step) for one in found],
    )
    if is_fit(found):
        say("It can be proposed: " + opened.command(context, f"lead propose {name}"))
    say_file(workspace, name)
