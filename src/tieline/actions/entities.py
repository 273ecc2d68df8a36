"""Which contact, site, account or record is meant by what the user writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current, reading
from tieline.engine.tables import Engine
from tieline.errors import Place, TielineError, did_you_mean
from tieline.workspace import Workspace

KINDS = {"C": "contact", "S": "site", "A": "account"}
"""What the first letter of an id says."""
TABLES = ("records", "record_entities", "redirects", "contacts", "sites", "accounts")
"""The snapshot tables that ids are looked up in."""

_ID = re.compile(r"[csa][0-9a-f]{14}\Z", re.IGNORECASE)
_RECORD_ID = re.compile(r"r[0-9a-f]{16}\Z", re.IGNORECASE)
_ROW = re.compile(r"(.+?)(?:\s*:\s*|\s+)(?:row\s*)?([\d,]+)\s*\Z")
_LABELS = {
    "contact": "coalesce(full_name, email, phone)",
    "site": "address",
    "account": "name",
}


@dataclass(frozen=True)
class Entity:
    """A contact, site or account of the current snapshot.

    `label` is what a reader knows it by, `records` are its record ids, oldest first, `asked` is
    the id it was named by where that leads to another one now.
    """

    kind: str
    id: str
    label: str
    records: tuple[str, ...]
    asked: str = ""

    def __str__(self) -> str:
        return f"{self.id} ({self.label})" if self.label else self.id


@contextmanager
def open_tables(workspace: Workspace, *more: str) -> Iterator[tuple[Snapshot, Engine]]:
    """The current snapshot and an engine that reads its tables, kept for as long as it takes."""
    if current(workspace.hidden_dir) is None:
        raise TielineError("not_built", "Nothing was built yet.", next_step="Run: tieline build")
    with reading(workspace.hidden_dir) as snapshot, DuckEngine() as engine:
        for table in dict.fromkeys((*TABLES, *more)):
            if table not in snapshot.tables:
                raise TielineError(
                    "outgrown_snapshot",
                    f"The database was built by an earlier Tieline, without the table {table}.",
                    next_step="Run: tieline build",
                )
            engine.read_parquet(table, snapshot.table(table))
        yield snapshot, engine


def record_id_of(engine: Engine, text: str) -> str | None:
    """The record meant by its id or by its source and row, as in crm_export:12; None if neither.

    Raises `unknown_source`, `unknown_row` or `unknown_id` where there is no such record.
    """
    text = text.strip()
    if _RECORD_ID.match(text):
        found = text.lower()
        if not _rows(engine, f"SELECT 1 FROM record_entities WHERE record_id = '{found}'"):
            raise _unknown(text)
        return found
    named = _ROW.match(text)
    if named is None:
        return None
    source, row = named[1].strip(), int(named[2].replace(",", "") or 0)
    rows = _rows(
        engine,
        "SELECT source, count(*) AS records, max(CASE WHEN row_number = "
        f"{min(row, 2**62)} THEN record_id END) AS record_id FROM record_entities GROUP BY source",
    )
    known = {found["source"]: found for found in rows}
    if source not in known:
        hint = did_you_mean(source, sorted(known), cutoff=0.5)
        raise TielineError(
            "unknown_source",
            f"The database has no source {source!r}.{hint}",
            next_step=f"Its sources are: {', '.join(sorted(known))}. "
            "One that was added since takes a new build.",
        )
    if known[source]["record_id"] is None:
        raise TielineError(
            "unknown_row",
            "There is no such row.",
            place=Place(source, row),
            next_step=f"Its data rows are 1 to {known[source]['records']:,}, without the header.",
        )
    return str(known[source]["record_id"])


def entity(engine: Engine, text: str, *, kind: str = "") -> Entity:
    """The entity meant by its id, by one it had, or by one of its records.

    A record stands for its contact, for the account if it names nobody, or for what `kind` says.
    """
    text = text.strip()
    if _ID.match(text):
        return _by_id(engine, text[0].upper() + text[1:].lower())
    record = record_id_of(engine, text)
    if record is None:
        raise _unknown(text)
    row = _rows(
        engine,
        f"SELECT contact_id, site_id, account_id FROM record_entities WHERE record_id = '{record}'",
    )[0]
    kinds = [kind] if kind else ["contact", "account"]
    found = next((row[f"{one}_id"] for one in kinds if row[f"{one}_id"]), None)
    if found is None:
        raise TielineError(
            "names_nobody",
            f"The record {text} belongs to no {kind or 'contact and no account'}.",
            next_step="See what it says: tieline explain " + text,
        )
    return _by_id(engine, found)


def entities(engine: Engine, texts: Sequence[str]) -> list[Entity]:
    """Several entities of one kind; records among them stand for what the ids are.

    Raises `same_twice` if two of them are one, `different_kinds` if they cannot be compared.
    """
    kinds = {KINDS[text.strip()[0].upper()] for text in texts if _ID.match(text.strip())}
    if len(kinds) > 1:
        raise TielineError(
            "different_kinds",
            f"A {' and a '.join(sorted(kinds))} cannot be one.",
            next_step="Name contacts only, or sites only, or accounts only.",
        )
    found = [entity(engine, text, kind="".join(kinds)) for text in texts]
    if len({one.kind for one in found}) > 1:
        raise TielineError(
            "different_kinds",
            "Some of these records name a person and some do not.",
            next_step="Name the ids of contacts, or those of accounts.",
        )
    seen: dict[str, str] = {}
    for text, one in zip(texts, found, strict=True):
        if one.id in seen:
            raise TielineError("same_twice", _same(one, seen[one.id], text.strip()))
        seen[one.id] = text.strip()
    return found


def moved(found: Sequence[Entity]) -> tuple[str, ...]:
    """A remark for each entity that was named by an id it no longer has."""
    return tuple(f"{one.asked} is {one} now." for one in found if one.asked)


def in_order(engine: Engine, record_ids: Sequence[str]) -> list[str]:
    """Record ids in the order in which they came, the oldest first."""
    listed = ", ".join(f"'{record}'" for record in record_ids)
    rows = _rows(
        engine, f"SELECT record_id FROM records WHERE record_id IN ({listed}) ORDER BY arrival"
    )
    return [row["record_id"] for row in rows]


def record_names(engine: Engine, record_ids: Sequence[str]) -> dict[str, str]:
    """Source and row of records, as a reader finds them."""
    if not record_ids:
        return {}
    listed = ", ".join(f"'{record}'" for record in record_ids)
    rows = _rows(
        engine,
        f"SELECT record_id, source, row_number FROM record_entities WHERE record_id IN ({listed})",
    )
    return {row["record_id"]: f"{row['source']}:{row['row_number']}" for row in rows}


def _same(one: Entity, first: str, second: str) -> str:
    if first.upper() == second.upper():
        return f"{first} is named twice."
    return f"{first} and {second} are the same {one.kind} already: {one}."


def _by_id(engine: Engine, text: str) -> Entity:
    kind = KINDS[text[0]]
    found = _found(engine, kind, text)
    if found is None:
        rows = _rows(
            engine,
            f"SELECT new_id FROM redirects WHERE kind = '{kind}' AND old_id = '{text}'",
        )
        found = _found(engine, kind, rows[0]["new_id"], asked=text) if rows else None
    if found is None:
        raise _unknown(text)
    return found


def _found(engine: Engine, kind: str, entity_id: str, asked: str = "") -> Entity | None:
    rows = _rows(
        engine,
        f"SELECT {_LABELS[kind]} AS label FROM {kind}s WHERE {kind}_id = '{entity_id}'",
    )
    if not rows:
        return None
    records = _rows(
        engine,
        "SELECT r.record_id FROM record_entities e JOIN records r USING (record_id) "
        f"WHERE e.{kind}_id = '{entity_id}' ORDER BY r.arrival",
    )
    ids = tuple(row["record_id"] for row in records)
    return Entity(kind, entity_id, rows[0]["label"] or "", ids, asked)


def _unknown(text: str) -> TielineError:
    return TielineError(
        "unknown_id",
        f"There is no contact, site, account or record {text!r} in the current snapshot.",
        next_step="Ids stand in the first column of: tieline show contacts (or sites, accounts).",
    )


def _rows(engine: Engine, select: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.dicts(select)
    return rows
