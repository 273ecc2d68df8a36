"""Undo: take back one judgement, whatever came after it; it is as if it had never been made."""

from __future__ import annotations

import re

from tieline.actions.doing import Done, carry_out
from tieline.actions.drafts import Draft
from tieline.errors import TielineError
from tieline.ledger import Judgement
from tieline.workspace import Workspace

REASON = "undone"
"""The reason where none is given: to take back a slip needs no explanation."""


def undo(workspace: Workspace, name: str = "", *, reason: str = REASON, by: str = "") -> Done:
    """End a judgement, the last one in force if none is named."""
    return carry_out(workspace, draft(workspace, name), reason=reason, by=by)


def draft(workspace: Workspace, name: str = "") -> Draft:
    """The end of a judgement, checked: there is one, and it holds."""
    found = judgement_named(workspace, name) if name.strip() else _last(workspace)
    if found.ended is not None:
        raise TielineError(
            "already_ended",
            f"{found.name} was undone already, by {found.ended.made_by} on "
            f"{found.ended.made_at:%Y-%m-%d}: {found.ended.reason}",
            next_step="See which judgements hold: tieline judgements",
        )
    return Draft(found.kind, found.entity, found.body, ends=found.number)


def judgement_named(workspace: Workspace, name: str) -> Judgement:
    """The judgement of a name as J12; `bad_judgement` or `unknown_judgement` if there is none."""
    number = re.fullmatch(r"\s*[jJ]?(\d{1,15})\s*", name)
    if number is None:
        raise TielineError(
            "bad_judgement",
            f"{name!r} names no judgement.",
            next_step="Judgements are named J1, J2, ...; see them with: tieline judgements",
        )
    with workspace.ledger() as ledger:
        return ledger.judgement(int(number[1]))


def _last(workspace: Workspace) -> Judgement:
    with workspace.ledger() as ledger:
        held = ledger.judgements()
    if not held:
        raise TielineError(
            "nothing_to_undo",
            "No judgement is in force: there is nothing to undo.",
            next_step="See those that were made: tieline judgements",
        )
    return held[-1]
