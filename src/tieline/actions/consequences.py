"""What a judgement changes, as a person wants to know it before saying yes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from tieline.actions.two_sides import two_sides
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import Engine
from tieline.identity.change_feed import differing
from tieline.identity.changes import RELATIONS, changes

MOST_GROUPS = 50
"""An account's merge can move hundreds of sites; more than this are counted, not listed."""
MOST_EXAMPLES = 5

_COUNTS = {"records", "sources", "sites", "contacts", "accounts"}
"""Columns that say no more than which records there are."""
_LABELS = {
    "contact": "coalesce(full_name, email, phone)",
    "site": "address",
    "account": "name",
}
_TELLING = ("occurred_at", "kind", "medium", "topic", "campaign", "name", "stage", "text")
"""Columns of touches, responses, opportunities and notes that a reader knows one by."""


@dataclass(frozen=True)
class Part:
    """One entity on one side: its id, label and records by source and row."""

    id: str
    label: str
    records: tuple[str, ...]


@dataclass(frozen=True)
class Regrouping:
    """Entities of one kind among which records move: as they are, and as they will be."""

    kind: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]


@dataclass(frozen=True)
class ValueChange:
    """One field of an entity that is there on both sides; of an id, with the label behind it."""

    id: str
    label: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Move:
    """Relations of one table that go from one entity to another, and some of them in words."""

    table: str
    before: str | None
    after: str | None
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Consequences:
    """All that differs between two snapshots.

    `regrouped` lists at most MOST_GROUPS a kind, `groups` counts all; `fates` are (status before,
    after, records); `consents` are (row before, after) of what one may write to whom; `funnel` are
    (step, records before, after).
    """

    regrouped: tuple[Regrouping, ...]
    groups: dict[str, int]
    values: tuple[ValueChange, ...]
    moves: tuple[Move, ...]
    consents: tuple[tuple[dict[str, Any] | None, dict[str, Any] | None], ...]
    fates: tuple[tuple[str | None, str | None, int], ...]
    funnel: tuple[tuple[str, int, int], ...]

    def __bool__(self) -> bool:
        return bool(self.regrouped or self.values or self.moves or self.consents or self.fates)


def consequences(before: Snapshot, after: Snapshot) -> Consequences:
    """Compare two snapshots; equal ones have none."""
    if before.id == after.id:
        return Consequences((), {}, (), (), (), (), ())
    with two_sides(before, after) as engine:
        regrouped, groups = [], {}
        for kind in _LABELS:
            found = _regrouped(engine, kind)
            groups[kind] = len(found)
            regrouped += found[:MOST_GROUPS]
        feed = changes(engine, *differing(before, after)).to_pylist()
        return Consequences(
            tuple(regrouped),
            groups,
            _values(engine, feed),
            _moves(engine, feed, after),
            _consents(engine, before, after),
            _fates(engine),
            _funnel(engine),
        )


def _regrouped(engine: Engine, kind: str) -> list[Regrouping]:
    """The families of entities that exchange records, those with most records first."""
    key = f"{kind}_id"
    moved = _rows(
        engine,
        f"SELECT DISTINCT b.{key} AS before, a.{key} AS after FROM before_record_entities_part b "
        f"FULL JOIN after_record_entities_part a USING (record_id) "
        f"WHERE b.{key} IS DISTINCT FROM a.{key}",
    )
    if not moved:
        return []
    # An entity that keeps its id may gain or lose records: it stands on both sides.
    ids = {row[side] for row in moved for side in ("before", "after") if row[side]}
    both = {side: _members(engine, kind, side, ids) for side in ("before", "after")}
    family: dict[str, str] = {one: one for one in ids}

    def root(one: str) -> str:
        while family[one] != one:
            family[one] = family[family[one]]
            one = family[one]
        return one

    for row in moved:
        if row["before"] and row["after"]:
            family[root(row["before"])] = root(row["after"])
    parts: dict[str, dict[str, list[Part]]] = defaultdict(lambda: {"before": [], "after": []})
    for side, members in both.items():
        for part in members:
            parts[root(part.id)][side].append(part)
    found = [Regrouping(kind, tuple(p["before"]), tuple(p["after"])) for p in parts.values()]
    return sorted(found, key=lambda g: (-sum(len(p.records) for p in g.after), g.after or g.before))


def _members(engine: Engine, kind: str, side: str, ids: set[str]) -> list[Part]:
    key, listed = f"{kind}_id", ", ".join(f"'{one}'" for one in sorted(ids))
    rows = _rows(
        engine,
        f"SELECT e.{key} AS id, any_value(n.label) AS label, "
        "list(e.source || ':' || e.row_number ORDER BY e.source, e.row_number) AS records "
        f"FROM {side}_record_entities e "
        f"JOIN (SELECT {key}, {_LABELS[kind]} AS label FROM {side}_{kind}s) n USING ({key}) "
        f"WHERE e.{key} IN ({listed}) GROUP BY 1 ORDER BY 1",
    )
    return [Part(row["id"], row["label"] or "", tuple(row["records"])) for row in rows]


def _values(engine: Engine, feed: list[dict[str, Any]]) -> tuple[ValueChange, ...]:
    """What becomes of the fields of entities that stay; who is new shows in the groups."""
    fresh = {row["id"] for row in feed if row["change"] in ("created", "split")}
    told = [
        row
        for row in feed
        if row["change"] in ("value_changed", "moved")
        and row["entity"] in _LABELS
        and row["id"] not in fresh
        and row["field"] not in _COUNTS
    ]
    places = [row for row in told if row["change"] == "moved"]
    labels = _labels(
        engine, {row["id"] for row in told} | {row["after"] for row in places}, "after"
    )
    earlier = _labels(engine, {row["before"] for row in places}, "before")
    for row in places:
        row["before"] = _named(row["before"], earlier)
        row["after"] = _named(row["after"], labels)
    return tuple(
        ValueChange(row["id"], labels.get(row["id"], ""), row["field"], row["before"], row["after"])
        for row in sorted(
            told, key=lambda row: (row["entity"] != "contact", row["entity"], row["id"])
        )
    )


def _labels(engine: Engine, ids: set[str | None], side: str) -> dict[str, str]:
    """What a reader knows entities by; the first letter of an id is that of its kind."""
    labels = {}
    for kind, label in _LABELS.items():
        own = sorted(one for one in ids if one and one[0].lower() == kind[0])
        if own:
            listed = ", ".join(f"'{one}'" for one in own)
            for row in _rows(
                engine,
                f"SELECT {kind}_id AS id, {label} AS label FROM {side}_{kind}s "
                f"WHERE {kind}_id IN ({listed})",
            ):
                labels[row["id"]] = row["label"] or ""
    return labels


def _named(one: str | None, labels: dict[str, str]) -> str | None:
    return f"{one} ({labels[one]})" if one and labels.get(one) else one


def _moves(engine: Engine, feed: list[dict[str, Any]], after: Snapshot) -> tuple[Move, ...]:
    """Relations by table and by where they come from and go to, contacts before accounts."""
    found: dict[tuple[str, str, str | None, str | None], list[str]] = defaultdict(list)
    for row in feed:
        if row["entity"] in RELATIONS and row["change"] in ("moved", "created", "ended"):
            found[row["entity"], row["field"], row["before"], row["after"]].append(row["id"])
    order = ("contact_id", "site_id", "account_id")
    moves = []
    for (table, _, one, other), ids in sorted(
        found.items(), key=lambda item: (item[0][0], order.index(item[0][1]), str(item[0][2:]))
    ):
        examples = _examples(engine, table, sorted(ids)[:MOST_EXAMPLES], after)
        moves.append(Move(table, one, other, len(ids), examples))
    return tuple(moves)


def _examples(engine: Engine, table: str, ids: list[str], after: Snapshot) -> tuple[str, ...]:
    side = "after" if table in after.tables else "before"
    columns = [name for name in _TELLING if name in engine.columns(f"{side}_{table}")]
    if not columns:
        return tuple(ids)
    texts = ", ".join(f"{name}::VARCHAR" for name in columns)
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in ids)
    rows = _rows(
        engine,
        f"SELECT concat_ws(', ', {texts}) AS text FROM {side}_{table} "
        f"WHERE {RELATIONS[table]} IN ({listed}) ORDER BY 1",
    )
    return tuple(row["text"] for row in rows)


def _consents(
    engine: Engine, before: Snapshot, after: Snapshot
) -> tuple[tuple[dict[str, Any] | None, dict[str, Any] | None], ...]:
    """What one may write to whom, where that becomes another: the rows of `consents`."""
    if "consents" not in before.tables or "consents" not in after.tables:
        return ()
    key = "contact_id, purpose, channel"
    rows = _rows(
        engine,
        "SELECT 'before' AS side, * FROM (SELECT * FROM before_consents_part EXCEPT "
        "SELECT * FROM after_consents_part) UNION ALL SELECT 'after', * FROM (SELECT * FROM "
        f"after_consents_part EXCEPT SELECT * FROM before_consents_part) ORDER BY {key}, side",
    )
    pairs: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        pairs[row["contact_id"], row["purpose"], row["channel"]][row.pop("side")] = row
    return tuple((pair.get("before"), pair.get("after")) for pair in pairs.values())


def _fates(engine: Engine) -> tuple[tuple[str | None, str | None, int], ...]:
    rows = _rows(
        engine,
        "SELECT b.status AS before, a.status AS after, count(*) AS records "
        "FROM before_record_entities_part b "
        "FULL JOIN after_record_entities_part a USING (record_id) "
        "WHERE b.status IS DISTINCT FROM a.status GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
    )
    return tuple((row["before"], row["after"], row["records"]) for row in rows)


def _funnel(engine: Engine) -> tuple[tuple[str, int, int], ...]:
    rows = _rows(
        engine,
        "SELECT step, b.records AS before, a.records AS after FROM before_funnel b "
        "JOIN after_funnel a USING (source, step) WHERE source = 'all' ORDER BY a.step_number",
    )
    if all(row["before"] == row["after"] for row in rows):
        return ()
    return tuple((row["step"], row["before"], row["after"]) for row in rows)


def _rows(engine: Engine, select: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.arrow(select).to_pylist()
    return rows
