/*
question: Where do matches to registers contradict each other?
row: One contradiction between two matches.
key: code, account_id, other_account_id, registry, other_registry
owner: analyst
better: down
columns:
  code: "The reason code: same_entry (two accounts are one company, candidates for a merge),
    countries_differ or states_differ (two registers tell of one account what cannot both hold)."
  account_id: The account.
  registry: The register.
  registry_id: The entry that the account is matched to.
  other_account_id: The other account; the same one where two registers differ.
  other_registry: The other register.
  other_registry_id: The entry there.
  message: The same in words, with what to do.
*/
SELECT 'same_entry' AS code, a.account_id, a.registry, a.registry_id,
  b.account_id AS other_account_id, b.registry AS other_registry,
  b.registry_id AS other_registry_id,
  'Both accounts are this entry. If they are one company: tieline merge ' || a.account_id || ' '
    || b.account_id AS message
FROM registry_matches a
JOIN registry_matches b ON b.registry = a.registry AND b.registry_id = a.registry_id
WHERE a.account_id < b.account_id
UNION ALL
SELECT CASE WHEN e.country <> f.country THEN 'countries_differ' ELSE 'states_differ' END,
  a.account_id, a.registry, a.registry_id, b.account_id, b.registry, b.registry_id,
  CASE WHEN e.country <> f.country
    THEN 'One register has the company in ' || e.country || ', the other in ' || f.country
      || ': at least one match is another company.'
    ELSE 'One register has the company as active, the other as dissolved.' END
FROM registry_matches a
JOIN registry_matches b ON b.account_id = a.account_id
JOIN registry_entries e ON e.registry = a.registry AND e.registry_id = a.registry_id
JOIN registry_entries f ON f.registry = b.registry AND f.registry_id = b.registry_id
WHERE a.registry < b.registry AND (e.country <> f.country OR e.is_active <> f.is_active)
