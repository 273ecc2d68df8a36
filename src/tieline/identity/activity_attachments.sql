/*
question: Whom does a row of a log lead to that says no name?
row: One set of identifiers that stand together in rows of logs.
key: identifier_set
owner: analyst
columns:
  identifier_set: Number of the set.
  contact_id: The contact it leads to, if to one.
  account_id: The account, the contact's or the one that all behind a shared address belong to.
  site_id: The contact's site at that account.
  attached_by: The scheme of the identifier that leads there; account where only the company is known.
  attached_value: That identifier.
*/
WITH led AS (
  SELECT i.identifier_set, i.scheme, i.value, c.contact_id,
    coalesce(c.account_id, d.account_id) AS account_id,
    CASE i.nature WHEN 'email' THEN 1 WHEN 'document' THEN 2 WHEN 'handle' THEN 3 WHEN 'phone' THEN 4
      WHEN 'device' THEN 5 ELSE 6 END AS strength, c.round
  FROM activity_identifiers i
  LEFT JOIN identifier_contacts c ON c.scheme = i.scheme AND c.value = i.value
  LEFT JOIN identifier_contacts d ON d.scheme = 'email_domain' AND d.value = i.domain
),
to_contacts AS (
  SELECT *, row_number() OVER (
      PARTITION BY identifier_set ORDER BY strength, round, scheme, value
    ) AS choice
  FROM led WHERE contact_id IS NOT NULL
),
to_accounts AS (
  SELECT identifier_set, count(DISTINCT account_id) AS accounts, min(account_id) AS account_id,
    min(value) AS value
  FROM led WHERE account_id IS NOT NULL GROUP BY identifier_set
),
placed AS (
  SELECT t.identifier_set, t.contact_id, t.scheme, t.value,
    coalesce(there.account_id, now.account_id) AS account_id,
    CASE WHEN there.account_id IS NULL THEN now.site_id ELSE there.site_id END AS site_id
  FROM to_contacts t
  LEFT JOIN contact_positions there
    ON there.contact_id = t.contact_id AND there.account_id = t.account_id
  LEFT JOIN contact_positions now ON now.contact_id = t.contact_id AND now.place = 1
  WHERE t.choice = 1
)
SELECT coalesce(p.identifier_set, a.identifier_set) AS identifier_set, p.contact_id,
  CASE WHEN p.identifier_set IS NULL THEN a.account_id ELSE p.account_id END AS account_id,
  p.site_id,
  CASE WHEN p.identifier_set IS NULL THEN 'account' ELSE p.scheme END AS attached_by,
  CASE WHEN p.identifier_set IS NULL THEN a.value ELSE p.value END AS attached_value
FROM placed p
FULL JOIN to_accounts a ON a.identifier_set = p.identifier_set
WHERE p.identifier_set IS NOT NULL OR a.accounts = 1
