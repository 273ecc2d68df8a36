"""`tieline override ID FIELD VALUE`: this value is right."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import override
from tieline.cli import opened
from tieline.cli.judging import By, DryRun, Reason, judge


def run(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID", help="A contact, site or account.")],
    field: Annotated[str, typer.Argument(metavar="FIELD", help="As in: email, phone, title.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help='"" says that there is none.')],
    reason: Reason,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Set a value by hand; it stands above what any list says, now and later."""
    workspace = opened.workspace(context)
    draft = override.draft(workspace, which, field, value)
    judge(context, workspace, draft, reason=reason, by=by, dry=dry_run)
