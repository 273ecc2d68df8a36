/*
question: Whom could we address, and whom of these do we know?
row: One site of the universe, one of ours or one that only a registry has; also those that no segment takes.
key: member
owner: marketer
columns:
  member: The site's id, or "registry:id" of an entry that is none of ours.
  site_id: The site; empty where only a registry has it.
  account_id: The account, if it is one of ours.
  registry: The registry of the entry that is the site, if any.
  registry_id: The entry.
  name: Name of the company.
  city: Town.
  country: Country (ISO 3166 alpha-2).
  known: Whether it is a site of ours.
  segment: The segment that takes it, the first by priority; empty where none does.
  segments: How many segments take it.
  contacts: How many contacts work there now.
  usable_contacts: How many of these are usable.
*/
WITH usable AS (
  SELECT DISTINCT contact_id FROM record_entities
  WHERE status = 'usable' AND contact_id IS NOT NULL
),
people AS (
  SELECT c.site_id, count(*) AS contacts, count(u.contact_id) AS usable_contacts
  FROM contacts c LEFT JOIN usable u ON u.contact_id = c.contact_id
  WHERE c.site_id IS NOT NULL GROUP BY c.site_id
),
placed AS (
  SELECT member, segment,
    count(*) OVER (PARTITION BY member) AS segments,
    row_number() OVER (PARTITION BY member ORDER BY priority, segment) AS place
  FROM segment_members
)
SELECT t.member, t.site_id, t.account_id, t.registry, t.registry_id, t.name, t.city, t.country,
  t.known, m.segment, coalesce(m.segments, 0) AS segments, coalesce(p.contacts, 0) AS contacts,
  coalesce(p.usable_contacts, 0) AS usable_contacts
FROM target_sites t
LEFT JOIN placed m ON m.member = t.member AND m.place = 1
LEFT JOIN people p ON p.site_id = t.site_id
