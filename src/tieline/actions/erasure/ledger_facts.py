"""The facts of the ledger without a person: judgements, labels and events."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tieline.actions.erasure.values import Values
from tieline.data.kinds import is_field
from tieline.data.source import Source
from tieline.data.sources.landed import UNREADABLE_SCHEMA
from tieline.ledger import Judgement, Label, Ledger
from tieline.workspace import Workspace
from tieline.workspace.standard_rows import standard_rows
from tieline.workspace.tombstones import Tombstones

GONE = "(erased)"
"""What stands where a person's words or values stood."""


@dataclass(frozen=True)
class ErasedFacts:
    """How many facts were rewritten or deleted."""

    judgements: int
    labels: int
    events: int


def erase_facts(
    workspace: Workspace, ledger: Ledger, records: Collection[str], values: Values
) -> ErasedFacts:
    """Take a person out of every fact; nothing of what stood there stays in the database's files.

    Judgements are never deleted, only what they say of the person. Labels of pairs with one of the
    records go, and so do events that the tombstones catch or that hold one of the values.
    """
    gone = set(records)
    holding = [*gone, *values.needles()]

    def judgement(old: Judgement) -> Judgement:
        return without_person(old, gone, values)

    def label(old: Label) -> Label | None:
        if gone & {old.left_record, old.right_record}:
            return None
        shown = json.dumps(old.shown, ensure_ascii=False)
        return replace(old, shown=None) if values.hits(shown) else old

    done = ErasedFacts(
        ledger.rewrite("judgements", judgement, holding=holding),
        ledger.rewrite("labels", label, holding=holding),
        ledger.delete_events(caught_events(workspace, ledger, values)),
    )
    ledger.scrub()
    return done


def without_person(old: Judgement, gone: Collection[str], values: Values) -> Judgement:
    """A judgement that names none of these records and holds none of the values."""
    body = {key: _without(part, gone) for key, part in old.body.items()}
    # About nobody else: whatever it says, it says of the person.
    alone = old.entity == "contact" and body != dict(old.body) and not _records(body)

    def text(said: str) -> str:
        return GONE if said and (alone or values.hits(said)) else said

    if text(str(body.get("text", ""))) == GONE:
        body["text"] = GONE
    if text(str(body.get("value", ""))) == GONE:
        body["value"] = ""  # as a value that was taken away by hand
    if body == dict(old.body) and not values.hits(_all_texts(old)):
        return old
    named = body != dict(old.body) or bool(values.hits(json.dumps(old.evidence, default=str)))
    ended = old.ended and replace(old.ended, reason=text(old.ended.reason))
    return replace(
        old,
        body=body,
        reason=text(old.reason),
        made_by=GONE if values.hits(old.made_by) else old.made_by,
        evidence=None if named else old.evidence,
        ended=ended,
    )


def caught_events(workspace: Workspace, ledger: Ledger, values: Values) -> list[tuple[str, str]]:
    """The (stream, message id) of events that are a forgotten person's."""
    stones = Tombstones.of(ledger)
    found: list[tuple[str, str]] = []
    for batch in ledger.event_batches():
        streams: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for event in batch.to_pylist():
            if any(values.hits(event[name]) for name in ("body", "message_id", "stream")):
                found.append((event["stream"], event["message_id"]))
            else:
                streams[event["stream"]].append(event)
        if stones is None:
            continue
        for stream, events in streams.items():
            bodies = [json.loads(event["body"]) for event in events]
            for number in caught(workspace, stones, stream, bodies):
                found.append((stream, events[number - 1]["message_id"]))
    return found


def caught(
    workspace: Workspace, stones: Tombstones, stream: str, bodies: list[Mapping[str, Any]]
) -> set[int]:
    """The 1-based numbers of those bodies that the tombstones catch."""
    fields = sorted({name for body in bodies for name in body if name and is_field(name)})
    if not fields:
        return set()
    with tempfile.TemporaryDirectory(dir=workspace.scratch_dir) as folder:
        rows, unreadable = Path(folder) / "rows.parquet", Path(folder) / "unreadable.parquet"
        columns = {
            name: pa.array([_text(body.get(name)) for body in bodies], pa.string())
            for name in fields
        }
        pq.write_table(
            pa.table({"row_number": pa.array(range(1, len(bodies) + 1), pa.int64()), **columns}),
            rows,
        )
        pq.write_table(UNREADABLE_SCHEMA.empty_table(), unreadable)
        source = Source(stream, "contacts", rows, unreadable, {name: name for name in fields})
        return stones.caught(
            standard_rows(
                source,
                scratch=workspace.scratch_dir,
                cache=None,
                country=workspace.settings.workspace.country or None,
            )
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _without(part: Any, gone: Collection[str]) -> Any:
    if isinstance(part, list):
        return [_without(one, gone) for one in part if not isinstance(one, str) or one not in gone]
    return part


def _records(body: Mapping[str, Any]) -> list[str]:
    lists = [part for part in body.values() if isinstance(part, list)]
    return [
        record
        for part in lists
        for one in part
        for record in (one if isinstance(one, list) else [one])
    ]


def _all_texts(old: Judgement) -> str:
    parts = [old.reason, old.made_by, json.dumps(old.evidence, ensure_ascii=False, default=str)]
    parts.append(json.dumps(dict(old.body), ensure_ascii=False))
    if old.ended:
        parts += [old.ended.reason, old.ended.made_by]
    return "\n".join(parts)
