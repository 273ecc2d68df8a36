"""Split: these records are another contact, site or account than the rest."""

from __future__ import annotations

from collections.abc import Sequence

from tieline.actions.doing import Done, carry_out
from tieline.actions.drafts import Draft
from tieline.actions.entities import (
    Entity,
    entity,
    in_order,
    moved,
    open_tables,
    record_id_of,
    record_names,
)
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.workspace import Workspace


def split(
    workspace: Workspace, which: str, records: Sequence[str], *, reason: str, by: str = ""
) -> Done:
    """Take records out of an entity: they are one among themselves, and apart from the rest.

    The part with the oldest record keeps the id.
    """
    return carry_out(workspace, draft(workspace, which, records), reason=reason, by=by)


def draft(workspace: Workspace, which: str, records: Sequence[str]) -> Draft:
    """The split, checked: the records belong to the entity, and something is left of it."""
    if not records:
        raise TielineError(
            "too_few",
            "No record is named that is to leave.",
            next_step=f"See the records, by source and row: tieline explain {which}",
        )
    with open_tables(workspace) as (snapshot, engine):
        found = entity(engine, which)
        apart: list[str] = []
        for text in records:
            record = _record(engine, found, text)
            if record in apart:
                raise TielineError("same_twice", f"The record {text} is named twice.")
            apart.append(record)
        rest = [record for record in found.records if record not in set(apart)]
        if not rest:
            raise TielineError(
                "nothing_left",
                f"These are all records of {found}: nothing would be left to split from.",
                next_step="Name only those that are somebody else."
                if len(found.records) > 1
                else "It has this one record only.",
            )
        return Draft(
            "split",
            found.kind,
            {"apart": in_order(engine, apart), "rest": rest},
            evidence={"snapshot": snapshot.id, "ids": [found.id]},
            remarks=moved([found]),
        )


def _record(engine: Engine, found: Entity, text: str) -> str:
    """A record of the entity; errors say whose it is if it is another's."""
    record = record_id_of(engine, text)
    if record is None:
        raise TielineError(
            "no_record",
            f"{text!r} names no record.",
            next_step="A record is named by its source and row, as in crm_export:12, or by its id "
            f"(r...). See them with: tieline explain {found.id}",
        )
    if record not in found.records:
        owners = engine.arrow(
            f"SELECT {found.kind}_id AS id FROM record_entities WHERE record_id = '{record}'"
        )["id"].to_pylist()
        whose = entity(engine, owners[0]) if owners[0] else None
        name = record_names(engine, [record])[record]
        raise TielineError(
            "other_record",
            f"The record {name} does not belong to {found} but to "
            + (f"{whose}." if whose else f"no {found.kind}."),
            next_step=f"See the records it has: tieline explain {found.id}",
        )
    return record
