/*
question: From which day on do we know what a record says?
row: One record that belongs to a contact or a site.
key: record_id
owner: analyst
columns:
  record_id: The record.
  source: The name of its source.
  contact_id: The contact that it names, if any.
  account_id: The account.
  site_id: The site.
  trust: Rank of the source, 1 is trusted most.
  known_on: The day that the record is dated; empty where it tells none, or one after the day on which it came.
increment:
  key: record_id
  from:
    record_entities: record_id
    standard_records: record_id
    landings: source = record_entities.source
*/
SELECT e.record_id, e.source, e.contact_id, e.account_id, e.site_id, s.trust,
  CASE WHEN CAST(s.record_at AS DATE) <= coalesce(l.landed_on, CAST(s.record_at AS DATE))
    THEN CAST(s.record_at AS DATE) END AS known_on
FROM record_entities e
JOIN standard_records s ON s.record_id = e.record_id
LEFT JOIN landings l ON l.source = e.source
WHERE e.contact_id IS NOT NULL OR e.site_id IS NOT NULL
