/*
question: Where do the families of our accounts contradict themselves?
row: One problem of the family of one account.
key: account_id, code, other_id
owner: analyst
better: down
columns:
  account_id: The account.
  code: "The reason code: parent_cycle, two_parents, bases_differ or dissolved."
  other_id: The other member, or the register's entry, that it is about; empty for a circle.
  message: The same in words, with what was done about it.
*/
WITH parents AS (
  SELECT child, parent, basis, registry FROM family_links
  WHERE kind = 'parent' AND is_active
)
SELECT account_id, 'parent_cycle' AS code, '' AS other_id,
  'The parents of this account lead back to it; the link to its parent is not followed.' AS message
FROM families WHERE in_cycle
UNION ALL
SELECT f.account_id, 'two_parents', p.parent,
  'Another parent is told than the one that is used, ' || f.parent_id || '.'
FROM families f JOIN parents p ON p.child = f.account_id
WHERE f.parents > 1 AND p.parent <> f.parent_id
  AND p.basis = f.basis
GROUP BY f.account_id, p.parent, f.parent_id
UNION ALL
SELECT f.account_id, 'bases_differ', p.parent,
  'Our lists name this parent, a register another: ' || f.parent_id || ', which is used.'
FROM families f JOIN parents p ON p.child = f.account_id
WHERE f.basis = 'registry' AND p.basis = 'data' AND p.parent <> f.parent_id
GROUP BY f.account_id, p.parent, f.parent_id
UNION ALL
SELECT m.account_id, 'dissolved', m.registry || ':' || m.registry_id,
  'The register ' || m.registry || ' says that this company is no longer active.'
FROM registry_matches m
JOIN registry_entries e ON e.registry = m.registry AND e.registry_id = m.registry_id
WHERE e.is_active = false
