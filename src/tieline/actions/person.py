"""Access: everything that is held about one person, as data of a documented shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tieline.actions.entities import entity, open_tables
from tieline.actions.erasure.plan import ACTIVITIES, activity_records
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.identity import explanation
from tieline.identity.explanation import Link
from tieline.ledger import Judgement, Ledger
from tieline.workspace import Workspace

FORMAT = "tieline person 1"
"""The shape of what `person` returns; a later one that differs has another number."""
TABLES = (
    *explanation.TABLES,
    *ACTIVITIES,
    "consents",
    "consent_statements",
    "identifier_contacts",
    "notes",
    "redirects",
)
SHARED = (
    "Tieline keeps no list of who was given its files: whoever exports a table or follows the "
    "change feed has to keep one."
)

Row = dict[str, Any]


def person(workspace: Workspace, text: str) -> Row:
    """Everything held about a contact; see `docs/how-to/show-what-is-held.md` for the shape.

    What records of other people say is left out, also where they are evidence.
    """
    with open_tables(workspace, *TABLES) as (snapshot, engine), workspace.ledger() as ledger:
        found = entity(engine, text, kind="contact")
        if found.kind != "contact":
            raise TielineError(
                "no_person",
                f"{found.id} is no contact: only people are shown what is held about them.",
                next_step=f"Of a company: tieline explain {found.id}",
            )
        told = explanation.story(engine, found.id)
        own = [*found.records, *activity_records(engine, snapshot.tables, found.id)]
        records = _records(engine, list(dict.fromkeys(own)))
        names = {row["record_id"]: f"{row['source']}:{row['row']}" for row in records}
        return {
            "format": FORMAT,
            "snapshot": snapshot.id,
            "contact_id": found.id,
            "earlier_ids": _earlier_ids(engine, found.id),
            "contact": _plain(told.entity),
            "values": [_named(row, names) for row in told.values],
            "positions": [_plain(row) for row in told.positions],
            "consents": _of(engine, "consents", found.id, names),
            "consent_statements": _statements(engine, own, names),
            "identifiers": _of(engine, "identifier_contacts", found.id, names),
            "records": records,
            "why_one_person": [_link(link, names) for link in told.links],
            **{table: _of(engine, table, found.id, names) for table in ACTIVITIES},
            "notes": _of(engine, "notes", found.id, names),
            "judgements": [_judgement(one) for one in _judgements(ledger, own)],
            "lists": _lists(workspace, {row["source"] for row in records}),
            "given_to": SHARED,
        }


def _records(engine: Engine, ids: list[str]) -> list[Row]:
    """Each row word for word, with the list and row it stands in and what became of it."""
    listed = ", ".join(f"'{one}'" for one in ids)
    rows = engine.arrow(
        "SELECT r.record_id, r.source, r.row_number AS row, r.kind, e.status, s.record_at, "
        "r.verbatim FROM records r LEFT JOIN record_entities e USING (record_id) "
        "LEFT JOIN standard_records s USING (record_id) "
        f"WHERE r.record_id IN ({listed}) ORDER BY r.source, r.row_number"
    ).to_pylist()
    return [{**_plain(row), "verbatim": _cells(row["verbatim"])} for row in rows]


def _cells(verbatim: str | None) -> Any:
    try:
        return json.loads(verbatim or "null")
    except ValueError:
        return verbatim


def _statements(engine: Engine, ids: list[str], names: Mapping[str, str]) -> list[Row]:
    listed = ", ".join(f"'{one}'" for one in ids)
    rows = engine.arrow(
        "SELECT record_id, source, purpose, channel, state, said_at FROM consent_statements "
        f"WHERE record_id IN ({listed}) ORDER BY said_at, purpose, channel, record_id"
    ).to_pylist()
    return [_named(row, names) for row in rows]


def _of(engine: Engine, table: str, contact: str, names: Mapping[str, str]) -> list[Row]:
    """The rows of a table that belong to a contact, in the order of the table."""
    rows = engine.arrow(f"SELECT * FROM {table} WHERE contact_id = '{contact}'").to_pylist()
    return [_named(row, names) for row in rows]


def _named(row: Row, names: Mapping[str, str]) -> Row:
    """A row with the list and row of its record beside the record's id."""
    said = names.get(row.get("record_id") or "")
    return {**_plain(row), **({"record": said} if said else {})}


def _plain(row: Mapping[str, Any]) -> Row:
    """The row as JSON can hold it; days and moments as ISO 8601."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row.items()
    }


def _link(link: Link, names: Mapping[str, str]) -> Row:
    return {
        "left": names.get(link.left_record, link.left_record),
        "right": names.get(link.right_record, link.right_record),
        "probability": round(link.probability, 6),
        "weight_bits": round(link.weight, 2),
        "because": [
            {
                "field": part.field,
                "says": part.says,
                "weight_bits": round(part.weight, 2),
                "left": part.left,
                "right": part.right,
            }
            for part in link.evidence
        ],
    }


def _earlier_ids(engine: Engine, contact: str) -> list[str]:
    rows = engine.arrow(
        f"SELECT old_id FROM redirects WHERE kind = 'contact' AND new_id = '{contact}' "
        f"AND old_id <> '{contact}' ORDER BY 1"
    )
    return [str(row) for row in rows["old_id"].to_pylist()]


def _judgements(ledger: Ledger, ids: list[str]) -> list[Judgement]:
    return ledger.judgements(active=False, records=ids)


def _judgement(one: Judgement) -> Row:
    """Who decided what about the person; other people's records are not named."""
    return {
        "judgement": one.name,
        "kind": one.kind,
        "of": one.entity,
        "said": {key: part for key, part in one.body.items() if isinstance(part, str)},
        "reason": one.reason,
        "by": one.made_by,
        "at": one.made_at.isoformat(),
        "ended": None
        if one.ended is None
        else {
            "reason": one.ended.reason,
            "by": one.ended.made_by,
            "at": one.ended.made_at.isoformat(),
        },
    }


def _lists(workspace: Workspace, names: set[str]) -> list[Row]:
    return [
        {"source": one.name, "kind": one.kind, "owner": one.owner, "location": one.location}
        for one in workspace.sources()
        if one.name in names
    ]
