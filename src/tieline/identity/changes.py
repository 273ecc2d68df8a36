"""What differs between two snapshots, as a feed that another system can follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from tieline.engine.content import compare
from tieline.engine.duck import DuckEngine
from tieline.engine.tables import quoted

ENTITIES = ("contact", "site", "account")
RELATIONS = {
    "responses": "response_id",
    "touches": "touch_id",
    "opportunities": "opportunity_id",
    "notes": "note_id",
}
"""What is attached to entities: table and key."""
CHANGES = {
    "created": "an entity that was not there; what it is follows as values",
    "merged": "the id is no longer in use; its records are with other_id now",
    "split": "a new entity out of records that were with other_id",
    "ended": "the id is no longer in use, and its records are gone",
    "moved": "a contact or site belongs elsewhere, or a relation to another entity: see field",
    "value_changed": "a field has another value",
}
"""Every kind of change in words."""

_PLACES = ("account_id", "site_id", "contact_id")

SCHEMA = pa.schema(
    [
        ("entity", pa.string()),
        ("id", pa.string()),
        ("change", pa.string()),
        ("other_id", pa.string()),
        ("field", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
    ]
)


@dataclass(frozen=True)
class Followed:
    """A table of figures that the feed follows: its keys, and the columns told (all if none)."""

    keys: tuple[str, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Side:
    """One of two snapshots: the Parquet files or folders of its tables, by name.

    Of a table that both have in parts it is enough to name the parts that differ.
    """

    tables: Mapping[str, tuple[Path, ...]]


def changes(
    engine: DuckEngine,
    before: Side,
    after: Side,
    figures: Mapping[str, Followed] | None = None,
) -> pa.Table:
    """One row per change from one snapshot to the other, in a fixed order.

    Columns: `entity` (contact, site, account, or the table of a relation), `id` (its key),
    `change` (see CHANGES), `other_id` (merged into, split from), `field`, `before` and `after` (as
    text; NULL for none). A created or split entity comes with all its values, so that who applies
    every row in order to a copy of the earlier tables gets the later ones. Of tables of `figures`
    every followed value that differs is told, under the key's values joined by "/".
    """
    selects = []
    _show(engine, "redirects", before, after, "_followed_redirects")
    for entity in ENTITIES:
        selects += _entity(engine, entity, before, after)
    for table, key in RELATIONS.items():
        if _load(engine, table, before, after, f"_followed_{table}"):
            selects.append(_moved(engine, table, key, f"_followed_{table}"))
    for table, followed in (figures or {}).items():
        if _load(engine, table, before, after, f"_followed_{table}"):
            selects += _figures(engine, table, followed, f"_followed_{table}")
    if not selects:
        return SCHEMA.empty_table()
    found = engine.arrow(
        f"SELECT * FROM ({' UNION ALL '.join(selects)}) "
        "ORDER BY entity, id, change, field, before, after"
    )
    return found.cast(SCHEMA)


def _load(engine: DuckEngine, table: str, before: Side, after: Side, name: str) -> bool:
    """Make `before<name>` and `after<name>` of the rows in which the sides differ.

    False where neither side has the table. Where a column came or went, all rows differ.
    """
    if not _show(engine, table, before, after, f"_all{name}"):
        return False
    sides = {"before": f"before_all{name}", "after": f"after_all{name}"}
    if engine.columns(sides["before"]) == engine.columns(sides["after"]):
        compare(engine, sides["before"], sides["after"], name)
        differing = {"before": f"__removed_{name}", "after": f"__added_{name}"}
        # Without a row that differs, none of the two was made.
        sides = {
            side: rows if rows in engine.names() else f"{sides[side]} WHERE false"
            for side, rows in differing.items()
        }
    for side, rows in sides.items():
        engine.create(f"{side}{name}", f"SELECT * FROM {rows}")
    return True


def _show(engine: DuckEngine, table: str, before: Side, after: Side, name: str) -> bool:
    """Make `before<name>` and `after<name>` readable; False where neither side has the table."""
    sides = {"before": before.tables.get(table), "after": after.tables.get(table)}
    there = next((files for files in sides.values() if files), None)
    if there is None:
        return False
    for side, files in sides.items():
        if files:
            engine.read_files(f"{side}{name}", files)
        else:  # all of its rows are on the other side only
            engine.read_files(f"{side}{name}_form", there[:1])
            engine.create(f"{side}{name}", f"SELECT * FROM {side}{name}_form WHERE false")
    return True


def _entity(engine: DuckEngine, entity: str, before: Side, after: Side) -> list[str]:
    name, key = f"_followed_{entity}s", f"{entity}_id"
    if not _load(engine, f"{entity}s", before, after, name):
        return []
    told = (
        "SELECT '{entity}' AS entity, {id} AS id, {change} AS change, {other} AS other_id, "
        "NULL::VARCHAR AS field, NULL::VARCHAR AS before, NULL::VARCHAR AS after"
    )
    gone = (
        told.format(
            entity=entity,
            id=f"b.{key}",
            change="CASE WHEN r.new_id IS NULL THEN 'ended' ELSE 'merged' END",
            other="r.new_id",
        )
        + f" FROM before{name} b ANTI JOIN after{name} a USING ({key}) "
        f"LEFT JOIN after_followed_redirects r ON r.kind = '{entity}' AND r.old_id = b.{key}"
    )
    new = (
        told.format(
            entity=entity,
            id=f"a.{key}",
            change="CASE WHEN r.new_id IS NULL THEN 'created' ELSE 'split' END",
            other="r.new_id",
        )
        + f" FROM after{name} a ANTI JOIN before{name} b USING ({key}) "
        f"LEFT JOIN before_followed_redirects r ON r.kind = '{entity}' AND r.old_id = a.{key}"
    )
    values = [
        f"SELECT '{entity}' AS entity, a.{key} AS id, "
        f"'{'moved' if field in _PLACES else 'value_changed'}' AS change, "
        f"NULL::VARCHAR AS other_id, '{field}' AS field, b.{quoted(field)}::VARCHAR AS before, "
        f"a.{quoted(field)}::VARCHAR AS after "
        f"FROM after{name} a LEFT JOIN before{name} b USING ({key}) "
        f"WHERE a.{quoted(field)} IS DISTINCT FROM b.{quoted(field)}"
        for field in engine.columns(f"after{name}")
        if field != key
    ]
    return [gone, new, *values]


def _figures(engine: DuckEngine, table: str, followed: Followed, name: str) -> list[str]:
    """The values of a table of figures that differ, each with the row it stands in."""
    keys = followed.keys
    id_ = " || '/' || ".join(f"coalesce(a.{key}, b.{key})" for key in keys)
    both = set(engine.columns(f"before{name}"))
    return [
        f"SELECT '{table}' AS entity, {id_} AS id, 'value_changed' AS change, "
        f"NULL::VARCHAR AS other_id, '{field}' AS field, b.{quoted(field)}::VARCHAR AS before, "
        f"a.{quoted(field)}::VARCHAR AS after "
        f"FROM after{name} a FULL JOIN before{name} b USING ({', '.join(keys)}) "
        f"WHERE a.{quoted(field)} IS DISTINCT FROM b.{quoted(field)}"
        for field in engine.columns(f"after{name}")
        if field not in keys and field in both and field in (followed.columns or both)
    ]


def _moved(engine: DuckEngine, table: str, key: str, name: str) -> str:
    """The relations that are attached to another contact, site or account, or are new or gone."""
    places = [place for place in _PLACES if place in engine.columns(f"after{name}")]
    moved = [
        f"SELECT '{table}' AS entity, coalesce(a.{key}, b.{key}) AS id, "
        f"CASE WHEN b.{key} IS NULL THEN 'created' WHEN a.{key} IS NULL THEN 'ended' "
        "ELSE 'moved' END AS change, NULL::VARCHAR AS other_id, "
        f"'{place}' AS field, b.{place} AS before, a.{place} AS after "
        f"FROM after{name} a FULL JOIN before{name} b USING ({key}) "
        f"WHERE a.{place} IS DISTINCT FROM b.{place}"
        for place in places
    ]
    return " UNION ALL ".join(moved)
