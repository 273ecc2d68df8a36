"""What people decided since the last build, laid over the pages until a build follows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from tieline.actions.entities import Entity
from tieline.actions.judgement_words import KINDS, says, why
from tieline.actions.pending import Pending, pending
from tieline.data.sql_text import literal
from tieline.web.reader import Reading, Row
from tieline.workspace import Workspace

_LABELS = {
    "contact": "coalesce(full_name, email, phone)",
    "site": "address",
    "account": "name",
}
_LABELLED = {"contact": "full_name", "site": "address", "account": "name"}


@dataclass(frozen=True)
class Overlay:
    """What waits for the next build: lines by entity, and the names of the decisions (J12)."""

    lines: Mapping[str, list[Row]]
    names: frozenset[str]

    def of(self, identifier: str) -> list[Row]:
        """The lines of one entity, the newest first."""
        return self.lines.get(identifier, [])

    def values(self, identifier: str) -> dict[str, str | None]:
        """The corrected values of one entity by field; the newest correction of a field counts."""
        found: dict[str, str | None] = {}
        for line in reversed(self.of(identifier)):
            if line["field"] and not line["undone"]:
                found[line["field"]] = line["value"] or None
        return found

    def row(self, key: str, row: Row) -> Row:
        """A row of a list with the corrected values in their columns."""
        corrected = {f: v for f, v in self.values(key).items() if f in row}
        return {**row, **corrected} if corrected else row


def overlay(reading: Reading, workspace: Workspace) -> Overlay:
    """What waits, worked out once for a snapshot and a state of the ledger."""
    # A build that comes to the same tables has the same id, and knows of more decisions.
    path = reading.snapshot.folder / "manifest.json"
    written = path.stat().st_mtime_ns if path.exists() else 0
    with workspace.ledger() as ledger:
        token = (ledger.fingerprint("judgements"), written)
        held = _kept(reading.snapshot.id)
        if held.get("token") != token:
            told = json.loads(path.read_text("utf-8")) if written else {}
            snapshot = replace(reading.snapshot, manifest=told)
            held["overlay"] = _told(reading, pending(reading.engine, snapshot, ledger))
            held["token"] = token
    kept: Overlay = held["overlay"]
    return kept


@lru_cache(maxsize=2)
def _kept(snapshot: str) -> dict[str, Any]:
    """What was worked out for a snapshot, to be filled."""
    return {}


def _told(reading: Reading, found: list[Pending]) -> Overlay:
    lines: dict[str, list[Row]] = {}
    for one in found:
        names = _names(reading, one.judgement.entity, one.ids)
        for identifier in one.ids:
            lines.setdefault(identifier, []).append(_line(one, identifier, names))
    return Overlay(lines, frozenset(one.judgement.name for one in found))


def _line(one: Pending, identifier: str, names: dict[str, str]) -> Row:
    """One decision as the page of one entity tells it."""
    judgement = one.judgement
    override = judgement.kind == "override"
    return {
        "name": judgement.name,
        "kind": judgement.kind,
        "called": KINDS.get(judgement.kind, judgement.kind),
        "says": says(judgement, one.records),
        "why": why(judgement),
        "by": judgement.made_by,
        "at": judgement.made_at,
        "undone": one.undone,
        "field": judgement.body["field"] if override else "",
        "value": judgement.body["value"] if override else "",
        "entity": judgement.entity,
        "others": [{"id": o, "label": names.get(o) or o} for o in one.ids if o != identifier],
        "will": _will(one, identifier),
        "tag": _tag(one),
    }


def _will(one: Pending, identifier: str) -> str:
    """What the next build does."""
    if one.undone:
        return "The next build is as if it had never been decided."
    kind = one.judgement.kind
    if kind == "merge" and len(one.ids) > 1:
        stays = "This id stays." if one.ids[0] == identifier else f"{one.ids[0]} stays."
        return f"The next build makes them one. {stays}"
    if kind == "split":
        apart = len(one.judgement.body["apart"])
        many = "1 record leaves" if apart == 1 else f"{apart} records leave"
        return f"With the next build {many}. The part with the oldest record keeps the id."
    if kind == "set_aside":
        return "The next build takes it out of every figure, list and next action."
    if kind == "restore":
        return "With the next build it counts again."
    if kind == "override":
        return "Shown here already; scores, lists and exports follow with the next build."
    return "The next build follows it."


def _tag(one: Pending) -> str:
    """What a list says beside the name."""
    if one.undone:
        return "undone, pending"
    words = {
        "merge": "merged", "split": "split", "override": "corrected", "set_aside": "set aside",
        "restore": "restored", "note": "note",
    }  # fmt: skip
    return f"{words.get(one.judgement.kind, 'decided')}, pending"


def _names(reading: Reading, kind: str, ids: tuple[str, ...]) -> dict[str, str]:
    if len(ids) < 2:
        return {}
    listed = ", ".join(literal(one) for one in ids)
    rows = reading.rows(
        f"SELECT {kind}_id AS id, {_LABELS[kind]} AS label FROM {kind}s WHERE {kind}_id IN "
        f"({listed})"
    )
    return {row["id"]: row["label"] or "" for row in rows}


def laid_over(found: Overlay, said: dict[str, Any]) -> dict[str, Any]:
    """What the page of an entity says, with the corrected values in place."""
    entity: Entity = said["found"]
    corrected = found.values(entity.id)
    label = corrected.get(_LABELLED[entity.kind], entity.label) or ""
    values = [
        {**row, "pending": row["field"] in corrected, "corrected": corrected.get(row["field"])}
        for row in said["values"]
    ]
    missing = [field for field in corrected if field not in {row["field"] for row in values}]
    values += [
        {
            "field": field, "value": "", "records": 0, "of": 0, "others": [], "because": "",
            "pending": True, "corrected": corrected[field],
        }
        for field in missing
    ]  # fmt: skip
    return {
        "found": replace(entity, label=label),
        "entity": {**said["entity"], **{f: v for f, v in corrected.items() if f in said["entity"]}},
        "values": values,
        "pending": found.of(entity.id),
        "pending_names": found.names,
        "corrected": sorted(corrected),
    }
