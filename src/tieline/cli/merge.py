"""`tieline merge ID ID...`: these are one."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import merge
from tieline.cli import opened
from tieline.cli.judging import By, DryRun, Reason, judge


def run(
    context: typer.Context,
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID ID...", help="Contacts, or sites, or accounts, that are one."),
    ],
    reason: Reason,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Make two or more contacts one (or sites of one account, or accounts).

    The id of the one known longest stays, the others lead to it. Everything known of them moves
    along, and comes back with: tieline undo.
    """
    workspace = opened.workspace(context)
    draft = merge.draft(workspace, ids)
    judge(context, workspace, draft, reason=reason, by=by, dry=dry_run)
