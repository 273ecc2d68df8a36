"""`tieline timeline ID`: what happened with a contact, site or account."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from tieline.actions.timeline import Moment, timeline
from tieline.cli import opened
from tieline.cli.screen import out, say, show_table


def run(
    context: typer.Context,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="ID", help="A contact, site or account, or the source and row of a record."
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many, the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Write it as JSON.")] = False,
) -> None:
    """Show touches, responses, deals, positions and notes in the order of time.

    Each says how it is known whose it is: the row names them, or an address, handle or device
    leads to them.
    """
    told = timeline(opened.workspace(context), " ".join(what), limit=limit)
    if as_json:
        text = json.dumps(
            {
                "kind": told.entity.kind,
                "id": told.entity.id,
                "label": told.entity.label,
                "total": told.total,
                "moments": [asdict(moment) for moment in told.moments],
            },
            ensure_ascii=False,
            indent=1,
            default=str,
        )
        out.print(text, markup=False, highlight=False, soft_wrap=True)
        return
    say(f"{told.entity.kind} {told.entity}")
    if not told.moments:
        say("Nothing is known to have happened.")
        return
    several = told.entity.kind != "contact"
    columns = ["when", "what", "", *(["contact"] if several else []), "how it is known", "where"]
    show_table(columns, [_cells(moment, several) for moment in told.moments])
    if told.total > len(told.moments):
        say(f"The newest {len(told.moments):,} of {told.total:,}; --limit shows more.")


def _cells(moment: Moment, several: bool) -> list[object]:
    when = moment.at.strftime("%Y-%m-%d %H:%M") if moment.at else "?"
    said = ", ".join(
        part for part in (moment.kind, moment.topic, moment.campaign, moment.medium) if part
    )
    where = f"{moment.source} row {moment.row_number}" if moment.source else ""
    contact = [moment.contact or ""] if several else []
    return [when, moment.what, said, *contact, moment.attached, where]
