"""`tieline note ID TEXT`: write something down."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import note
from tieline.cli import opened
from tieline.cli.judging import By, DryRun, Reason, judge


def run(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID", help="A contact, site or account.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered.")],
    reason: Reason = note.REASON,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Write something down about a contact, site or account: it stays with them."""
    workspace = opened.workspace(context)
    judge(context, workspace, note.draft(workspace, which, text), reason=reason, by=by, dry=dry_run)
