"""`tieline restore ID`: wanted after all."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import restore
from tieline.cli import opened
from tieline.cli.judging import By, DryRun, Reason, judge


def run(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID", help="A contact, site or account.")],
    reason: Reason,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Bring back what was set aside by hand, as a competitor or as our own company.

    Who asked not to be written to is not brought back: that is the contact's own word.
    """
    workspace = opened.workspace(context)
    judge(context, workspace, restore.draft(workspace, which), reason=reason, by=by, dry=dry_run)
