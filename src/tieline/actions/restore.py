"""Restore: what was set aside by hand, or by a rule about companies, is wanted after all."""

from __future__ import annotations

from tieline.actions.doing import Done, carry_out
from tieline.actions.drafts import Draft
from tieline.actions.entities import Entity, entity, moved, open_tables
from tieline.actions.fates import newest_fate
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.workspace import Workspace

LIFTED = ("set_aside", "competitor", "own_company")
"""What a person may lift. A suppression or an opt-out is the contact's own word."""


def restore(workspace: Workspace, which: str, *, reason: str, by: str = "") -> Done:
    """Lift what sets the records of an entity aside, as far as people may."""
    return carry_out(workspace, draft(workspace, which), reason=reason, by=by)


def draft(workspace: Workspace, which: str) -> Draft:
    """What restores, checked: it is set aside, and not by the contact's own word."""
    with open_tables(workspace) as (snapshot, engine), workspace.ledger() as ledger:
        found = entity(engine, which)
        known = newest_fate(ledger, found)
        _check(engine, found, by_hand=known is not None and known.kind == "set_aside")
        return Draft(
            "restore",
            found.kind,
            {"records": list(found.records)},
            evidence={"snapshot": snapshot.id, "ids": [found.id]},
            remarks=moved([found]),
        )


def _check(engine: Engine, found: Entity, *, by_hand: bool) -> None:
    rows = engine.arrow(
        f"SELECT DISTINCT status FROM record_entities WHERE {found.kind}_id = '{found.id}'"
    )
    statuses = set(rows["status"].to_pylist())
    if by_hand or statuses & set(LIFTED):
        return
    if statuses & {"suppressed", "opted_out"}:
        raise TielineError(
            "not_ours_to_lift",
            f"{found} asked not to be written to, or stands on a suppression list.",
            next_step="Only a newer word of the contact lifts that: add a list that holds it.",
        )
    raise TielineError(
        "already_so", f"{found} is not set aside by hand, nor as a competitor or our own company."
    )
