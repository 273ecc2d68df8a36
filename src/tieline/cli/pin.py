"""`tieline pin ID`: this one holds together."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import pin
from tieline.cli import opened
from tieline.cli.judging import By, DryRun, Reason, judge


def run(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID", help="A contact, site or account.")],
    reason: Reason,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Hold a contact, site or account together, whatever later lists and weights say."""
    workspace = opened.workspace(context)
    judge(context, workspace, pin.draft(workspace, which), reason=reason, by=by, dry=dry_run)
