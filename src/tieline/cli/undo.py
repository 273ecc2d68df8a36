"""`tieline undo [JUDGEMENT]`: take back what was decided."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import undo
from tieline.actions.history import history
from tieline.cli import opened
from tieline.cli.judgement_words import says, signed
from tieline.cli.judging import By, DryRun, Reason, judge
from tieline.cli.screen import say


def run(
    context: typer.Context,
    judgement: Annotated[
        str, typer.Argument(metavar="[JUDGEMENT]", help="As in J12; else the last one.")
    ] = "",
    reason: Reason = undo.REASON,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Take back one judgement, whatever came after it: as if it had never been made.

    It stays in the log (tieline judgements), with who took it back and why.
    """
    workspace = opened.workspace(context)
    draft = undo.draft(workspace, judgement)
    told = history(workspace, f"J{draft.ends}")[0]
    say(f"{signed(told.judgement)}: {says(told.judgement, told.records)}")
    judge(context, workspace, draft, reason=reason, by=by, dry=dry_run)
