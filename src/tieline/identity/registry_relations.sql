/*
question: Which entries of the registers belong to which others, as the registers tell it?
row: One relation between two entries of one register.
key: registry, child_id, kind, parent_id
owner: analyst
columns:
  registry: The register.
  child_id: The lower entry.
  kind: "What the other one is to it: headquarters, parent, domestic_ultimate, global_ultimate,
    successor, predecessor or related."
  parent_id: The other entry, which may be missing in the register.
  started_on: The day since which this holds, where told.
  ended_on: The day it ended; empty where it holds, or nothing is told.
  is_active: Whether it holds as far as the register says.
*/
WITH told AS (
  SELECT registry, registry_id AS child_id, 'headquarters' AS kind, headquarters_id AS parent_id
  FROM registry_entries WHERE headquarters_id <> registry_id
  UNION ALL
  SELECT registry, registry_id, 'parent', parent_id FROM registry_entries
  WHERE parent_id <> registry_id
  UNION ALL
  SELECT registry, registry_id, 'domestic_ultimate', domestic_ultimate_id FROM registry_entries
  WHERE domestic_ultimate_id <> registry_id
  UNION ALL
  SELECT registry, registry_id, 'global_ultimate', global_ultimate_id FROM registry_entries
  WHERE global_ultimate_id <> registry_id
),
related AS (
  SELECT scheme, CASE WHEN relation_kind = 'child' THEN parent_id ELSE registry_id END AS child_id,
    CASE WHEN relation_kind = 'child' THEN 'parent' ELSE relation_kind END AS kind,
    CASE WHEN relation_kind = 'child' THEN registry_id ELSE parent_id END AS parent_id,
    started_on, ended_on, coalesce(is_active, true) AND ended_on IS NULL AS is_active
  FROM registry_rows
  WHERE relation_kind IS NOT NULL AND issue IS NULL AND parent_id IS NOT NULL
    AND parent_id <> registry_id
),
every AS (
  SELECT registry, child_id, kind, parent_id, CAST(NULL AS DATE) AS started_on,
    CAST(NULL AS DATE) AS ended_on, CASE WHEN child_id IS NOT NULL THEN true END AS is_active
  FROM told
  UNION ALL
  SELECT e.registry, r.child_id, r.kind, r.parent_id, r.started_on, r.ended_on, r.is_active
  FROM related r JOIN registry_entries e ON e.scheme = r.scheme AND e.registry_id = r.child_id
)
SELECT registry, child_id, kind, parent_id, min(started_on) AS started_on,
  CASE WHEN bool_or(is_active) THEN NULL ELSE max(ended_on) END AS ended_on,
  bool_or(is_active) AS is_active
FROM every
GROUP BY registry, child_id, kind, parent_id
