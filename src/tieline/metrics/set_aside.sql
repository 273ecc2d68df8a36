/*
question: Why were records set aside?
row: One reason in one source.
key: source, status
owner: analyst
better: down
columns:
  source: The name of the source.
  step: The step of the funnel that set the records aside.
  status: The reason code.
  records: How many records.
*/
SELECT source,
  CASE status
    WHEN 'unreadable' THEN 'readable' WHEN 'invalid_address' THEN 'valid_address'
    WHEN 'no_address' THEN 'valid_address' WHEN 'duplicate' THEN 'unique'
    WHEN 'log_entry' THEN 'unique' WHEN 'address_change' THEN 'unique'
    WHEN 'no_company' THEN 'valid_company' WHEN 'no_registry_match' THEN 'valid_company'
    WHEN 'competitor' THEN 'not_competitor'
    ELSE 'usable' END AS step,
  status, count(*) AS records
FROM record_entities
WHERE status <> 'usable'
GROUP BY source, status
