/*
question: Where does each contact work now, and where did they work before?
row: One account a contact has been seen at.
key: contact_id, account_id
owner: marketer
columns:
  contact_id: The contact.
  account_id: The account.
  site_id: The contact's site there, after changes of address.
  first_seen_at: The oldest date of a record that says so.
  last_seen_at: The newest date of a record that says so.
  records: How many records say so.
  place: 1 for the current account, 2 and more for earlier ones, newest first.
increment:
  key: contact_id
  from:
    record_entities: contact_id
    standard_records: record_entities.record_id
*/
WITH seen AS (
  SELECT e.contact_id, e.account_id, e.site_id, count(*) AS records,
    min(s.record_at) AS first_seen_at, max(s.record_at) AS last_seen_at, min(s.trust) AS trust
  FROM record_entities e
  JOIN standard_records s ON s.record_id = e.record_id
  WHERE e.contact_id IS NOT NULL AND e.account_id IS NOT NULL
  GROUP BY e.contact_id, e.account_id, e.site_id
),
sites AS (
  SELECT contact_id, account_id, site_id,
    sum(records) OVER (PARTITION BY contact_id, account_id) AS records,
    min(first_seen_at) OVER (PARTITION BY contact_id, account_id) AS first_seen_at,
    max(last_seen_at) OVER (PARTITION BY contact_id, account_id) AS last_seen_at,
    min(trust) OVER (PARTITION BY contact_id, account_id) AS trust,
    row_number() OVER (
      PARTITION BY contact_id, account_id
      ORDER BY last_seen_at DESC NULLS LAST, records DESC, site_id
    ) AS choice
  FROM seen
)
SELECT s.contact_id, s.account_id,
  coalesce(c.site_id_now, v.site_id_now, s.site_id) AS site_id, s.first_seen_at, s.last_seen_at,
  CAST(s.records AS BIGINT) AS records,
  row_number() OVER (
    PARTITION BY s.contact_id
    ORDER BY s.last_seen_at DESC NULLS LAST, s.trust, s.records DESC, s.account_id
  ) AS place
FROM sites s
-- Who moved by themselves, and who works where a whole site moved to another we know.
LEFT JOIN address_moves c ON c.entity_id = s.contact_id AND c.from_site_id = s.site_id
LEFT JOIN address_moves v ON v.entity_id = s.site_id
WHERE s.choice = 1
