"""`tieline undo [JUDGEMENT]`: take back what was decided."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions import undo
from tieline.actions.drafts import Draft
from tieline.actions.history import history
from tieline.cli import opened
from tieline.cli.judgement_words import says, signed
from tieline.cli.judging import By, DryRun, Reason, judge
from tieline.cli.screen import say
from tieline.identity.stated_answers import KIND as ANSWER
from tieline.workspace import Workspace


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
    if draft.kind == ANSWER:
        _undo_answer(workspace, draft, reason=reason, by=by, dry=dry_run)
        return
    judge(context, workspace, draft, reason=reason, by=by, dry=dry_run)


def _undo_answer(workspace: Workspace, draft: Draft, *, reason: str, by: str, dry: bool) -> None:
    """Take back an answer to a lead: the queue says so at once, as when it was given."""
    # Imported here: other judgements do not need it.
    from tieline.actions.lead_answer import take_back

    contact, standing = take_back(workspace, draft, reason=reason, by=by, dry=dry)
    if contact:
        stands = f"stands as {standing} then" if standing else "is no lead then"
        say(f"{contact} {stands}, for {draft.body['product']}.")
    say("A dry run: nothing was changed." if dry else f"J{draft.ends} is undone.")
