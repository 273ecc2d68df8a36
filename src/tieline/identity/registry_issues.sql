/*
question: What is wrong with which row of the registers?
row: One problem of one row of one register; the good rest of the register goes on.
key: registry, row_number, code
owner: analyst
better: down
columns:
  registry: The register.
  row_number: 1-based number of the data row in the register's file.
  registry_id: The id that the row gives, if it gives one.
  code: "The reason code: no_id, duplicate_id, no_name, missing_parent, missing_headquarters,
    missing_domestic_ultimate, missing_global_ultimate, parent_cycle, two_parents, dissolved_parent,
    unknown_company, or why the row cannot be read."
  message: The same in words, with what was done about it.
*/
WITH entries AS (
  SELECT r.registry, r.row_number, r.registry_id, r.name, e.row_number AS kept, e.is_active
  FROM registry_rows r
  JOIN registry_entries e ON e.registry = r.registry AND e.registry_id = r.registry_id
  WHERE r.issue IS NULL AND r.relation_kind IS NULL
),
broken AS (
  SELECT l.registry, l.child_id, 'missing_' || l.kind AS code, min(l.parent_id) AS parent_id
  FROM registry_relations l
  LEFT JOIN registry_entries p ON p.registry = l.registry AND p.registry_id = l.parent_id
  WHERE p.registry_id IS NULL
    AND l.kind IN ('parent', 'headquarters', 'domestic_ultimate', 'global_ultimate')
  GROUP BY l.registry, l.child_id, l.kind
),
dissolved AS (
  SELECT h.registry, h.registry_id, h.parent_id
  FROM registry_hierarchy h
  JOIN registry_entries c ON c.registry = h.registry AND c.registry_id = h.registry_id
  JOIN registry_entries p ON p.registry = h.registry AND p.registry_id = h.parent_id
  WHERE p.is_active = false AND coalesce(c.is_active, true)
)
SELECT registry, row_number, registry_id, issue AS code, issue_text AS message
FROM registry_rows WHERE issue IS NOT NULL
UNION ALL
SELECT registry, row_number, registry_id, 'duplicate_id',
  'The id stands in row ' || CAST(kept AS VARCHAR) || ' already; that row is used.'
FROM entries WHERE row_number <> kept
UNION ALL
SELECT registry, row_number, registry_id, 'no_name',
  'The entry has no name; it can only be matched by its other values.'
FROM entries WHERE row_number = kept AND name IS NULL
UNION ALL
SELECT e.registry, e.row_number, e.registry_id, b.code,
  'There is no entry ' || b.parent_id || ' in the register; the link to it is not followed.'
FROM broken b
JOIN entries e ON e.registry = b.registry AND e.registry_id = b.child_id AND e.row_number = e.kept
UNION ALL
SELECT e.registry, e.row_number, e.registry_id, 'parent_cycle',
  'The parents of this entry lead back to it; the link to its parent is not followed.'
FROM registry_hierarchy h
JOIN entries e ON e.registry = h.registry AND e.registry_id = h.registry_id AND e.row_number = e.kept
WHERE h.in_cycle
UNION ALL
SELECT e.registry, e.row_number, e.registry_id, 'two_parents',
  CAST(h.parents AS VARCHAR) || ' parents are told; the newest link is followed, to ' || h.parent_id || '.'
FROM registry_hierarchy h
JOIN entries e ON e.registry = h.registry AND e.registry_id = h.registry_id AND e.row_number = e.kept
WHERE h.parents > 1 AND NOT h.in_cycle AND h.parent_id IS NOT NULL
UNION ALL
SELECT e.registry, e.row_number, e.registry_id, 'dissolved_parent',
  'The entry is active, but its parent ' || d.parent_id || ' is dissolved.'
FROM dissolved d
JOIN entries e ON e.registry = d.registry AND e.registry_id = d.registry_id AND e.row_number = e.kept
UNION ALL
SELECT r.registry, r.row_number, r.registry_id, 'unknown_company',
  'No register that was added has the company ' || r.registry_id || '; the relation is not used.'
FROM registry_rows r
LEFT JOIN (SELECT DISTINCT scheme, registry_id FROM registry_entries) e
  ON e.scheme = r.scheme AND e.registry_id = r.registry_id
WHERE r.relation_kind IS NOT NULL AND r.issue IS NULL AND e.registry_id IS NULL
