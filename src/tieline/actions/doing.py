"""Do what was drafted: the row in the ledger first, then the build that follows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tieline.actions.consequences import Consequences, consequences
from tieline.actions.drafts import Draft, checked_reason, name_of_user
from tieline.engine.snapshot import Snapshot, reading
from tieline.errors import TielineError
from tieline.ledger import Judgement
from tieline.pipeline import build, plan
from tieline.workspace import Workspace

TRIED = 2**40
"""The number of a judgement that is only tried: newer than all."""


@dataclass(frozen=True)
class Done:
    """What was done: the judgement (ended, if it was undone), the new snapshot, what changed."""

    judgement: Judgement
    snapshot: Snapshot
    changes: Consequences


def write_down(workspace: Workspace, draft: Draft, *, reason: str, by: str = "") -> Judgement:
    """Append to the ledger; the next build follows it."""
    why, who = checked_reason(reason), name_of_user(by)
    with workspace.ledger() as ledger:
        if draft.ends is not None:
            return ledger.end(draft.ends, reason=why, by=who)
        return ledger.judge(
            draft.kind, draft.entity, draft.body, reason=why, by=who, evidence=draft.evidence
        )


def carry_out(
    workspace: Workspace,
    draft: Draft,
    *,
    reason: str,
    by: str = "",
    said: Callable[[str], None] = lambda _: None,
) -> Done:
    """Append to the ledger, then build.

    Where the build cannot run (`kept_not_built`) the judgement is kept all the same, and the next
    build follows it.
    """
    why, who = checked_reason(reason), name_of_user(by)
    with reading(workspace.hidden_dir) as before:
        judgement = write_down(workspace, draft, reason=why, by=who)
        try:
            after = build(workspace, said=said)
        except TielineError as problem:
            kept = f"The end of {judgement.name}" if draft.ends is not None else judgement.name
            raise TielineError(
                "kept_not_built",
                f"{kept} is written down, but the database does not follow it yet: "
                f"{problem.message}",
                place=problem.place,
                next_step=f"{problem.next_step} Then run: tieline build".strip(),
            ) from problem
        return Done(judgement, after, consequences(before, after))


def preview(
    workspace: Workspace, draft: Draft, *, said: Callable[[str], None] = lambda _: None
) -> Consequences:
    """What would change; nothing is written down, and the database stays as it is."""
    tried = []
    if draft.ends is None:
        now = datetime.now(UTC)
        tried.append(
            Judgement(TRIED, draft.kind, draft.entity, draft.body, "a dry run", name_of_user(), now)
        )
    without = [] if draft.ends is None else [draft.ends]
    with (
        reading(workspace.hidden_dir) as before,
        plan(workspace, tried=tried, without=without, said=said) as after,
    ):
        return consequences(before, after)
