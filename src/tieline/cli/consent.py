"""`tieline consent ID`: what a contact agreed to, and a statement about it by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import consent
from tieline.cli import opened
from tieline.cli.judging import By, DryRun, judge
from tieline.cli.screen import say, show_table
from tieline.data.kinds.consent_fields import ANY, CHANNELS, MARKETING
from tieline.errors import TielineError

RULES = {
    "only": "nobody says otherwise",
    "latest": "the latest word of its source",
    "by_hand": "stated by hand",
    "strictest": "records disagree: withdrawn counts",
    "any_channel": "withdrawn for every channel",
}
"""The rules of the table `consents`, in words."""


def run(
    context: typer.Context,
    contact: Annotated[
        str, typer.Argument(metavar="ID", help="The contact, or one of their rows, as in crm:12.")
    ],
    purpose: Annotated[
        str, typer.Option(metavar="PURPOSE", help="What for: marketing, newsletter, ...")
    ] = MARKETING,
    channel: Annotated[
        str, typer.Option(metavar="CHANNEL", help=f"How: {', '.join(CHANNELS)}.")
    ] = ANY,
    grant: Annotated[bool, typer.Option("--grant", help="State that they agreed.")] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="State that they took it back.")
    ] = False,
    at: Annotated[
        str, typer.Option(metavar="DAY", help="When they said so, as 2024-05-31; else today.")
    ] = "",
    evidence: Annotated[
        str, typer.Option(metavar="TEXT", help="What shows a grant: a form, a recording.")
    ] = "",
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever asks later.")] = "",
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Show what a contact agreed to and took back, or state it with --grant or --withdraw.

    Where records or sources disagree, withdrawn counts. A grant by hand names its evidence and
    counts against what was said until its day.
    """
    workspace = opened.workspace(context)
    if grant and withdraw:
        raise TielineError("both", "It was either granted or withdrawn.", next_step="Name one.")
    if grant or withdraw:
        drafted = consent.draft(
            workspace,
            contact,
            state="granted" if grant else "withdrawn",
            purpose=purpose,
            channel=channel,
            at=at,
            evidence=evidence,
        )
        judge(context, workspace, drafted, reason=reason, by=by, dry=dry_run)
        if dry_run:
            return
    _show(consent.consents(workspace, contact))


def _show(found: consent.Consents) -> None:
    say(f"{found.contact}")
    if not found.now:
        say("Nothing was ever said about consent.")
        return
    show_table(
        ("purpose", "channel", "state", "since", "says so", "because"),
        [
            (
                row["purpose"], row["channel"], row["state"], row["since"],
                row["source"], RULES[row["rule"]],
            )
            for row in found.now
        ],
    )  # fmt: skip
    if len(found.records) > len(found.now):
        say()
        say("What each record says")
        show_table(
            ("  record", "purpose", "channel", "state", "since", "because"),
            [
                (
                    f"  {row['record_source']}:{row['row_number']}", row["purpose"], row["channel"],
                    row["state"], row["since"], RULES[row["rule"]],
                )
                for row in found.records
            ],
        )  # fmt: skip
