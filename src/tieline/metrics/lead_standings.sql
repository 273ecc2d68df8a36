/*
question: Where does every lead stand between marketing and sales?
row: One lead that is or was handed over.
key: product, contact_id
owner: seller
columns:
  product: The product.
  contact_id: The contact.
  site_id: The site where they work now.
  account_id: The account.
  score: Their points.
  stage: How far they are, as in lead_scores.
  version: The version of the scorecard.
  seller: Who gets the lead.
  is_lead: Whether they are at the stage of the hand-over or further.
  handed_over_on: The day on which a response last brought them there; where none did, the day of the last response; where they came back after an answer, the day they did.
  answer_due_on: The day until which an answer is due; leads of the time before anybody handed over are due as if handed over on the first day.
  standing: "waiting and overdue: nobody answered, in time or beyond it; accepted; unworked: accepted and nothing was done in time, or never answered and no lead any more; rejected; recycled; won; lost."
  answer: The last answer (accept, reject, recycle), also where they came back since; empty for none.
  answered_on: The day of that answer.
  answered_by: Who gave it.
  because: Why they were rejected, from the list of the scorecard.
  word: The same in words.
  back_on: The day on which they came back after that answer, or will if they still have the points, by the first response after it or the end of their rest; after an accepted lead's deal was closed, by the first response since.
  is_back: Whether they came back and wait for another answer.
  touches: How many touches there were from the day of the answer on; of a lead without one, from the day of the hand-over on.
  outcome: won or lost; else empty.
*/
WITH answered AS (
  SELECT contact_id, product, answer, because, word, until, answered_by, answered_at,
    CAST(answered_at AS DATE) AS answered_on
  FROM lead_answers WHERE counts
),
anew AS (
  SELECT a.contact_id, a.product, min(CAST(r.occurred_at AS DATE)) AS anew_on
  FROM answered a
  JOIN lead_handovers h ON h.contact_id = a.contact_id AND h.product = a.product
  JOIN responses r ON r.contact_id = a.contact_id
  CROSS JOIN as_of t
  WHERE CAST(r.occurred_at AS DATE) <= t.as_of
    AND CASE WHEN a.answer = 'accept'
      THEN h.closed_on >= a.answered_on AND CAST(r.occurred_at AS DATE) > h.closed_on
      ELSE r.occurred_at > a.answered_at END
  GROUP BY a.contact_id, a.product
),
known AS (
  SELECT h.product, h.contact_id, h.site_id, h.account_id, h.score, h.stage, h.version, h.seller,
    h.is_lead, h.outcome, h.last_response_on, h.crossed_on, h.crossed_before_on,
    h.handing_over_since, h.answer_within_days, h.work_within_days,
    a.answer, a.answered_on, a.answered_by, a.because, a.word, t.as_of,
    least(coalesce(n.anew_on, a.until), coalesce(a.until, n.anew_on)) AS back_on
  FROM lead_handovers h
  CROSS JOIN as_of t
  LEFT JOIN answered a ON a.contact_id = h.contact_id AND a.product = h.product
  LEFT JOIN anew n ON n.contact_id = h.contact_id AND n.product = h.product
  WHERE h.is_lead OR a.answer IS NOT NULL OR h.crossed_on >= h.handing_over_since
    OR (h.crossed_on IS NOT NULL AND h.closed_on >= h.handing_over_since)
),
placed AS (
  SELECT *, answer IS NOT NULL AND is_lead AND coalesce(back_on <= as_of, FALSE) AS is_back
  FROM known
),
dated AS (
  SELECT *,
    CASE
      WHEN is_back THEN greatest(coalesce(crossed_on, back_on), back_on)
      WHEN answer IS NULL THEN coalesce(crossed_on, last_response_on)
      WHEN crossed_on <= answered_on THEN crossed_on
      ELSE coalesce(crossed_before_on, least(last_response_on, answered_on))
    END AS handed_over_on,
    CASE WHEN answer IS NOT NULL AND NOT is_back THEN answered_on END AS settled_on
  FROM placed
),
worked AS (
  SELECT d.product, d.contact_id, count(*) AS touches
  FROM dated d JOIN touches k ON k.contact_id = d.contact_id
  WHERE CAST(k.occurred_at AS DATE) >= coalesce(d.settled_on, d.handed_over_on)
    AND CAST(k.occurred_at AS DATE) <= d.as_of
  GROUP BY d.product, d.contact_id
),
timed AS (
  SELECT d.*, coalesce(w.touches, 0) AS touches,
    greatest(coalesce(d.handed_over_on, d.handing_over_since), d.handing_over_since)
      + CAST(d.answer_within_days AS INTEGER) AS answer_due_on
  FROM dated d LEFT JOIN worked w ON w.product = d.product AND w.contact_id = d.contact_id
)
SELECT product, contact_id, site_id, account_id, score, stage, version, seller, is_lead,
  handed_over_on, answer_due_on,
  CASE
    WHEN outcome IS NOT NULL THEN outcome
    WHEN settled_on IS NOT NULL AND answer = 'accept' THEN
      CASE WHEN touches = 0 AND as_of > settled_on + CAST(work_within_days AS INTEGER)
        THEN 'unworked' ELSE 'accepted' END
    WHEN settled_on IS NOT NULL THEN
      CASE answer WHEN 'reject' THEN 'rejected' ELSE 'recycled' END
    WHEN as_of > answer_due_on THEN CASE WHEN is_lead THEN 'overdue' ELSE 'unworked' END
    ELSE 'waiting'
  END AS standing,
  answer, answered_on, answered_by, because, word, back_on, is_back, touches, outcome
FROM timed
