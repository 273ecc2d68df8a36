"""What the commands that judge share: their options, the dry run, what is said at the end."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from tieline.actions.doing import carry_out, preview
from tieline.actions.drafts import Draft, checked_reason
from tieline.cli import opened
from tieline.cli.consequence_words import show_consequences
from tieline.cli.judgement_words import signed
from tieline.cli.screen import say
from tieline.workspace import Workspace

Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever asks later.")
]
By = Annotated[
    str,
    typer.Option("--by", metavar="NAME", help="Who decides; else TIELINE_USER or your login."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change none.")]


def judge(
    context: typer.Context, workspace: Workspace, draft: Draft, *, reason: str, by: str, dry: bool
) -> None:
    """Do what was drafted and say what changed, or only say what would."""
    checked_reason(reason)
    for remark in draft.remarks:
        say(remark)
    if dry:
        found = preview(workspace, draft)
        show_consequences(found, "This would change")
        say("A dry run: nothing was changed.")
        return
    started = time.perf_counter()
    done = carry_out(workspace, draft, reason=reason, by=by)
    show_consequences(done.changes, "Changed")
    took = f"Snapshot {done.snapshot.id} in {time.perf_counter() - started:,.1f} s."
    if draft.ends is not None:
        say(f"{done.judgement.name} is undone. {took}")
        return
    say(f"{signed(done.judgement)}: {done.judgement.reason}. {took}")
    say(f"Undo: {opened.command(context, f'undo {done.judgement.name}')}")
