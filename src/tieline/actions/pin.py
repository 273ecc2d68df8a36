"""Pin: this contact, site or account holds together, whatever new evidence or weights say."""

from __future__ import annotations

from tieline.actions.doing import Done, carry_out
from tieline.actions.drafts import Draft
from tieline.actions.entities import entity, moved, open_tables
from tieline.errors import TielineError
from tieline.workspace import Workspace


def pin(workspace: Workspace, which: str, *, reason: str, by: str = "") -> Done:
    """Hold the records of an entity together from now on."""
    return carry_out(workspace, draft(workspace, which), reason=reason, by=by)


def draft(workspace: Workspace, which: str) -> Draft:
    """The pin, checked: there is something to hold together, and it is not pinned already."""
    with open_tables(workspace) as (snapshot, engine), workspace.ledger() as ledger:
        found = entity(engine, which)
        if len(found.records) < 2:
            raise TielineError("nothing_to_pin", f"{found} has one record only.")
        for known in ledger.judgements(kind="pin", records=found.records):
            if set(known.records) >= set(found.records):
                raise TielineError(
                    "already_so",
                    f"{known.name} holds {found} together already, by {known.made_by} on "
                    f"{known.made_at:%Y-%m-%d}.",
                )
        return Draft(
            "pin",
            found.kind,
            {"records": list(found.records)},
            evidence={"snapshot": snapshot.id, "ids": [found.id]},
            remarks=moved([found]),
        )
