/*
question: Which question to a person brings the most right decisions a minute?
row: Two groups of records of which it is not clear whether they are the same, and nobody has said so.
key: place
owner: analyst
columns:
  place: 1 for the question to ask first.
  entity: contact, account or site.
  left_record: A record of the one group, the oldest of its most typical pair of descriptions.
  right_record: The same of the other group; left_record came first.
  left_id: The entity the left record belongs to now.
  right_id: The entity the right record belongs to now.
  together: Whether both are one entity now.
  left_records: How many records the left group has.
  right_records: How many records the right group has.
  apart: Where both are one entity now, the records of the smaller of its two groups.
  probability: How likely they are the same by the evidence, 1 / (1 + 2^-weight).
  weight: Mean evidence in bits between their records, prior included; of one, their link's.
  gain: Expected right decisions, the records that would move times the chance they would, which
    heeds the size of both groups too.
  minutes: Expected minutes to answer.
  gain_per_minute: Expected right decisions a minute.
  reason: What agrees and what does not in the typical pair, in words.
*/
WITH words AS (
  SELECT number, kind, entity, part, record_id FROM judged_records
  WHERE kind IN ('merge', 'pin', 'split', 'distinct')
),
answered AS (
  SELECT DISTINCT q.place
  FROM review_questions q
  JOIN words l ON l.entity = q.entity AND l.record_id = q.left_record
  JOIN words r ON r.entity = q.entity AND r.record_id = q.right_record AND r.number = l.number
  WHERE l.kind <> 'distinct' OR l.part <> r.part
),
placed AS (
  SELECT q.*,
    CASE q.entity WHEN 'contact' THEN l.contact_id WHEN 'site' THEN l.site_id ELSE l.account_id END
      AS left_now,
    CASE q.entity WHEN 'contact' THEN r.contact_id WHEN 'site' THEN r.site_id ELSE r.account_id END
      AS right_now
  FROM review_questions q
  JOIN record_entities l ON l.record_id = q.left_record
  JOIN record_entities r ON r.record_id = q.right_record
  LEFT JOIN answered a ON a.place = q.place
  WHERE a.place IS NULL
)
SELECT row_number() OVER (ORDER BY place) AS place, entity, left_record, right_record,
  left_now AS left_id, right_now AS right_id, together, left_records, right_records, apart,
  probability, weight, gain, minutes, gain_per_minute, reason
FROM placed
-- Whom judgements about others have brought together or parted is no question any more.
WHERE (left_now = right_now) = together
