"""`tieline set-aside ID`: we do not market to these."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import set_aside
from tieline.cli import opened
from tieline.cli.judging import By, DryRun, Reason, judge


def run(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID", help="A contact, site or account.")],
    reason: Reason,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Set a contact aside, or everybody at a site or account.

    Whole kinds of companies are set aside in tieline.toml: [competitors] and [own_company].
    """
    workspace = opened.workspace(context)
    judge(context, workspace, set_aside.draft(workspace, which), reason=reason, by=by, dry=dry_run)
