/*
question: Which sites have an address that is known to be good?
row: One site with at least one record whose address agrees with itself.
key: site
owner: analyst
columns:
  site: The site, named after its oldest record.
increment:
  key: site
  from:
    judged_sites: site
    standard_records: judged_sites.record_id
*/
SELECT DISTINCT p.site
FROM judged_sites p
JOIN standard_records s ON s.record_id = p.record_id
WHERE s.address_verdict IN ('ok', 'corrected')
