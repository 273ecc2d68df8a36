/*
question: Where was each site and contact that moved, from when until when?
row: One address that a site or contact had, has, or moved to.
key: entity_id, number
owner: marketer
columns:
  entity_id: The site or contact.
  number: 1 for the first known address, then in the order of the moves.
  address: The address in one line.
  from_on: The day from which it held; empty where nobody tells.
  until_on: The day on which it was left; empty for the current one, or where nobody tells.
  is_current: Whether it is the newest one.
  basis: records or change of address.
  record_id: The change of address that says so; for the first address the one that ended it.
*/
WITH moved AS (
  SELECT entity_id, moved_on, old_address, new_address, record_id, outcome,
    row_number() OVER (
      PARTITION BY entity_id ORDER BY moved_on NULLS FIRST, record_id
    ) AS place
  FROM address_changes
  WHERE outcome IN ('moved', 'earlier') AND reason <> 'another row says the same'
),
first_address AS (
  SELECT entity_id, value AS address, row_number() OVER (
      PARTITION BY entity_id ORDER BY CASE WHEN rule = 'judgement' THEN 1 ELSE 0 END, rank
    ) AS place
  FROM golden_values WHERE field = 'address' AND rule <> 'change of address'
),
told AS (
  SELECT m.entity_id, 1 AS number, coalesce(m.old_address, f.address) AS address,
    CAST(NULL AS DATE) AS from_on, 'records' AS basis, m.record_id
  FROM moved m
  LEFT JOIN first_address f ON f.entity_id = m.entity_id AND f.place = 1
  WHERE m.place = 1
  UNION ALL
  SELECT entity_id, place + 1, new_address, moved_on, 'change of address', record_id FROM moved
)
SELECT entity_id, CAST(number AS BIGINT) AS number, address, from_on,
  lead(from_on) OVER (PARTITION BY entity_id ORDER BY number) AS until_on,
  row_number() OVER (PARTITION BY entity_id ORDER BY number DESC) = 1 AS is_current,
  basis, record_id
FROM told
