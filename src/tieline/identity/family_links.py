"""Who belongs to whom, as dated facts from company registers and from our own lists."""

from __future__ import annotations

from pathlib import Path

from tieline.data.values import company_name
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import standardise_all
from tieline.engine.tables import Engine, Table


def family_links(
    accounts: Table,
    mapped_records: Table,
    standard_records: Table,
    record_entities: Table,
    registry_entries: Table,
    registry_relations: Table,
    registry_hierarchy: Table,
    registry_matches: Table,
    *,
    engine: Engine,
    cache: Path | None,
) -> str:
    """Who belongs to whom, as dated facts.

    A member is one of our accounts ('A...'), or an entry of a register that no account of ours is
    matched to ('registry:ID'). From registers come the families of the companies that we are
    matched to; from our lists what they say of a company's parent, where one account of ours alone
    has the parent's name.

    question: Which company belongs to which, since when, until when, and who says so?
    row: One relation between two members, as one basis tells it.
    key: child, kind, parent, basis, registry
    owner: analyst
    columns:
      child: The lower member.
      kind: "What the other one is to it: headquarters, parent, domestic_ultimate, global_ultimate,
        successor, predecessor or related."
      parent: The other member.
      from_on: The day since which this holds, where it is known.
      to_on: The day it ended; empty where it holds, or the day is not known.
      is_active: Whether it holds as far as is told.
      basis: Who says so, registry or data.
      registry: The register, empty where the basis is data.
      child_country: Country of the child (ISO 3166 alpha-2).
      parent_country: Country of the parent.
      records: How many records say so, where the basis is data.
    """
    engine.create("family_data", _data_links(engine, accounts, mapped_records, record_entities,
                                             standard_records, cache))  # fmt: skip
    return f"""
    WITH named AS (
      SELECT registry, registry_id, min(account_id) AS account_id FROM {registry_matches}
      GROUP BY 1, 2
    ), groups AS (
      SELECT DISTINCT h.registry, h.global_ultimate_id FROM {registry_hierarchy} h
      JOIN named n ON n.registry = h.registry AND n.registry_id = h.legal_entity_id
    ), ours AS (
      SELECT h.registry, h.registry_id, e.country,
        coalesce(n.account_id, 'registry:' || h.registry_id) AS member
      FROM {registry_hierarchy} h JOIN groups g USING (registry, global_ultimate_id)
      JOIN {registry_entries} e USING (registry, registry_id)
      LEFT JOIN named n ON n.registry = h.registry AND n.registry_id = h.registry_id
    )
    SELECT c.member AS child, r.kind, p.member AS parent, min(r.started_on) AS from_on,
      CASE WHEN bool_or(r.is_active) THEN NULL ELSE max(r.ended_on) END AS to_on,
      bool_or(r.is_active) AS is_active, 'registry' AS basis, r.registry,
      min(c.country) AS child_country, min(p.country) AS parent_country, 0::BIGINT AS records
    FROM {registry_relations} r
    JOIN ours c ON c.registry = r.registry AND c.registry_id = r.child_id
    JOIN ours p ON p.registry = r.registry AND p.registry_id = r.parent_id
    WHERE c.member <> p.member GROUP BY ALL
    UNION ALL SELECT * FROM family_data
    """


def _data_links(
    engine: Engine,
    accounts: Table,
    mapped_records: Table,
    record_entities: Table,
    standard_records: Table,
    cache: Path | None,
) -> str:
    told = engine.arrow(
        f"SELECT DISTINCT parent_company AS company FROM {mapped_records} "
        "WHERE parent_company IS NOT NULL"
    )
    if not told.num_rows:
        return (
            "SELECT '' AS child, '' AS kind, '' AS parent, NULL::DATE AS from_on, "
            "NULL::DATE AS to_on, true AS is_active, '' AS basis, '' AS registry, "
            "'' AS child_country, '' AS parent_country, 0::BIGINT AS records WHERE false"
        )
    with SecondProcess() as second:
        engine.load("parent_names", standardise_all([(company_name, told)], cache, second)[0])
    return f"""
    WITH keys AS (
      SELECT s.company_key, min(e.account_id) AS account_id FROM {standard_records} s
      JOIN {record_entities} e USING (record_id)
      WHERE e.account_id IS NOT NULL AND s.company_key IS NOT NULL
      GROUP BY 1 HAVING count(DISTINCT e.account_id) = 1
    )
    SELECT e.account_id AS child, 'parent' AS kind, k.account_id AS parent,
      CAST(min(s.record_at) AS DATE) AS from_on, NULL::DATE AS to_on, true AS is_active,
      'data' AS basis, '' AS registry, min(a.country) AS child_country,
      min(b.country) AS parent_country, count(*) AS records
    FROM {mapped_records} m JOIN parent_names n ON n.raw_company = m.parent_company
    JOIN keys k ON k.company_key = n.company_key
    JOIN {record_entities} e ON e.record_id = m.record_id
    JOIN {standard_records} s ON s.record_id = m.record_id
    JOIN {accounts} a ON a.account_id = e.account_id
    JOIN {accounts} b ON b.account_id = k.account_id
    WHERE e.account_id <> k.account_id GROUP BY e.account_id, k.account_id
    """
