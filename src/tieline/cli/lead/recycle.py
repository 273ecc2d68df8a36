"""`tieline lead recycle`: send a lead back for later."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.lead.answering import By, Contact, Product, Word, say_answered
from tieline.metrics.hand_over import RECYCLE


def run(
    context: typer.Context,
    contact: Contact,
    product: Product,
    until: Annotated[
        str, typer.Option(metavar="DAY", help="It rests until then; else as the scorecard says.")
    ] = "",
    reason: Word = "",
    by: By = "",
) -> None:
    """Send a lead back to marketing until a day; it comes back then, or when they respond."""
    # Imported here: it loads the models.
    from tieline.actions.lead_answer import answer

    workspace = opened.workspace(context)
    made = answer(workspace, contact, product, RECYCLE, until=until, reason=reason, by=by)
    say_answered(context, made)
