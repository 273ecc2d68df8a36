"""Which entry of a register is the very site, among those of the account's legal entity."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tieline.data.values import postal_address
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import raw_name, standardise_all
from tieline.engine.tables import Engine, Table

PLACE = (("same address", 0.99), ("same street", 0.9), ("same postcode", 0.85), ("same town", 0.7))
"""How likely an entry of the right company is the very site, by how much of the address agrees."""


def site_registry_matches(
    registry_matches: Table,
    registry_entries: Table,
    registry_hierarchy: Table,
    record_entities: Table,
    standard_records: Table,
    *,
    engine: Engine,
    cache: Path | None,
    said: Callable[[str], None],
    registry_confidence: float,
) -> str:
    """Which entry of a register is the very site, among those of the account's legal entity.

    question: Which entry of each register is each site?
    row: One site that is matched to an entry of one register.
    key: site_id, registry
    owner: analyst
    better: up
    columns:
      site_id: The site.
      account_id: Its account.
      registry: The register.
      registry_id: The entry, a headquarters, branch or single location.
      confidence: "How likely the entry is this very site, 0 to 1: the account's confidence times
        that of the place, shared among entries that agree as much."
      basis: same address, same street, same postcode or same town.
    """
    if not engine.arrow(f"SELECT 1 FROM {registry_matches} LIMIT 1").num_rows:
        return (
            "SELECT '' AS site_id, '' AS account_id, '' AS registry, '' AS registry_id, "
            "0.0::DOUBLE AS confidence, '' AS basis WHERE false"
        )
    given = ", ".join(
        f"{_TOLD.get(name, 'NULL::VARCHAR')} AS {name}" for name in postal_address.INPUTS
    )
    engine.create(
        "of_matched",
        f"""
        SELECT m.account_id, m.registry, m.confidence, e.registry_id, {given}
        FROM {registry_matches} m
        JOIN {registry_hierarchy} h ON h.registry = m.registry AND h.legal_entity_id = m.registry_id
        JOIN {registry_entries} e ON e.registry = h.registry AND e.registry_id = h.registry_id
        """,
    )
    inputs = ", ".join(postal_address.INPUTS)
    distinct = engine.arrow(f"SELECT DISTINCT {inputs} FROM of_matched")
    said(f"{distinct.num_rows:,} addresses of registers")
    with SecondProcess() as second:
        engine.load("of_places", standardise_all([(postal_address, distinct)], cache, second)[0])
    joined = " AND ".join(
        f"m.{name} IS NOT DISTINCT FROM a.{raw_name(name)}" for name in postal_address.INPUTS
    )
    levels = " ".join(f"WHEN {n} THEN {chance}" for n, (_, chance) in enumerate(PLACE))
    names = " ".join(f"WHEN {n} THEN '{name}'" for n, (name, _) in enumerate(PLACE))
    return f"""
    WITH entries AS (
      SELECT m.account_id, m.registry, m.confidence, m.registry_id, a.street_key, a.house_number,
        a.city_key, a.postcode_key, coalesce(a.country, m.country) AS country
      FROM of_matched m JOIN of_places a ON {joined}
    ), places AS (
      SELECT e.site_id, e.account_id, s.street_key, s.house_number, s.city_key, s.postcode_key,
        s.country, count(*) AS told
      FROM {record_entities} e JOIN {standard_records} s USING (record_id)
      WHERE e.site_id IS NOT NULL AND e.site_basis IN ('address', 'town')
        AND e.account_id IN (SELECT account_id FROM {registry_matches})
      GROUP BY 1, 2, 3, 4, 5, 6, 7
      QUALIFY row_number() OVER (PARTITION BY e.site_id, s.street_key IS NULL
        ORDER BY told DESC, s.street_key, s.house_number, s.postcode_key, s.city_key) <= 3
    ), compared AS (
      SELECT p.site_id, n.account_id, n.registry, n.registry_id, n.confidence, min(CASE
        WHEN p.country IS DISTINCT FROM n.country THEN NULL
        WHEN p.street_key = n.street_key AND
          (p.postcode_key = n.postcode_key OR p.city_key = n.city_key)
          THEN CASE WHEN p.house_number = n.house_number THEN 0 ELSE 1 END
        WHEN p.postcode_key = n.postcode_key THEN 2
        WHEN p.city_key = n.city_key THEN 3 END) AS level
      FROM places p JOIN entries n ON n.account_id = p.account_id
      GROUP BY ALL
    ), best AS (
      SELECT *, count(*) OVER (PARTITION BY site_id, registry, level) AS rivals
      FROM compared WHERE level IS NOT NULL
      QUALIFY level = min(level) OVER (PARTITION BY site_id, registry)
    )
    SELECT site_id, account_id, registry, registry_id,
      round(confidence * CASE level {levels} END / rivals, 4) AS confidence,
      CASE level {names} END AS basis
    FROM best
    WHERE round(confidence * CASE level {levels} END / rivals, 4) >= {registry_confidence}
      -- One entry is one site: of two sites that agree with it, the one that agrees more.
    QUALIFY row_number() OVER (PARTITION BY registry, registry_id
        ORDER BY level, confidence DESC, site_id) = 1
      AND row_number() OVER (PARTITION BY site_id, registry ORDER BY level, registry_id) = 1
    """


_TOLD = {"address_line1": "e.street"}
_TOLD |= {name: f"e.{name}" for name in ("house_number", "city", "region", "postcode", "country")}
