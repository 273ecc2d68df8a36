/*
question: Which lists and registries have which site?
row: One site of the universe on one list.
key: member, list
owner: analyst
columns:
  member: The site, as in the universe.
  list: The name of a source of contacts or companies, or of a registry.
*/
WITH listed AS (
  SELECT DISTINCT site_id, e.source AS list
  FROM record_entities e
  JOIN standard_records s ON s.record_id = e.record_id
  WHERE e.site_id IS NOT NULL AND s.kind IN ('contacts', 'companies')
),
entered AS (
  SELECT site_id, registry AS list FROM site_registry_matches
  UNION
  -- A company's entry at another address than any site of ours is the site we have.
  SELECT s.site_id, m.registry
  FROM registry_matches m
  JOIN sites s ON s.account_id = m.account_id
  LEFT JOIN site_registry_matches x ON x.site_id = s.site_id AND x.registry = m.registry
  WHERE x.site_id IS NULL
)
SELECT u.member, t.registry AS list
FROM universe u
JOIN registry_twins t ON t.twin_registry = u.registry AND t.twin_id = u.registry_id
UNION
SELECT u.member, l.list FROM universe u JOIN listed l ON l.site_id = u.site_id
UNION
SELECT u.member, e.list FROM universe u JOIN entered e ON e.site_id = u.site_id
UNION
SELECT member, registry FROM universe WHERE NOT known
