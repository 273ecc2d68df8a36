"""`tieline lead draft`: a first scorecard, for a kind of product or from past leads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieline.actions import lead_draft
from tieline.cli import opened
from tieline.cli.lead.standing import say_file
from tieline.cli.screen import say
from tieline.errors import TielineError


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
    like: Annotated[
        str, typer.Option(metavar="KIND", help="For software, equipment or services.")
    ] = "software",
    product: Annotated[
        str, typer.Option(metavar="PRODUCT", help="What it is about; else its name.")
    ] = "",
    cases: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take the points from past leads in a file.")
    ] = None,
    outcome: Annotated[
        str, typer.Option(metavar="COLUMN", help="With --cases: the column of the outcome.")
    ] = "",
    won: Annotated[str, typer.Option(metavar="TEXT", help="What is a good end there.")] = "1",
    order: Annotated[
        str, typer.Option(metavar="COLUMN", help="With --cases: a column that grows with time.")
    ] = "",
) -> None:
    """Write a first scorecard into scorecards/NAME.toml, for you to change."""
    workspace = opened.workspace(context)
    if cases is None:
        done = lead_draft.from_starter(workspace, name, like, product)
    elif not outcome:
        raise TielineError(
            "no_outcome",
            "It is not said which column tells the outcome.",
            next_step="Add --outcome COLUMN, and --won TEXT for what is a good end.",
        )
    else:
        done = lead_draft.from_cases(
            workspace, name, cases, outcome, won=won, order=order, product=product
        )
    of = f" from {done.cases:,} past leads" if done.cases else ""
    say(f"Drafted {name}{of}: {done.criteria} criteria. Change it as you agree, then:")
    say(f"  {opened.command(context, f'lead lint {name}')}")
    if done.left_out:
        say()
        say("Left out, since they seem to be written after the outcome:")
        for leak in done.left_out:
            say(f"  {leak.column}: {leak.says}")
    say_file(workspace, name)
