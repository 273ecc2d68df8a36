/*
question: To which contact, site or account does a judgement belong that is about one of them?
row: One judgement that gives a value, sets aside, restores or is a note.
key: number
owner: analyst
columns:
  number: The number of the judgement; a greater one is newer and stronger.
  kind: override, set_aside, restore, note or consent.
  entity: contact, site or account.
  holder: The contact, site or account, named after its oldest record.
  entity_id: Its id.
*/
WITH holders AS (
  SELECT j.number, j.kind, j.entity, r.arrival,
    CASE j.entity WHEN 'contact' THEN c.contact WHEN 'site' THEN p.site ELSE a.account END AS holder
  FROM judged_records j
  JOIN records r ON r.record_id = j.record_id
  LEFT JOIN judged_contacts c ON c.record_id = j.record_id
  LEFT JOIN judged_sites p ON p.record_id = j.record_id
  LEFT JOIN judged_accounts a ON a.record_id = j.record_id
  WHERE j.kind IN ('override', 'set_aside', 'restore', 'note', 'consent')
),
-- It stays with the entity that holds most of the records it was made about; if two hold as many,
-- with the one that holds the oldest.
ranked AS (
  SELECT number, kind, entity, holder, row_number() OVER (
      PARTITION BY number ORDER BY count(*) DESC, min(arrival)
    ) AS place
  FROM holders WHERE holder IS NOT NULL
  GROUP BY number, kind, entity, holder
)
SELECT number, kind, entity, holder,
  CASE entity
    WHEN 'contact' THEN 'C' || substr(md5('contacts' || holder), 1, 14)
    WHEN 'site' THEN 'S' || substr(md5('sites' || holder), 1, 14)
    ELSE 'A' || substr(md5('accounts' || holder), 1, 14)
  END AS entity_id
FROM ranked WHERE place = 1
