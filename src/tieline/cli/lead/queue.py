"""`tieline lead queue`: the leads that wait for a seller."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tieline.actions import lead_queue
from tieline.cli import opened
from tieline.cli.screen import say
from tieline.engine.tables import Engine
from tieline.metrics.hand_over import ANSWERED, OPEN
from tieline.workspace.scorecards import names

WORDS = {
    "waiting": "waiting for an answer",
    "overdue": "overdue",
    "accepted": "accepted",
    "unworked": "nothing done in time",
}


def run(
    context: typer.Context,
    product: Annotated[
        str, typer.Argument(metavar="[PRODUCT]", help="Only its leads; a product or its scorecard.")
    ] = "",
    seller: Annotated[str, typer.Option(metavar="NAME", help="Only the leads of a seller.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Rejected, recycled, won and lost ones, too.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many.")] = 20,
) -> None:
    """Show the leads that wait for an answer or for work, the most urgent first."""
    workspace = opened.workspace(context)
    asked = lead_queue.card_of(workspace, product).product if product else ""
    with lead_queue.queue_now(workspace) as (_, engine):
        if seller:
            lead_queue.check_seller(engine, seller)
        found = lead_queue.rows(engine, asked, seller, everything=everything)
        stands = engine.arrow("SELECT as_of FROM as_of").to_pylist()[0]["as_of"]
        for row in found[:limit]:
            _show(engine, row)
    if not found:
        whose = f" for {seller}" if seller else ""
        say(f"No lead waits{whose}.")
    else:
        say(f"{min(limit, len(found)):,} of {len(found):,} leads, as of {stands}.")
    if not product:
        for card in lead_queue.idle_cards(workspace):
            if card.of_contacts:
                say(lead_queue.idle(card))
        if not names(workspace):
            say("There is no scorecard yet, and only those hand leads over: "
                + opened.command(context, "lead draft NAME --like software"))  # fmt: skip
    if any(row["standing"] in OPEN for row in found[:limit]):
        first = next(row for row in found if row["standing"] in OPEN)
        say()
        say("Answer with accept, reject or recycle:")
        for words in ("accept {}", "reject {} --because no_need", "recycle {}"):
            say("  " + opened.command(context, f"lead {words.format(_named(first))}"))


def _named(row: dict[str, Any]) -> str:
    return f"{row['contact_id']} {row['product']}"


def _show(engine: Engine, row: dict[str, Any]) -> None:
    place = ", ".join(part for part in (row["company"], row["city"]) if part)
    stage = row["stage"].replace("_", "-")
    say(f"{row['contact_id']} {row['who'] or ''}, {place}: {row['score']:g} points for "
        f"{row['product']} ({stage}), for {row['seller'] or 'nobody'}")  # fmt: skip
    # Who was one before anybody handed leads over was handed over later, so only this is true.
    since = f"a lead since {row['handed_over_on']}" if row["handed_over_on"] else "a lead"
    standing = row["standing"]
    due = f", answer due {row['answer_due_on']}" if standing in OPEN else ""
    say(f"  {WORDS.get(standing, standing)}: {since}{due}{_answered(row)}")
    parts = lead_queue.best_parts(engine, row["product"], row["contact_id"])
    if parts:
        say("  why: " + "; ".join(
            f"{one['points']:+g} {one['criterion']} ({one['value_seen'] or 'unknown'})"
            for one in parts
        ))  # fmt: skip
    if row["next_step"]:
        say(f"  next: {row['next_step']}, by {row['medium']}")


def _answered(row: dict[str, Any]) -> str:
    if not row["answer"]:
        return ""
    said = ANSWERED[row["answer"]]
    why = f" as {row['because']}" if row["because"] else ""
    told = f"; {said} by {row['answered_by']} on {row['answered_on']}{why}"
    if row["word"] and row["word"] not in (said, row["because"]):
        told += f": {row['word']}"
    if row["is_back"]:
        return f"{told}; came back {row['back_on']}"
    if row["answer"] == "accept":
        return f"{told}; {row['touches']:,} touches since"
    return f"{told}; back on {row['back_on']}" if row["back_on"] else told
