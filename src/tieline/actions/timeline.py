"""Everything that happened with a contact, site or account, in the order of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tieline.actions.entities import Entity, entity, open_tables, record_id_of
from tieline.data.sql_text import literal
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.workspace import Workspace

Row = dict[str, Any]

TABLES = (
    "touches",
    "responses",
    "opportunities",
    "contact_positions",
    "notes",
    "identifier_contacts",
)
"""The snapshot tables a timeline is told from, beside those that ids are looked up in."""


@dataclass(frozen=True)
class Moment:
    """One thing that happened.

    `what` is touch, response, opportunity, position or note; `at` its time in UTC, None where the
    source tells none. `kind`, `topic`, `campaign` and `medium` are as in the tables `touches` and
    `responses`, `contact` is the contact's name; of an opportunity, `topic` is its name and `kind`
    its stage. `attached` says in words how it is known whose it is; `source` and `row_number` where
    that stands.
    """

    at: dt.datetime | None
    what: str
    id: str
    contact_id: str | None
    contact: str | None
    account_id: str | None
    kind: str | None
    topic: str | None
    campaign: str | None
    medium: str | None
    attached: str
    source: str | None
    row_number: int | None


@dataclass(frozen=True)
class Timeline:
    """The newest moments of an entity, oldest of them first; `total` of how many."""

    entity: Entity
    moments: tuple[Moment, ...]
    total: int


def timeline(workspace: Workspace, which: str, *, limit: int = 50) -> Timeline:
    """Tell what happened with the entity that an id or a record names.

    Raises what `entities.entity` does where there is none.
    """
    with open_tables(workspace, *TABLES) as (_, engine):
        return timeline_of(engine, _meant(engine, which), limit=limit)


def timeline_of(engine: Engine, found: Entity, *, limit: int = 50) -> Timeline:
    """Tell what happened with an entity, from an engine that can read the tables.

    Many small statements without a join: one of all would take longer to plan than these to run.
    """
    where = f"{found.kind}_id = {literal(found.id)}"
    activities = engine.dicts(
        f"SELECT *, count(*) OVER () AS total FROM ({_activities(where)}) "
        f'ORDER BY "at" DESC NULLS LAST, what, id LIMIT {int(limit)}'
    )
    others = [*_deals(engine, where), *_positions(engine, where), *_notes(engine, where)]
    rows = sorted([*activities, *others], key=lambda row: (row["what"], row["id"]))
    # Stable: what happened at the same time keeps the order above.
    rows.sort(key=lambda row: (row["at"] is not None, row["at"] or _EARLY), reverse=True)
    shown = rows[: int(limit)]
    _name(engine, shown)
    moments = [Moment(**{n: row[n] for n in Moment.__dataclass_fields__}) for row in shown]
    total = len(others) + (activities[0]["total"] if activities else 0)
    return Timeline(found, tuple(reversed(moments)), total)


def _meant(engine: Engine, which: str) -> Entity:
    """The entity; a row of a log stands for the contact or account it was attached to."""
    try:
        return entity(engine, which)
    except TielineError as problem:
        record = record_id_of(engine, which) if problem.code == "names_nobody" else None
        if record is None:
            raise
        attached = " UNION ALL ".join(
            f"SELECT coalesce(contact_id, account_id) AS id FROM {table} "
            f"WHERE record_id = '{record}'"
            for table in ("touches", "responses", "opportunities")
        )
        rows = engine.dicts(f"SELECT id FROM ({attached}) WHERE id IS NOT NULL")
        if not rows:
            raise
        return entity(engine, rows[0]["id"])


_EARLY = dt.datetime.min


def _activities(where: str) -> str:
    """Touches and responses, with what they are attached by."""
    return " UNION ALL ".join(
        f"SELECT occurred_at AS \"at\", '{what}' AS what, {what}_id AS id, contact_id, account_id, "
        "kind, topic, campaign, medium, attached_by, attached_value, source, row_number "
        f"FROM {table} WHERE {where}"
        for what, table in (("touch", "touches"), ("response", "responses"))
    )


def _deals(engine: Engine, where: str) -> list[Row]:
    """When each opportunity was opened, and when it closed or should."""
    told = (
        "concat_ws(', ', {}, stage, CASE WHEN amount IS NOT NULL THEN "
        "concat_ws(' ', CAST(round(amount, 2) AS VARCHAR), currency) END)"
    )
    closing = "CASE outcome WHEN 'open' THEN 'expected to close' ELSE outcome END"
    found = engine.dicts(
        "SELECT opportunity_id AS id, contact_id, account_id, created_at, "
        f"CAST(closed_at AS TIMESTAMP) AS closed_at, {told.format(literal('opened'))} AS opened, "
        f"{told.format(closing)} AS closed, name AS topic, CASE WHEN attached_by = 'record' "
        "THEN 'the row names it' ELSE concat_ws(' ', attached_by, attached_value) END AS attached, "
        f"source, row_number FROM opportunities WHERE {where}"
    )
    return [
        {**row, **_NO_CAMPAIGN, "what": "opportunity", "at": row[at], "kind": row[says]}
        for row in found
        for at, says in (("created_at", "opened"), ("closed_at", "closed"))
        if row[at] is not None
    ]


def _positions(engine: Engine, where: str) -> list[Row]:
    found = engine.dicts(
        'SELECT CAST(first_seen_at AS TIMESTAMP) AS "at", contact_id || account_id AS id, '
        "contact_id, account_id, place, records FROM contact_positions "
        f"WHERE {where}"
    )
    # Not asked for: with a second condition no index would be looked into.
    found = [row for row in found if row["at"] is not None]
    names = _texts(engine, "accounts", "account_id", "name", [row["account_id"] for row in found])
    return [
        {
            **row,
            **_NO_CAMPAIGN,
            **_NO_ROW,
            "what": "position",
            "kind": "works at" if row["place"] == 1 else "worked at",
            "topic": names.get(row["account_id"]),
            "attached": f"{row['records']} "
            + ("record says so" if row["records"] == 1 else "records say so"),
        }
        for row in found
    ]


def _notes(engine: Engine, where: str) -> list[Row]:
    found = engine.dicts(
        'SELECT CAST(made_at AS TIMESTAMP) AS "at", note_id AS id, contact_id, account_id, '
        f"text AS topic, 'written by ' || made_by AS attached FROM notes WHERE {where}"
    )
    return [{**row, **_NO_CAMPAIGN, **_NO_ROW, "what": "note", "kind": None} for row in found]


_NO_CAMPAIGN: Row = {"campaign": None, "medium": None}
_NO_ROW: Row = {"source": None, "row_number": None}


def _name(engine: Engine, rows: list[Row]) -> None:
    """Add to each row who the contact is, and to activities how that is known."""
    label = "coalesce(full_name, email)"
    names = _texts(engine, "contacts", "contact_id", label, [row["contact_id"] for row in rows])
    values = {row["attached_value"] for row in rows if row.get("attached_value")}
    known = {
        (one["scheme"], one["value"]): one
        for one in (
            engine.dicts(
                "SELECT scheme, value, evidence, times FROM identifier_contacts "
                f"WHERE value IN ({_listed(values)})"
            )
            if values
            else ()
        )
    }
    for row in rows:
        row["contact"] = names.get(row["contact_id"])
        if "attached_by" in row:
            how = known.get((row["attached_by"], row["attached_value"]))
            row["attached"] = _attached(row["attached_by"], row["attached_value"], how)


def _attached(by: str, value: str | None, how: Row | None) -> str:
    """In words, how it is known whose a touch or response is; `how` tells of the identifier."""
    if by == "record":
        return "the row names them"
    if by == "account":
        return f"only the company is known by {value}" if value else "the row names the company"
    told = f"{by} {value}"
    if how is None:
        return told
    if how["evidence"] == "records":
        return f"{told}, on {how['times']} record{'s' * (how['times'] != 1)} of theirs"
    times = f"{how['times']} time{'s' * (how['times'] != 1)}"
    return f"{told}, seen together with their {how['evidence']} {times}"


def _texts(
    engine: Engine, table: str, key: str, text: str, ids: Iterable[str | None]
) -> dict[str | None, str]:
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    rows = engine.dicts(
        f"SELECT {key}, {text} AS text FROM {table} WHERE {key} IN ({_listed(wanted)})"
    )
    return {row[key]: row["text"] for row in rows}


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(literal(one) for one in sorted(ids))
