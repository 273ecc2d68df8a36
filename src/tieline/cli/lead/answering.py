"""What the commands that answer a lead share: their options, and what is said at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tieline.cli import opened
from tieline.cli.judgement_words import signed
from tieline.cli.screen import say
from tieline.metrics.hand_over import ACCEPT, ANSWERED

if TYPE_CHECKING:
    from tieline.actions.lead_answer import Answered

Contact = Annotated[str, typer.Argument(metavar="CONTACT", help="The contact: an id or a record.")]
Product = Annotated[
    str,
    typer.Argument(metavar="PRODUCT", help="What it is a lead for; a product or its scorecard."),
]
Word = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="The same in your words, for marketing.")
]
By = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who it is; else TIELINE_USER or login.")
]


def say_answered(context: typer.Context, made: Answered) -> None:
    """What was written down, what follows, and how to take it back."""
    body, hand_over = made.judgement.body, made.card.hand_over
    why = f" as {body['because']}" if body["because"] else ""
    word = ANSWERED[body["answer"]]
    say(f"{signed(made.judgement)}: {made.contact} is {word} for {body['product']}{why}.")
    if made.before["answer"] and not made.before["is_back"]:
        before = ANSWERED[made.before["answer"]]
        say(f"Before, it was {before} by {made.before['answered_by']} "
            f"on {made.before['answered_on']}.")  # fmt: skip
    for other in made.meanwhile:
        say(f"At the same time it was {ANSWERED[other.body['answer']]}: {signed(other)}. "
            "Of both, the later one counts.")  # fmt: skip
    if body["answer"] == ACCEPT:
        say(f"Do something about it within {hand_over.work_within_days} days, and remember it.")
    elif body["until"]:
        say(f"It comes back on {body['until']}, or when they respond again.")
    else:
        say("It comes back when they respond again.")
    say(f"Undo: {opened.command(context, f'undo {made.judgement.name}')}")
