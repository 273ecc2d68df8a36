"""Which judgement, if any, sets an entity aside or restores it."""

from __future__ import annotations

from tieline.actions.entities import Entity
from tieline.ledger import Judgement, Ledger


def newest_fate(ledger: Ledger, found: Entity) -> Judgement | None:
    """The newest judgement in force that set aside or restored most of the entity's kind.

    One that was made of records most of which are elsewhere now is not this entity's.
    """
    own = set(found.records)
    told = [
        judgement
        for kind in ("set_aside", "restore")
        for judgement in ledger.judgements(kind=kind, records=found.records)
        if judgement.entity == found.kind
        and 2 * len(own & set(judgement.records)) >= len(judgement.records)
    ]
    return max(told, key=lambda judgement: judgement.number, default=None)
