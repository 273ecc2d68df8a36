/*
question: Where are the companies?
row: One location of one account.
key: site_id
owner: marketer
columns:
  site_id: Stable id of the site.
  account_id: The account it belongs to.
  address: The whole address in one line; empty where no record gives one.
  address_line: Street line.
  postcode: Postcode.
  city: Town.
  region: State, province or region.
  country: Country (ISO 3166 alpha-2).
  address_verdict: Whether postcode, town, region and country agree (ok, corrected, mismatch, ...).
  address_confidence: How sure that is, 0 to 1.
  moved_on: The day from which the address holds, or the site was left, where a change of address tells it.
  moved_to_site_id: The site of the account that its people moved to; the place itself is left.
  contacts: How many contacts work there now.
  records: How many records are placed there.
increment:
  key: site_id
  from:
    record_entities: site_id
    golden_values: entity_id
    contact_positions: site_id
    judged_values: entity_id
    address_moves: entity_id
    standard_records: record_entities.record_id
*/
WITH counted AS (
  SELECT site_id, min(account_id) AS account_id, count(*) AS records
  FROM record_entities WHERE site_id IS NOT NULL GROUP BY site_id
),
golden AS (
  SELECT entity_id AS site_id, value AS address, record_id
  FROM golden_values WHERE rank = 1 AND field = 'address'
),
people AS (
  SELECT site_id, count(*) AS contacts FROM contact_positions WHERE place = 1 GROUP BY site_id
)
SELECT k.site_id, k.account_id, g.address,
  -- The parts of an address that a person set, or somebody moved to, are those of that address.
  CASE WHEN j.field IS NOT NULL THEN j.address_line WHEN m.entity_id IS NOT NULL
    THEN m.address_line ELSE s.address_line END AS address_line,
  CASE WHEN j.field IS NOT NULL THEN j.postcode WHEN m.entity_id IS NOT NULL
    THEN m.postcode ELSE s.postcode END AS postcode,
  CASE WHEN j.field IS NOT NULL THEN j.city WHEN m.entity_id IS NOT NULL
    THEN m.city ELSE s.city END AS city,
  CASE WHEN j.field IS NOT NULL THEN j.region WHEN m.entity_id IS NOT NULL
    THEN m.region ELSE s.region END AS region,
  CASE WHEN j.field IS NOT NULL THEN j.country WHEN m.entity_id IS NOT NULL
    THEN m.country ELSE s.country END AS country,
  CASE WHEN j.field IS NOT NULL THEN j.address_verdict WHEN m.entity_id IS NOT NULL
    THEN m.address_verdict ELSE s.address_verdict END AS address_verdict,
  CASE WHEN j.field IS NOT NULL THEN j.address_confidence WHEN m.entity_id IS NOT NULL
    THEN m.address_confidence ELSE s.address_confidence END AS address_confidence,
  v.moved_on, CASE WHEN v.site_id_now <> k.site_id THEN v.site_id_now END AS moved_to_site_id,
  coalesce(p.contacts, 0) AS contacts, k.records
FROM counted k
LEFT JOIN golden g ON g.site_id = k.site_id
LEFT JOIN standard_records s ON s.record_id = g.record_id
LEFT JOIN address_moves v ON v.entity_id = k.site_id
LEFT JOIN address_moves m ON m.entity_id = k.site_id AND m.site_id_now IS NULL
LEFT JOIN people p ON p.site_id = k.site_id
LEFT JOIN judged_values j ON j.entity_id = k.site_id AND j.field = 'address'
