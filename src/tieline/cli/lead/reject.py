"""`tieline lead reject`: send a lead away, with a reason."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.lead.answering import By, Contact, Product, Word, say_answered
from tieline.metrics.hand_over import REJECT


def run(
    context: typer.Context,
    contact: Contact,
    product: Product,
    because: Annotated[
        str, typer.Option(metavar="REASON", help="Why, from the list of the scorecard.")
    ] = "",
    reason: Word = "",
    by: By = "",
) -> None:
    """Send a lead away with a reason; it comes back when they respond again."""
    # Imported here: it loads the models.
    from tieline.actions.lead_answer import answer

    workspace = opened.workspace(context)
    made = answer(workspace, contact, product, REJECT, because=because, reason=reason, by=by)
    say_answered(context, made)
