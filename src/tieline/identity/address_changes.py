"""What became of each change of address: who moved, and why somebody did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.move_matching import load_matches, same_place

REACHABLE = ("ok", "corrected", "unknown_place")
"""Verdicts of an address that somebody can have moved to."""
OUTCOMES = {
    "moved": "the new address is the current one",
    "earlier": "true once: a later change of address follows",
    "not_yet": "it holds from a later day than that on which the newest list came",
    "contradicted": "another row says a different address for the same day: neither counts",
    "several": "the row fits more than one of ours: nobody moves",
    "unknown": "the row fits nobody of ours",
    "no_new_address": "the row tells no new address",
    "bad_new_address": "the new address is incomplete or contradicts itself",
    "same_address": "the new address is the old one",
}
Row = dict[str, Any]


def address_changes(
    told_address_changes: Table,
    records: Table,
    standard_records: Table,
    record_entities: Table,
    redirects: Table,
    *,
    engine: Engine,
    newest_landing: date | None = None,
) -> pa.Table:
    """Each row of a change of address with whom it moves, or why it moves nobody.

    question: Whom did a change of address move, and which ones moved nobody?
    row: One site or contact that one row of a change of address names; one row where it names none.
    key: record_id, entity_id
    owner: marketer
    columns:
      record_id: The record.
      entity_id: The site or contact that it names; empty for nobody.
      account_id: The account the site or contact is at there.
      from_site_id: The site that is left.
      new_site_id: The site of the same account that the new address is; empty for a new place.
      site_id_now: That site after later changes; empty where the new address is no known site.
      move_type: individual, family or business.
      moved_on: The day from which the new address holds.
      full_name: Name of the person as the row writes it.
      company: Name of the company as the row writes it.
      old_address: The address moved from, in one line.
      new_address: The address moved to, in one line.
      outcome: What became of it (moved, earlier, not_yet, contradicted, several, unknown,
        no_new_address, bad_new_address, same_address).
      reason: The same in words.
      candidates: How many sites or contacts of ours the row fits.
      source: The name of the source.
      row_number: 1-based number of the data row in the source's file.
    """
    if not told_address_changes.rows():
        return pa.Table.from_pylist([], schema=_SCHEMA)
    load_matches(engine, told_address_changes, standard_records, record_entities, redirects)
    rows = engine.arrow(_told(records)).to_pylist()
    decided = decide(rows, newest_landing)
    return pa.Table.from_pylist([{n: row[n] for n in _SCHEMA.names} for row in decided], _SCHEMA)


def decide(rows: Iterable[Row], newest_landing: date | None = None) -> list[Row]:
    """The rows with their outcome; rows are (change, candidate), sorted in any way.

    A change that is announced for a day after `newest_landing`, when the newest list came, waits: a
    build asks no clock, and the next list that comes later than that day brings it into force.

    The newest change of an entity is in force, one without a day is older than all others. What
    contradicts another of the same day does not count, and the next older one is in force.
    """
    by_record: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_record[row["record_id"]].append(row)
    decided: list[Row] = []
    for record_id in sorted(by_record):
        decided += _one_change(by_record[record_id])
    by_entity: dict[str, list[Row]] = defaultdict(list)
    for row in decided:
        if row["outcome"] == "moved" and newest_landing and row["moved_on"]:
            row["outcome"] = "not_yet" if row["moved_on"] > newest_landing else "moved"
        if row["outcome"] == "moved":
            by_entity[row["entity_id"]].append(row)
    for moves in by_entity.values():
        _in_force(moves)
    _follow({e: m for e, moves in by_entity.items() for m in moves if m["outcome"] == "moved"})
    for row in decided:
        row["reason"] = row.get("why") or OUTCOMES[row["outcome"]]
    return decided


def _one_change(rows: list[Row]) -> list[Row]:
    """The outcome of one change by itself; nobody or several move nobody."""
    found = [row for row in rows if row["entity_id"] is not None]
    first = {**rows[0], "site_id_now": None, "candidates": len(found)}
    nobody = {"entity_id": None, "account_id": None, "from_site_id": None, "new_site_id": None}
    if first["new_address"] is None:
        return [{**first, **nobody, "outcome": "no_new_address"}]
    if first["new_address_verdict"] not in REACHABLE:
        why = f"the new address is not one to write to: {first['new_address_verdict']}"
        return [{**first, **nobody, "outcome": "bad_new_address", "why": why}]
    if first["is_same"]:
        return [{**first, **nobody, "outcome": "same_address"}]
    if not found:
        return [{**first, **nobody, "outcome": "unknown", "why": _why_unknown(first)}]
    contacts = [row for row in found if row["entity_id"].startswith("C")]
    parties = (
        {row["entity_id"] for row in contacts}
        if contacts and first["move_type"] != "family"
        else {row["account_id"] for row in found}
    )
    if len(parties) > 1:
        return [{**first, **nobody, "outcome": "several"}]
    return [
        {**row, "site_id_now": None, "candidates": len(found), "outcome": "moved"} for row in found
    ]


def _why_unknown(row: Row) -> str:
    if not row["names_somebody"]:
        return "the row names neither a company, a whole person's name, an e-mail nor an id of ours"
    if row["has_id"]:
        return "our id is of nobody, or of somebody at another address than the old one told"
    if not row["has_old"]:
        return "the old address lacks the street, and a name alone names nobody"
    if row["name_known"]:
        return "the name is known, but not at the old address"
    if row["place_known"]:
        return "the old address is known, but for others"
    return "neither the name nor the old address is known"


def _in_force(moves: list[Row]) -> None:
    """Leave the newest change of one entity as moved; the others were earlier or contradict."""
    by_day: dict[date | None, list[Row]] = defaultdict(list)
    for move in moves:
        by_day[move["moved_on"]].append(move)
    found = False
    for day in sorted(by_day, key=lambda one: one or date.min, reverse=True):
        same_day = by_day[day]
        if len({move["new_address"] for move in same_day}) > 1:
            for move in same_day:
                move["outcome"] = "contradicted"
            continue
        # Rows that say the same again are all true; the first one stands for them.
        for number, move in enumerate(sorted(same_day, key=lambda one: one["record_id"])):
            if found or number:
                move["outcome"] = "earlier"
                if not found:
                    move["why"] = "another row says the same"
        found = True


def _follow(in_force: Mapping[str, Row]) -> None:
    """Where a site that was moved to was itself left later, the later one is where they are now."""
    for move in in_force.values():
        now, day, seen = move["new_site_id"], move["moved_on"] or date.min, set()
        while now is not None and now not in seen:
            seen.add(now)
            later = in_force.get(now)
            if later is None or later["new_site_id"] is None:
                break
            if (later["moved_on"] or date.min) <= day:
                break
            now, day = later["new_site_id"], later["moved_on"]
        move["site_id_now"] = now


def _told(records: Table) -> str:
    """One row per change and candidate, with what tells why there is none."""
    return f"""
    SELECT m.record_id, f.entity_id, f.account_id, f.from_site_id, f.new_site_id, m.move_type,
      m.moved_on, m.full_name, m.company, m.old_address, m.new_address, m.new_address_verdict,
      r.source, r.row_number, m.our_id IS NOT NULL AS has_id, m.old_spot IS NOT NULL AS has_old,
      coalesce(m.old_spot = m.new_spot AND m.old_postcode_key IS NOT DISTINCT FROM
        m.new_postcode_key AND m.old_city_key IS NOT DISTINCT FROM m.new_city_key, false)
        AS is_same,
      m.our_id IS NOT NULL OR m.email_key IS NOT NULL OR CASE m.move_type
        WHEN 'business' THEN m.company_key IS NOT NULL WHEN 'family' THEN m.family_key IS NOT NULL
        ELSE m.family_key IS NOT NULL AND m.given_root IS NOT NULL END AS names_somebody,
      EXISTS (SELECT 1 FROM move_company_names n WHERE m.move_type = 'business'
              AND n.name IN (m.company_key, m.company_2_key))
        OR EXISTS (SELECT 1 FROM move_people c WHERE m.move_type <> 'business'
              AND c.family_key = m.family_key AND c.given_root = m.given_root) AS name_known,
      EXISTS (SELECT 1 FROM listed_places p WHERE {same_place("m", "old", "p")}) AS place_known
    FROM moves m JOIN {records} r USING (record_id)
    LEFT JOIN move_matches f USING (record_id)
    ORDER BY m.record_id, f.entity_id
    """


_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("record_id", "entity_id", "account_id")),
        *((name, pa.string()) for name in ("from_site_id", "new_site_id", "site_id_now")),
        ("move_type", pa.string()),
        ("moved_on", pa.date32()),
        *((name, pa.string()) for name in ("full_name", "company", "old_address", "new_address")),
        ("outcome", pa.string()),
        ("reason", pa.string()),
        ("candidates", pa.int64()),
        ("source", pa.string()),
        ("row_number", pa.int64()),
    ]
)
