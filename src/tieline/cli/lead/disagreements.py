"""`tieline lead disagreements`: the past leads on which judgement and data differ most."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions.lead_backtest import most_telling
from tieline.cli import opened
from tieline.cli.lead.past_words import say_past
from tieline.cli.screen import say
from tieline.insight.points_compared import Reason


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
) -> None:
    """Show the ten past leads that the agreed points and the data see most differently."""
    found, told = most_telling(opened.workspace(context), name)
    say_past(found)
    say("Points agreed on, beside points proposed by the other past leads. Each reason: what was")
    say("seen, and what either gives for it against the usual lead, on the scale of the proposed.")
    say()
    for number, one in enumerate(told, 1):
        say(
            f"{number}. {found.names[one.case]}: {'won' if one.won else 'lost'}. Agreed "
            f"{one.agreed_points:g} points, above {one.agreed_rank:.0%} of the leads; by the data "
            f"{one.data_points:g}, above {one.data_rank:.0%}."
        )
        for reason in one.reasons:
            say(f"   {_words(reason)}")
    right = sum(one.data_was_right for one in told)
    say()
    say(f"In {right} of these {len(told)} cases it ended as the data had it.")


def _words(reason: Reason) -> str:
    return (
        f"{reason.criterion} = {reason.seen}: agreed {reason.agreed:+.0f}, by the data "
        f"{reason.data:+.0f}"
    )
