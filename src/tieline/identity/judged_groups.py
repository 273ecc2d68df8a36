"""People's judgements applied to the machine's groups: who is together after all.

The machine's groups are the weakest word, a later judgement is stronger than an earlier one. Where
nobody says "not the same" of records that are held together, judged groups are simply the connected
components of machine groups and judgements; the few others are settled one by one (see
`linkage.contested`). The result depends on the judgements in force and their order alone, so that
taking one back leaves no trace.
"""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.linkage.clustering import components
from tieline.identity.linkage.contested import Row, Word, settle

_SAY = {
    "merge": (True, False),
    "pin": (True, False),
    "split": (True, True),
    "distinct": (False, True),
}
"""Of each kind of judgement: its parts are one; its parts are not one."""


def _grouped(table: Table, records: Table, entity: str) -> str:
    return f"""
    WITH named AS (
      SELECT g.{entity} AS number, min_by(g.record_id, r.arrival) AS oldest
      FROM {table} g JOIN {records} r USING (record_id) GROUP BY g.{entity}
    )
    SELECT g.record_id, g.node, n.oldest AS {entity}
    FROM {table} g JOIN named n ON n.number = g.{entity}
    """


def grouped_accounts(record_accounts: Table, records: Table) -> str:
    """The account of each record as the evidence tells, named after its oldest record.

    question: Which account is a record's, before people said anything?
    row: One record that names a company.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Its company profile.
      account: The oldest record of the account.
    """
    return _grouped(record_accounts, records, "account")


def grouped_contacts(record_contacts: Table, records: Table) -> str:
    """The contact of each record as the evidence tells, named after its oldest record.

    question: Which contact is a record's, before people said anything?
    row: One record that names a person.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Its person profile.
      contact: The oldest record of the contact.
    """
    return _grouped(record_contacts, records, "contact")


def account_corrections(
    grouped_accounts: Table,
    account_links: Table,
    judged_records: Table,
    records: Table,
    *,
    engine: Engine,
) -> str:
    """The records that judgements move to another account than the evidence tells.

    question: Which records are at another account because people said so?
    row: One record of an account that judgements speak of.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      account: The oldest record of the account.
    """
    machine = f'SELECT record_id, node, account AS "group" FROM {grouped_accounts}'
    judged = judged_groups(
        engine, machine, str(account_links), str(judged_records), str(records), "account"
    )
    return f'SELECT record_id, "group" AS account FROM ({judged})'


def contact_corrections(
    grouped_contacts: Table,
    contact_links: Table,
    judged_records: Table,
    records: Table,
    *,
    engine: Engine,
) -> str:
    """The records that judgements move to another contact than the evidence tells.

    question: Which records are another contact's because people said so?
    row: One record of a contact that judgements speak of.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      contact: The oldest record of the contact.
    """
    machine = f'SELECT record_id, node, contact AS "group" FROM {grouped_contacts}'
    judged = judged_groups(
        engine, machine, str(contact_links), str(judged_records), str(records), "contact"
    )
    return f'SELECT record_id, "group" AS contact FROM ({judged})'


def judged_accounts(grouped_accounts: Table, account_corrections: Table) -> str:
    """The account of each record, after what people said.

    question: Which account does a record belong to, after all?
    row: One record that names a company.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      account: The oldest record of the account.
    increment:
      key: record_id
      nulls: none
      from:
        grouped_accounts: record_id
        account_corrections: record_id
    """
    return _judged(grouped_accounts, account_corrections, "account")


def judged_contacts(grouped_contacts: Table, contact_corrections: Table) -> str:
    """The contact of each record, after what people said.

    question: Which contact does a record belong to, after all?
    row: One record that names a person.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      contact: The oldest record of the contact.
    increment:
      key: record_id
      nulls: none
      from:
        grouped_contacts: record_id
        contact_corrections: record_id
    """
    return _judged(grouped_contacts, contact_corrections, "contact")


def _judged(grouped: Table, corrections: Table, entity: str) -> str:
    return (
        f"SELECT g.record_id, coalesce(c.{entity}, g.{entity}) AS {entity} "
        f"FROM {grouped} g LEFT JOIN {corrections} c ON c.record_id = g.record_id"
    )


def judged_groups(
    engine: Engine, machine: str, links: str, judged_records: str, records: str, entity: str
) -> str:
    """A SELECT of (record_id, group): the group after the judgements, as its oldest record.

    Only records of groups that judgements speak of are told; the others stay as they are.
    `machine` is a SELECT of (record_id, node, group), a node being in one group; `links` the table
    of (left_node, right_node, weight in bits); `judged_records` the judgements in force, one row
    for each record they name; `records` tells the `arrival`. Of a judgement, records that `machine`
    does not hold are passed over.
    """
    said, arenas, settled = (f"judged_{entity}_{part}" for part in ("words", "arenas", "settled"))
    kinds = ", ".join(f"'{kind}'" for kind in _SAY)
    engine.create(
        said,
        'SELECT j.number, j.kind, j.part, j.record_id, m."group" '
        f"FROM {judged_records} j JOIN ({machine}) m USING (record_id) "
        f"WHERE j.entity = '{entity}' AND j.kind IN ({kinds})",
    )
    engine.load(arenas, _arenas(engine, said))
    engine.load(settled, _settled(engine, machine, links, records, said, arenas))
    return f"""
    WITH placed AS (
      SELECT m.record_id, coalesce(a.arena, m."group") AS arena, r.arrival
      FROM ({machine}) m JOIN {records} r USING (record_id) LEFT JOIN {arenas} a USING ("group")
      WHERE m."group" IN (SELECT "group" FROM {said})
    ), whole AS (
      SELECT arena, min_by(record_id, arrival) AS oldest FROM placed GROUP BY arena
    )
    SELECT p.record_id, coalesce(s.oldest, w.oldest) AS "group"
    FROM placed p JOIN whole w USING (arena) LEFT JOIN {settled} s ON s.record_id = p.record_id
    """


def _arenas(engine: Engine, said: str) -> pa.Table:
    """The groups that judgements hold together, directly or through others: (group, arena)."""
    # A part of a split is one; of records that are only "not the same" nobody says they are one.
    told = engine.arrow(
        "SELECT 2 * number + (kind = 'split' AND part = 'apart')::INTEGER AS whole, "
        f"\"group\" FROM {said} WHERE kind <> 'distinct'"
    )
    group, part = (told[name].combine_chunks().dictionary_encode() for name in ("group", "whole"))
    size = len(group.dictionary)
    # Groups come first among the nodes, so that an arena is named by one of them.
    nodes = size + len(part.dictionary)
    labels = components(nodes, group.indices.to_numpy(), size + part.indices.to_numpy())[:size]
    return pa.table({"group": group.dictionary, "arena": group.dictionary.take(pa.array(labels))})


def _settled(
    engine: Engine, machine: str, links: str, records: str, said: str, arenas: str
) -> pa.Table:
    """The records of the arenas where "not the same" is said inside: (record_id, oldest)."""
    contested = f"{said}_contested"
    engine.create(
        contested,
        f"""
        SELECT DISTINCT arena FROM (
          SELECT s.number, coalesce(a.arena, s."group") AS arena
          FROM {said} s LEFT JOIN {arenas} a USING ("group")
          WHERE s.kind IN ('split', 'distinct')
          GROUP BY ALL HAVING count(DISTINCT s.part) > 1
        )
        """,
    )
    rows = engine.arrow(
        f"""
        SELECT m.record_id, m.node, m."group", coalesce(a.arena, m."group") AS arena
        FROM ({machine}) m JOIN {records} r USING (record_id) LEFT JOIN {arenas} a USING ("group")
        WHERE coalesce(a.arena, m."group") IN (SELECT arena FROM {contested})
        ORDER BY r.arrival
        """
    ).to_pylist()
    if not rows:
        return pa.table(
            {"record_id": pa.array([], pa.string()), "oldest": pa.array([], pa.string())}
        )
    places = {row["record_id"]: place for place, row in enumerate(rows)}
    words = _words(engine, said, places)
    nodes = pa.table({"node": list({row["node"]: None for row in rows})})
    engine.load(f"{contested}_nodes", nodes)
    spoken = f"SELECT node FROM {contested}_nodes"
    pairs = engine.arrow(
        f"SELECT left_node, right_node, weight FROM {links} "
        f"WHERE left_node IN ({spoken}) AND right_node IN ({spoken})"
    ).to_pydict()
    groups = settle(
        [Row(row["node"], row["group"]) for row in rows],
        words,
        list(zip(*pairs.values(), strict=True)),
    )
    return pa.table(
        {
            "record_id": [row["record_id"] for row in rows],
            "oldest": [rows[group]["record_id"] for group in groups],
        }
    )


def _words(engine: Engine, said: str, places: dict[str, int]) -> list[Word]:
    """What was said of the records of contested arenas, the latest first."""
    engine.load(f"{said}_places", pa.table({"record_id": list(places)}))
    told = engine.arrow(
        f"SELECT number, kind, part, record_id FROM {said} "
        f"WHERE record_id IN (SELECT record_id FROM {said}_places)"
    ).to_pylist()
    parts: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in told:
        # All records of a merge are one, whatever group they came from.
        part = row["part"] if _SAY[row["kind"]][1] else ""
        parts[row["number"], row["kind"]][part].append(places[row["record_id"]])
    return [
        Word(tuple(tuple(sorted(rows)) for _, rows in sorted(named.items())), *_SAY[kind])
        for (_, kind), named in sorted(parts.items(), reverse=True)
    ]
