"""`tieline split ID RECORD...`: these records are somebody else."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import split
from tieline.cli import opened
from tieline.cli.judging import By, DryRun, Reason, judge


def run(
    context: typer.Context,
    which: Annotated[
        str, typer.Argument(metavar="ID", help="The contact, site or account that is two.")
    ],
    records: Annotated[
        list[str],
        typer.Argument(metavar="RECORD...", help="Those that leave, as in crm_export:12."),
    ],
    reason: Reason,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Take records out of a contact, site or account: they are another one.

    The part known longest keeps the id. `tieline explain ID` shows the records by source and row.
    """
    workspace = opened.workspace(context)
    draft = split.draft(workspace, which, records)
    judge(context, workspace, draft, reason=reason, by=by, dry=dry_run)
