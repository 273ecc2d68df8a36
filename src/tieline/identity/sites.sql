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
  contacts: How many contacts work there now.
  records: How many records are placed there.
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
SELECT k.site_id, k.account_id, g.address, s.address_line, s.postcode, s.city, s.region, s.country,
  s.address_verdict, s.address_confidence, coalesce(p.contacts, 0) AS contacts, k.records
FROM counted k
LEFT JOIN golden g ON g.site_id = k.site_id
LEFT JOIN standard_records s ON s.record_id = g.record_id
LEFT JOIN people p ON p.site_id = k.site_id
