"""Set aside: we do not market to this contact, site or account."""

from __future__ import annotations

from tieline.actions.doing import Done, carry_out
from tieline.actions.drafts import Draft
from tieline.actions.entities import entity, moved, open_tables
from tieline.actions.fates import newest_fate
from tieline.errors import TielineError
from tieline.workspace import Workspace


def set_aside(workspace: Workspace, which: str, *, reason: str, by: str = "") -> Done:
    """Set the records of an entity aside; an account's or a site's with everybody there."""
    return carry_out(workspace, draft(workspace, which), reason=reason, by=by)


def draft(workspace: Workspace, which: str) -> Draft:
    """What sets aside, checked: it is not set aside by hand already."""
    with open_tables(workspace) as (snapshot, engine), workspace.ledger() as ledger:
        found = entity(engine, which)
        known = newest_fate(ledger, found)
        if known is not None and known.kind == "set_aside":
            raise TielineError(
                "already_so",
                f"{known.name} sets {found} aside already, by {known.made_by} on "
                f"{known.made_at:%Y-%m-%d}: {known.reason}",
            )
        return Draft(
            "set_aside",
            found.kind,
            {"records": list(found.records)},
            evidence={"snapshot": snapshot.id, "ids": [found.id]},
            remarks=moved([found]),
        )
