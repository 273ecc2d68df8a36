"""Entries of different registries that are one site."""

from __future__ import annotations

from tieline.engine.tables import Engine, Table
from tieline.identity.registry_keys import NAME_IN_TOWN


def registry_twins(registry_entries: Table, registry_keys: Table, *, engine: Engine) -> str:
    """Entries of different registries that are one site.

    They have the same name in the same town and country, and no two different postcodes. That is
    careful: entries that are written otherwise stay two, and the universe is so much too large.

    question: Which entries of one registry are a site that another registry has, too?
    row: One entry that is a twin of an entry in a registry before it, in the order of their names.
    key: registry, registry_id
    owner: analyst
    columns:
      registry: The registry.
      registry_id: The entry.
      twin_registry: The first registry that has the same site.
      twin_id: The entry there.
    """
    counted = engine.arrow(f"SELECT count(DISTINCT registry) AS n FROM {registry_entries}")
    if counted["n"][0].as_py() < 2:
        return (
            "SELECT '' AS registry, '' AS registry_id, '' AS twin_registry, '' AS twin_id "
            "WHERE false"
        )
    return f"""
    WITH placed AS (
      SELECT e.registry, e.registry_id, e.country, k.value,
        nullif(upper(regexp_replace(e.postcode, '[^0-9A-Za-z]', '', 'g')), '') AS code
      FROM {registry_entries} e
      JOIN {registry_keys} k ON k.entry = e.entry AND k.kind = {NAME_IN_TOWN}
      WHERE e.city IS NOT NULL
    )
    SELECT b.registry, b.registry_id, min(a.registry) AS twin_registry,
      arg_min(a.registry_id, (a.registry, a.registry_id)) AS twin_id
    FROM placed b JOIN placed a ON a.value = b.value AND a.registry < b.registry
      AND a.country IS NOT DISTINCT FROM b.country AND coalesce(a.code = b.code, TRUE)
    GROUP BY b.registry, b.registry_id
    """
