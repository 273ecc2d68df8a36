"""The log of judgements: who decided what, when and why, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tieline.actions.entities import entity, open_tables
from tieline.actions.undo import judgement_named
from tieline.engine.tables import Engine
from tieline.ledger import Judgement
from tieline.workspace import Workspace


@dataclass(frozen=True)
class Told:
    """A judgement, the entities (ids) that hold its records now, and the records it names.

    `records` gives source and row of each record id; what is in no list any more is not in it.
    """

    judgement: Judgement
    ids: tuple[str, ...]
    records: dict[str, str]


def history(workspace: Workspace, which: str = "", *, most: int | None = None) -> list[Told]:
    """All judgements, ended ones too, the newest first; or those of an entity, or one by its name.

    `which` is J12, or an id or record as the other actions take them; `most` cuts the list.
    """
    with open_tables(workspace) as (_, engine), workspace.ledger() as ledger:
        if which.strip()[:1] in ("J", "j"):
            found = [judgement_named(workspace, which)]
        elif which.strip():
            records = entity(engine, which).records
            found = ledger.judgements(active=False, records=records)
        else:
            found = ledger.judgements(active=False)
        return told(engine, sorted(found, key=lambda j: -j.number)[:most])


def told_of(engine: Engine, kind: str, judgements: Sequence[Judgement]) -> list[Told]:
    """Those that are about entities of one kind, told."""
    return told(engine, [judgement for judgement in judgements if judgement.entity == kind])


def told(engine: Engine, judgements: Sequence[Judgement]) -> list[Told]:
    """What each judgement speaks of, as the current snapshot has it."""
    named = sorted({record for judgement in judgements for record in judgement.records})
    if not named:
        return [Told(judgement, (), {}) for judgement in judgements]
    listed = ", ".join("'" + record.replace("'", "''") + "'" for record in named)
    rows = engine.dicts(
        "SELECT record_id, source, row_number, contact_id AS contact, site_id AS site, "
        f"account_id AS account FROM record_entities WHERE record_id IN ({listed})"
    )
    known = {row["record_id"]: row for row in rows}
    result = []
    for judgement in judgements:
        mine = [known[record] for record in judgement.records if record in known]
        ids = dict.fromkeys(row[judgement.entity] for row in mine if row[judgement.entity])
        names = {row["record_id"]: f"{row['source']}:{row['row_number']}" for row in mine}
        result.append(Told(judgement, tuple(ids), names))
    return result
