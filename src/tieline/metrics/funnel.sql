/*
question: How many of the records we have can we use, and where do the others drop out?
row: One step of the funnel for one source, or for all of them together (source "all").
key: source, step
owner: executive
better: up
columns:
  source: The name of the source, or "all".
  step_number: 1 to 7, the order of the steps.
  step: records, readable, valid_address, unique, valid_company, not_competitor, usable.
  records: How many records are left after the step.
  dropped: How many records the step set aside.
  share: Records left as a share of the records read, 0 to 1.
*/
WITH steps AS (
  SELECT 1 AS step_number, 'records' AS step
  UNION ALL SELECT 2, 'readable' UNION ALL SELECT 3, 'valid_address' UNION ALL SELECT 4, 'unique'
  UNION ALL SELECT 5, 'valid_company' UNION ALL SELECT 6, 'not_competitor'
  UNION ALL SELECT 7, 'usable'
),
failed AS (
  SELECT source, CASE status
      WHEN 'unreadable' THEN 2 WHEN 'invalid_address' THEN 3 WHEN 'no_address' THEN 3
      WHEN 'duplicate' THEN 4 WHEN 'log_entry' THEN 4 WHEN 'address_change' THEN 4
      WHEN 'no_company' THEN 5 WHEN 'no_registry_match' THEN 5
      WHEN 'competitor' THEN 6 WHEN 'usable' THEN 8 ELSE 7 END AS step_number, count(*) AS records
  FROM record_entities GROUP BY 1, 2
),
counted AS (
  SELECT source, step_number, records FROM failed
  UNION ALL
  SELECT 'all', step_number, sum(records) FROM failed GROUP BY step_number
),
left_over AS (
  SELECT c.source, s.step_number, s.step,
    CAST(sum(CASE WHEN c.step_number > s.step_number THEN c.records ELSE 0 END) AS BIGINT) AS records,
    CAST(sum(CASE WHEN c.step_number = s.step_number THEN c.records ELSE 0 END) AS BIGINT) AS dropped,
    CAST(sum(c.records) AS BIGINT) AS records_read
  FROM counted c CROSS JOIN steps s
  GROUP BY c.source, s.step_number, s.step
)
SELECT source, step_number, step, records, dropped, records / nullif(records_read, 0) AS share
FROM left_over
