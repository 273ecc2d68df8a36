"""`tieline judgements [ID]`: who decided what, when and why."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions.history import history
from tieline.cli import opened
from tieline.cli.judgement_words import KINDS, says, why
from tieline.cli.screen import say, show_table


def run(
    context: typer.Context,
    which: Annotated[
        str,
        typer.Argument(metavar="[ID]", help="Only those of a contact, site, account; or one: J12."),
    ] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many, newest first.")] = 50,
) -> None:
    """Show what people decided, the newest first; also what was undone."""
    found = history(opened.workspace(context), which, most=limit + 1)
    if not found:
        say("Nobody has judged anything yet." if not which else "Nobody has judged this.")
        return
    show_table(
        ("", "when", "who", "what", "of", "says", "reason"),
        [
            (
                told.judgement.name,
                f"{told.judgement.made_at:%Y-%m-%d %H:%M}",
                told.judgement.made_by,
                KINDS.get(told.judgement.kind, told.judgement.kind)
                + (" (undone)" if told.judgement.ended else ""),
                ", ".join(told.ids[:3]) + (" ..." if len(told.ids) > 3 else ""),
                says(told.judgement, told.records),
                why(told.judgement),
            )
            for told in found[:limit]
        ],
    )
    if len(found) > limit:
        more = opened.command(context, f"judgements --limit {10 * limit}")
        say(f"There are older ones: {more}")
