"""What forgetting a person would remove, worked out on the current snapshot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from tieline.actions.erasure.values import Values, rows_with, values_of
from tieline.data import erasure_keys
from tieline.data.erasure_keys import EMAIL, IDENTIFIER, Key
from tieline.engine.tables import Engine, Table, quoted

TABLES = (
    "records",
    "record_entities",
    "standard_records",
    "record_identifiers",
    "identifier_contacts",
    "redirects",
)
"""The snapshot tables a plan is made from, beside those that say what a contact did."""
ACTIVITIES = ("responses", "touches", "opportunities")
"""Tables whose rows belong to a contact, also where the record itself names nobody."""


Row = Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """What would be removed, without what is not known before the erasure itself.

    `ids` are the contact's id and those it had, `records` the person's record ids; `also` further
    records that are theirs by the same address or identifier and no other name, or unreadable rows
    that hold their values; `by_source` counts both. `keys` become tombstones; `shared_keys` counts
    by kind those that do not, as others have them too. `other_contacts` have rows among `also`;
    `sharing` keep an address or identifier of the person and should be looked at. `values` is what
    the scan looks for.
    """

    contact: str
    ids: tuple[str, ...]
    records: tuple[str, ...]
    also: tuple[str, ...]
    by_source: Mapping[str, int]
    rows: Mapping[str, tuple[int, ...]]
    keys: frozenset[Key]
    shared_keys: Mapping[str, int]
    other_contacts: tuple[str, ...]
    sharing: tuple[str, ...]
    values: Values = field(repr=False)

    @property
    def all_records(self) -> tuple[str, ...]:
        """Every record id that goes."""
        return (*self.records, *self.also)


def plan(engine: Engine, contact: str, records: Sequence[str], *, whole: bool = True) -> Plan:
    """Work out what forgetting these records of a contact takes.

    `engine` reads the tables of a snapshot; `whole` says that all of the contact's records go, so
    that the identifiers that lead to the contact go with them. What somebody else has as well
    becomes no tombstone, or only together with the name: nobody else vanishes with the person.
    """
    own = set(records)
    standard = _standard(engine, _listed(own))
    candidates = [row for row in _sharing(engine, standard) if row["record_id"] not in own]
    names = _identifiers(engine, [row["record_id"] for row in (*standard, *candidates)])
    also = _also(standard, candidates, names) if whole else set()
    own |= also
    keys: set[Key] = set()
    for row in standard + [row for row in candidates if row["record_id"] in also]:
        keys |= erasure_keys.keys_of(row, names[row["record_id"]])
    led = _leading(engine, contact) if whole else []
    keys |= set(led)
    others = [row for row in candidates if row["record_id"] not in own]
    kept = _held_by_others(keys, others, names)
    values, unreadable = _values(engine, own, standard, led)
    also |= unreadable
    own |= unreadable
    places = _rows(
        engine,
        "SELECT source, row_number, contact_id, record_id FROM record_entities "
        f"WHERE record_id IN ({_listed(own)}) ORDER BY source, row_number",
    )
    rows: dict[str, list[int]] = defaultdict(list)
    for place in places:
        rows[place["source"]].append(place["row_number"])
    return Plan(
        contact=contact,
        ids=_ids(engine, contact) if whole else (),
        records=tuple(records),
        also=tuple(sorted(also)),
        by_source={source: len(numbers) for source, numbers in rows.items()},
        rows={source: tuple(numbers) for source, numbers in rows.items()},
        keys=frozenset(keys - kept),
        shared_keys=dict(sorted(Counter(kind for kind, _ in kept).items())),
        other_contacts=tuple(
            sorted({p["contact_id"] for p in places if p["contact_id"]} - {contact})
        ),
        sharing=_sharing_contacts(engine, kept, others, names, contact),
        values=values,
    )


def _also(
    standard: Sequence[Row], candidates: Sequence[Row], names: Mapping[str, list[tuple[str, str]]]
) -> set[str]:
    """Records of nobody else: the same own address or identifier, and the same name or none."""
    forms = {form for row in standard for form in erasure_keys.name_forms(row)}
    strong = {
        key
        for row in standard
        for key in erasure_keys.keys_of(row, names[row["record_id"]])
        if key[0] in (EMAIL, IDENTIFIER)
    }
    found = set()
    for row in candidates:
        keys = erasure_keys.keys_of(row, names[row["record_id"]])
        same_name = not row["name_key"] or forms.intersection(erasure_keys.name_forms(row))
        if strong & keys and same_name:
            found.add(row["record_id"])
    return found


def _held_by_others(
    keys: set[Key], others: Iterable[Row], names: Mapping[str, list[tuple[str, str]]]
) -> set[Key]:
    """The keys that would catch a row of somebody else."""
    held: set[Key] = set()
    for row in others:
        theirs = erasure_keys.keys_of(row, names[row["record_id"]])
        held |= keys.intersection(erasure_keys.catching(row, theirs))
        # A number that somebody else has is no number of this person's alone.
        held |= {key for key in keys & theirs if key[0] == erasure_keys.PHONE}
    return held


def _sharing_contacts(
    engine: Engine,
    kept: set[Key],
    others: Iterable[Row],
    names: Mapping[str, list[tuple[str, str]]],
    contact: str,
) -> tuple[str, ...]:
    strong = {key for key in kept if key[0] in (EMAIL, IDENTIFIER)}
    holding = [
        row["record_id"]
        for row in others
        if strong & erasure_keys.keys_of(row, names[row["record_id"]])
    ]
    found = _rows(
        engine,
        "SELECT DISTINCT contact_id FROM record_entities WHERE contact_id IS NOT NULL "
        f"AND record_id IN ({_listed(holding)})",
    )
    return tuple(sorted({row["contact_id"] for row in found} - {contact}))


def _values(
    engine: Engine, own: set[str], standard: Sequence[Row], led: Sequence[Key]
) -> tuple[Values, set[str]]:
    """The person's distinctive values, and the unreadable rows that hold any of them."""
    listed = _listed(own)
    verbatim = [
        row["verbatim"] or ""
        for row in _rows(engine, f"SELECT verbatim FROM records WHERE record_id IN ({listed})")
    ]
    others = engine.arrow(
        f"SELECT verbatim FROM records WHERE unreadable IS NULL AND record_id NOT IN ({listed})"
    )["verbatim"]
    identifiers = _rows(
        engine,
        f"SELECT DISTINCT value FROM record_identifiers WHERE owner = 'person' "
        f"AND record_id IN ({listed}) AND value IS NOT NULL",
    )
    named = [row["value"].lower() for row in identifiers]
    named += [key[1].partition(":")[2].lower() for key in led if key[0] == IDENTIFIER]
    values = values_of(standard, verbatim, named, others)
    bad = engine.arrow(
        "SELECT record_id, verbatim FROM records WHERE unreadable IS NOT NULL "
        f"AND verbatim IS NOT NULL AND record_id NOT IN ({listed})"
    )
    hit = bad.filter(rows_with(bad["verbatim"].cast(pa.string()), values.patterns()))
    return values, set(hit["record_id"].to_pylist())


def _ids(engine: Engine, contact: str) -> tuple[str, ...]:
    found = _rows(
        engine,
        f"SELECT old_id FROM redirects WHERE kind = 'contact' AND new_id = '{contact}'",
    )
    return tuple(sorted({contact, *(row["old_id"] for row in found)}))


def _leading(engine: Engine, contact: str) -> list[Key]:
    """Addresses and identifiers that lead to the contact alone, also those seen in logs only."""
    found = _rows(
        engine,
        "SELECT scheme, value, nature FROM identifier_contacts "
        f"WHERE contact_id = '{contact}' AND state = 'own' ORDER BY ALL",
    )
    return [
        (EMAIL, row["value"]) if row["nature"] == "email"
        else (IDENTIFIER, f"{row['scheme']}:{row['value']}")
        for row in found
        if row["nature"] in ("email", "document", "handle", "device")
    ]  # fmt: skip


def _standard(engine: Engine, listed: str) -> list[dict[str, Any]]:
    columns = ", ".join(
        quoted(name) for name in (*erasure_keys.COLUMNS, "given_name", "family_name")
    )
    return _rows(
        engine,
        f"SELECT {columns} FROM standard_records WHERE record_id IN ({listed}) ORDER BY record_id",
    )


def _sharing(engine: Engine, standard: Sequence[Row]) -> list[dict[str, Any]]:
    """Every row that has an address, number, name or identifier of these rows."""
    conditions = []
    for group in (
        ("email_key", "email_2_key"),
        ("phone", "phone_2", "phone_3"),
        ("family_key",),
        ("name_key",),
    ):
        known = {row[name] for row in standard for name in group if row[name]}
        if known:
            conditions += [f"{name} IN ({_listed(known)})" for name in group]
    ids = _listed({row["record_id"] for row in standard})
    conditions.append(
        "record_id IN (SELECT o.record_id FROM record_identifiers i JOIN record_identifiers o "
        "ON o.scheme = i.scheme AND o.value = i.value AND o.owner = i.owner "
        f"WHERE i.owner = 'person' AND i.record_id IN ({ids}))"
    )
    columns = ", ".join(
        quoted(name) for name in (*erasure_keys.COLUMNS, "given_name", "family_name")
    )
    return _rows(
        engine,
        f"SELECT {columns} FROM standard_records WHERE {' OR '.join(conditions)} "
        "ORDER BY record_id",
    )


def _identifiers(engine: Engine, records: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """The person's (scheme, value) of each record."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(
        engine,
        "SELECT record_id, scheme, value FROM record_identifiers WHERE owner = 'person' "
        f"AND value IS NOT NULL AND record_id IN ({_listed(records)}) ORDER BY ALL",
    ):
        found[row["record_id"]].append((row["scheme"], row["value"]))
    return found


def activity_records(engine: Engine, tables: Iterable[str], contact: str) -> list[str]:
    """Records of what a contact did, also those that name nobody themselves."""
    found: set[str] = set()
    for name in ACTIVITIES:
        if name in tables and {"record_id", "contact_id"} <= set(Table(engine, name).columns()):
            found |= {
                row["record_id"]
                for row in _rows(
                    engine,
                    f"SELECT record_id FROM {name} WHERE contact_id = '{contact}' "
                    "AND record_id IS NOT NULL",
                )
            }
    return sorted(found)


def _listed(texts: Iterable[str]) -> str:
    """Texts as the inside of an SQL list; one that nothing equals where there are none."""
    return ", ".join("'" + text.replace("'", "''") + "'" for text in sorted(texts)) or "NULL"


def _rows(engine: Engine, select: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.arrow(select).to_pylist()
    return rows
