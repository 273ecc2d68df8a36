"""Note: write something down about a contact, site or account."""

from __future__ import annotations

from tieline.actions.doing import Done, carry_out
from tieline.actions.drafts import Draft
from tieline.actions.entities import entity, moved, open_tables
from tieline.errors import TielineError
from tieline.workspace import Workspace

REASON = "a note"
"""A note is its own reason."""


def note(
    workspace: Workspace, which: str, text: str, *, reason: str = REASON, by: str = ""
) -> Done:
    """Keep a text with an entity; it follows the records it was written about."""
    return carry_out(workspace, draft(workspace, which, text), reason=reason, by=by)


def draft(workspace: Workspace, which: str, text: str) -> Draft:
    """The note, checked: it says something."""
    if not text.strip():
        raise TielineError(
            "no_text", "The note is empty.", next_step='Write it after the id: "..."'
        )
    with open_tables(workspace) as (snapshot, engine):
        found = entity(engine, which)
        return Draft(
            "note",
            found.kind,
            {"records": list(found.records), "text": text.strip()},
            evidence={"snapshot": snapshot.id, "ids": [found.id]},
            remarks=moved([found]),
        )
