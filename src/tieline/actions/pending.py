"""What people decided since the last build: in the ledger, and not in the database yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tieline.actions.history import told
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import Engine
from tieline.ledger import Judgement, Ledger

KINDS = (
    "merge", "split", "pin", "distinct", "override", "set_aside", "restore", "note", "consent",
)  # fmt: skip
"""Kinds that a page of an account, site or contact tells."""


@dataclass(frozen=True)
class Pending:
    """A decision, or its undoing, that the next build follows.

    `ids` are the entities that hold its records in the current snapshot, the one with the oldest
    record first; `records` gives source and row by record.
    """

    judgement: Judgement
    undone: bool
    ids: tuple[str, ...]
    records: dict[str, str]


def pending(engine: Engine, snapshot: Snapshot, ledger: Ledger) -> list[Pending]:
    """The decisions the snapshot does not follow yet, the newest first.

    Nothing of a snapshot that an earlier version built: it does not say what it knew.
    """
    heard = snapshot.manifest.get("heard")
    if not heard:
        return []
    known, ended = heard["judgement"], set(heard["ended"])
    fresh, undone = [], []
    for one in ledger.judgements(active=False):
        if one.kind not in KINDS:
            continue
        if one.number > known and one.ended is None:
            fresh.append(one)
        elif one.number <= known and one.ended is not None and one.number not in ended:
            undone.append(one)
    found = [*_placed(engine, fresh, undone=False), *_placed(engine, undone, undone=True)]
    return sorted(found, key=lambda one: -one.judgement.number)


def _placed(engine: Engine, judgements: Sequence[Judgement], *, undone: bool) -> list[Pending]:
    result = []
    for one in told(engine, judgements):
        ids = _oldest_first(engine, one.judgement.entity, one.ids)
        result.append(Pending(one.judgement, undone, ids, one.records))
    return result


def _oldest_first(engine: Engine, kind: str, ids: Sequence[str]) -> tuple[str, ...]:
    """Ids by their oldest record: of those that are merged the first one stays."""
    if len(ids) < 2:
        return tuple(ids)
    listed = ", ".join(f"'{one}'" for one in ids)
    rows = engine.arrow(
        f"SELECT e.{kind}_id AS id FROM record_entities e JOIN records r USING (record_id) "
        f"WHERE e.{kind}_id IN ({listed}) GROUP BY 1 ORDER BY min(r.arrival)"
    )
    return tuple(rows["id"].to_pylist())
