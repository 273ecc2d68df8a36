"""`tieline lead evidence`: what sales' answers say about each criterion."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import lead_queue
from tieline.cli import opened
from tieline.cli.screen import say, show_table
from tieline.data.sql_text import literal


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard, or its product.")],
) -> None:
    """Show what became of leads with points from each criterion, beside those without."""
    workspace = opened.workspace(context)
    card = lead_queue.card_of(workspace, name)
    with lead_queue.queue_now(workspace, evidence=True) as (_, engine):
        of_product = f"product = {literal(card.product)}"
        found = engine.arrow(
            f"SELECT * FROM lead_evidence WHERE {of_product} ORDER BY criterion"
        ).to_pylist()
        months = engine.arrow(
            f"SELECT * FROM lead_outcomes WHERE {of_product} ORDER BY month_on DESC LIMIT 12"
        ).to_pylist()
    counts = ("leads", "answered", "accepted", "rejected", "recycled", "unworked", "won")
    show_table(
        ("criterion", *counts, "accepted without", "what it says"),
        [
            (
                row["criterion"],
                *(row[count] for count in counts),
                f"{row['other_accepted']} of {row['other_answered']}",
                f"{row['verdict'].replace('_', ' ')}: {row['says']}",
            )
            for row in found
        ],
        right=(*counts, "accepted without"),
    )
    if months:
        say()
        told = ("handed_over", "answered_in_time", "accepted", "rejected", "recycled", "worked",
                "unworked", "won", "lost")  # fmt: skip
        show_table(
            ("month", *(one.replace("_", " ") for one in told), "rejected because"),
            [
                (
                    f"{row['month_on']:%Y-%m}",
                    *(row[one] for one in told),
                    row["rejected_because"] or "",
                )
                for row in months
            ],
            right=tuple(one.replace("_", " ") for one in told),
        )
    say()
    say(f"To change a criterion: edit scorecards/{card.name}.toml, then "
        + opened.command(context, f"lead lint {card.name}"))  # fmt: skip
