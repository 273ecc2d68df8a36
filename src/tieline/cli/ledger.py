"""`tieline ledger`: where the facts lie that people and events added, and how many there are."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.screen import say, show_table
from tieline.errors import TielineError
from tieline.ledger import open_ledger

WORDS = {
    "judgements": "decisions of people",
    "endings": "of them undone",
    "events": "touches and responses",
    "labels": "answers in review",
    "certificates": "erasures",
    "tombstones": "values that are kept out",
}


def run(
    context: typer.Context,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over", help="Copy the facts of the workspace's file to where DATABASE_URL says."
        ),
    ] = False,
) -> None:
    """Show where the facts lie that people and events added, and how many there are.

    They lie in a file of the workspace, or in the PostgreSQL database that the environment variable
    DATABASE_URL names. Facts that moved are the same: a build finds nothing changed.
    """
    workspace = opened.workspace(context)
    with workspace.ledger() as ledger:
        if take_over:
            with open_ledger(workspace.hidden_dir, "") as file:
                if file.place == ledger.place:
                    raise TielineError(
                        "no_database",
                        "The facts lie in the workspace's file, and no other place is named.",
                        next_step="Set DATABASE_URL to an empty PostgreSQL database first.",
                    )
                ledger.take_over(file)
        say(ledger.place)
        show_table(
            ("", "facts"),
            [(WORDS[kind], f"{count:,}") for kind, count in ledger.counts().items()],
            right=("facts",),
        )
