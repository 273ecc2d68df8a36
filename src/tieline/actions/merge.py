"""Merge: these contacts, sites or accounts are one, whatever the evidence says."""

from __future__ import annotations

from collections.abc import Sequence

from tieline.actions.doing import Done, carry_out
from tieline.actions.drafts import Draft
from tieline.actions.entities import Entity, entities, moved, open_tables
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.workspace import Workspace


def merge(workspace: Workspace, ids: Sequence[str], *, reason: str, by: str = "") -> Done:
    """Make two or more entities of one kind one; the oldest one's id stays, the others lead to it.

    It holds for all their records, and for those that come to be held together with them later.
    """
    return carry_out(workspace, draft(workspace, ids), reason=reason, by=by)


def draft(workspace: Workspace, ids: Sequence[str]) -> Draft:
    """The merge, checked: at least two, of one kind, not one already; sites of one account."""
    if len(ids) < 2:
        raise TielineError(
            "too_few",
            "A merge takes at least two ids.",
            next_step="Name every contact (or site, or account) that is to be one.",
        )
    with open_tables(workspace) as (snapshot, engine):
        found = entities(engine, ids)
        if found[0].kind == "site":
            _check_account(engine, found)
        return Draft(
            "merge",
            found[0].kind,
            {"groups": [list(one.records) for one in found]},
            evidence={"snapshot": snapshot.id, "ids": [one.id for one in found]},
            remarks=moved(found),
        )


def _check_account(engine: Engine, sites: Sequence[Entity]) -> None:
    listed = ", ".join(f"'{site.id}'" for site in sites)
    rows = engine.arrow(f"SELECT DISTINCT account_id FROM sites WHERE site_id IN ({listed})")
    accounts = sorted(rows["account_id"].to_pylist())
    if len(accounts) > 1:
        raise TielineError(
            "sites_of_two_accounts",
            f"These sites belong to different accounts: {', '.join(accounts)}.",
            next_step=f"If they are one company: tieline merge {' '.join(accounts)}",
        )
