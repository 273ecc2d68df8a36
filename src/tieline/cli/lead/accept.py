"""`tieline lead accept`: take a lead up."""

from __future__ import annotations

import typer

from tieline.cli import opened
from tieline.cli.lead.answering import By, Contact, Product, Word, say_answered
from tieline.metrics.hand_over import ACCEPT


def run(
    context: typer.Context,
    contact: Contact,
    product: Product,
    reason: Word = "",
    by: By = "",
) -> None:
    """Take up a lead: it is yours to work on."""
    # Imported here: it loads the models.
    from tieline.actions.lead_answer import answer

    workspace = opened.workspace(context)
    made = answer(workspace, contact, product, ACCEPT, reason=reason, by=by)
    say_answered(context, made)
