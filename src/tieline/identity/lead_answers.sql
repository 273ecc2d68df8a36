/*
question: What did sellers answer to the leads they were handed, and whose lead is it today?
row: One answer that holds.
key: answer_id
owner: seller
columns:
  answer_id: Stable id of the answer.
  contact_id: The contact that holds most of the records it was answered of; of two with as many, the one that holds the oldest.
  product: The product.
  version: The version of the scorecard that handed the lead over.
  answer: accept, reject or recycle.
  because: Why it was rejected, from the list of the scorecard; empty for no rejection.
  word: The reason in the seller's own words.
  until: The day until which a recycled lead rests; empty for none.
  answered_by: Who answered.
  answered_at: When, UTC.
  counts: Whether it is the last answer about this contact and product, the one that counts.
*/
WITH holders AS (
  SELECT s.number, e.contact_id, row_number() OVER (
      PARTITION BY s.number ORDER BY count(*) DESC, min(r.arrival)
    ) AS place
  FROM stated_answers s
  JOIN record_entities e ON e.record_id = s.record_id
  JOIN records r ON r.record_id = s.record_id
  WHERE e.contact_id IS NOT NULL
  GROUP BY s.number, e.contact_id
),
said AS (
  SELECT DISTINCT number, product, version, answer, because, word, until, answered_by, answered_at
  FROM stated_answers
)
SELECT 'L' || substr(md5(concat_ws(chr(31), h.contact_id, s.product, s.answered_by,
    CAST(epoch(s.answered_at) AS VARCHAR), s.answer, s.word)), 1, 14) AS answer_id,
  h.contact_id, s.product, s.version, s.answer, s.because, s.word, s.until, s.answered_by,
  s.answered_at,
  row_number() OVER (PARTITION BY h.contact_id, s.product ORDER BY s.number DESC) = 1 AS counts
FROM said s JOIN holders h ON h.number = s.number AND h.place = 1
