"""Everything that happened with a contact, site or account, in the order of time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tieline.actions.entities import Entity, entity, open_tables, record_id_of
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.workspace import Workspace

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
    """Tell what happened with an entity, from an engine that can read the tables."""
    told = " UNION ALL ".join(_selects(found))
    rows = engine.arrow(
        "SELECT m.*, coalesce(c.full_name, c.email) AS contact, count(*) OVER () AS total "
        f"FROM ({told}) m LEFT JOIN contacts c ON c.contact_id = m.contact_id "
        f'ORDER BY m."at" DESC NULLS LAST, m.what, m.id LIMIT {int(limit)}'
    ).to_pylist()
    moments = [Moment(**{n: row[n] for n in Moment.__dataclass_fields__}) for row in rows]
    return Timeline(found, tuple(reversed(moments)), rows[0]["total"] if rows else 0)


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
        rows = engine.arrow(f"SELECT id FROM ({attached}) WHERE id IS NOT NULL").to_pylist()
        if not rows:
            raise
        return entity(engine, rows[0]["id"])


def _selects(found: Entity) -> list[str]:
    """The moments of each table, with the columns of `Moment`."""
    where = f"{found.kind}_id = '{found.id}'"
    activities = [
        f"SELECT t.occurred_at AS \"at\", '{what}' AS what, t.{what}_id AS id, t.contact_id, "
        f"t.account_id, t.kind, t.topic, t.campaign, t.medium, {_ATTACHED} AS attached, "
        f"t.source, t.row_number FROM {table} t LEFT JOIN identifier_contacts i "
        f"ON i.scheme = t.attached_by AND i.value = t.attached_value WHERE t.{where}"
        for what, table in (("touch", "touches"), ("response", "responses"))
    ]
    moments = (
        ("created_at", "'opened'"),
        (
            "CAST(closed_at AS TIMESTAMP)",
            "CASE outcome WHEN 'open' THEN 'expected to close' ELSE outcome END",
        ),
    )
    deals = [
        f"SELECT {at}, 'opportunity', opportunity_id, contact_id, account_id, "
        f"concat_ws(', ', {said}, stage, CASE WHEN amount IS NOT NULL THEN "
        "concat_ws(' ', CAST(round(amount, 2) AS VARCHAR), currency) END), "
        "name, NULL, NULL, CASE WHEN attached_by = 'record' THEN 'the row names it' "
        "ELSE concat_ws(' ', attached_by, attached_value) END, source, row_number "
        f"FROM opportunities WHERE {where} AND {at} IS NOT NULL"
        for at, said in moments
    ]
    return [*activities, *deals, _positions(where), _notes(where)]


_ATTACHED = """CASE
  WHEN t.attached_by = 'record' THEN 'the row names them'
  WHEN t.attached_by = 'account' AND t.attached_value IS NULL THEN 'the row names the company'
  WHEN t.attached_by = 'account' THEN 'only the company is known by ' || t.attached_value
  WHEN i.evidence = 'records' THEN t.attached_by || ' ' || t.attached_value || ', on '
    || i.times || CASE WHEN i.times = 1 THEN ' record' ELSE ' records' END || ' of theirs'
  ELSE t.attached_by || ' ' || t.attached_value || ', seen together with their '
    || i.evidence || ' ' || i.times || CASE WHEN i.times = 1 THEN ' time' ELSE ' times' END
END"""


def _positions(where: str) -> str:
    return (
        "SELECT CAST(p.first_seen_at AS TIMESTAMP), 'position', p.contact_id || p.account_id, "
        "p.contact_id, p.account_id, "
        "CASE WHEN p.place = 1 THEN 'works at' ELSE 'worked at' END, a.name, NULL, NULL, "
        "p.records || CASE WHEN p.records = 1 THEN ' record says so' ELSE ' records say so' END, "
        "NULL, NULL FROM contact_positions p LEFT JOIN accounts a ON a.account_id = p.account_id "
        f"WHERE p.{where} AND p.first_seen_at IS NOT NULL"
    )


def _notes(where: str) -> str:
    return (
        "SELECT made_at, 'note', note_id, contact_id, account_id, NULL, text, NULL, NULL, "
        f"'written by ' || made_by, NULL, NULL FROM notes WHERE {where}"
    )
