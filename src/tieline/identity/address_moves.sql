/*
question: Which new address holds for whom, since when?
row: One site or contact that moved.
key: entity_id
owner: marketer
columns:
  entity_id: The site or contact.
  from_site_id: The site that was left.
  site_id_now: The site of the same account that the new address is; empty where it is a new place.
  moved_on: The day from which the new address holds.
  record_id: The record that says so.
  address: The new address in one line.
  address_line: Street line.
  postcode: Postcode.
  city: Town.
  region: State, province or region.
  country: Country (ISO 3166 alpha-2).
  address_verdict: Whether postcode, town, region and country agree.
  address_confidence: How sure that is, 0 to 1.
  trust: The source's trust rank, 1 (best) to 9.
*/
SELECT c.entity_id, c.from_site_id, c.site_id_now, c.moved_on, c.record_id,
  t.new_address AS address, t.new_address_line AS address_line, t.new_postcode AS postcode,
  t.new_city AS city, t.new_region AS region, t.new_country AS country,
  t.new_address_verdict AS address_verdict, t.new_address_confidence AS address_confidence, r.trust
FROM address_changes c
JOIN told_address_changes t ON t.record_id = c.record_id
JOIN records r ON r.record_id = c.record_id
WHERE c.outcome = 'moved'
