/*
question: What becomes of the leads that marketing hands over, month by month?
row: One product and month in which leads were handed over.
key: product, month_on
owner: executive
columns:
  product: The product.
  month_on: The first day of the month of the hand-over.
  handed_over: How many leads.
  answered: How many of them have an answer.
  answered_in_time: How many were answered by the day it was due.
  overdue: How many wait for an answer longer than that.
  accepted: How many were accepted, whatever came of it.
  rejected: How many were rejected.
  rejected_because: The reasons and how often each, the most frequent first; empty for none.
  recycled: How many rest until later.
  worked: How many of the accepted ones had a touch since, or a deal that was closed.
  unworked: How many nobody worked on in time.
  won: How many were won.
  lost: How many were lost.
*/
WITH dated AS (
  SELECT product, standing, answered_on, answer_due_on, because, touches, outcome,
    CAST(date_trunc('month', handed_over_on) AS DATE) AS month_on,
    CASE WHEN is_back THEN NULL ELSE answer END AS answer
  FROM lead_standings WHERE handed_over_on IS NOT NULL
),
counted AS (
  SELECT product, month_on, because, count(*) AS leads
  FROM dated WHERE answer = 'reject' AND because IS NOT NULL
  GROUP BY product, month_on, because
),
reasons AS (
  SELECT product, month_on,
    string_agg(because || ' ' || CAST(leads AS VARCHAR), ', ' ORDER BY leads DESC, because) AS said
  FROM counted GROUP BY product, month_on
)
SELECT d.product, d.month_on, count(*) AS handed_over,
  count(*) FILTER (WHERE d.answer IS NOT NULL) AS answered,
  count(*) FILTER (WHERE d.answer IS NOT NULL AND d.answered_on <= d.answer_due_on)
    AS answered_in_time,
  count(*) FILTER (WHERE d.standing = 'overdue') AS overdue,
  count(*) FILTER (WHERE d.answer = 'accept') AS accepted,
  count(*) FILTER (WHERE d.answer = 'reject') AS rejected,
  max(r.said) AS rejected_because,
  count(*) FILTER (WHERE d.answer = 'recycle') AS recycled,
  count(*) FILTER (WHERE d.answer = 'accept' AND (d.touches > 0 OR d.outcome IS NOT NULL))
    AS worked,
  count(*) FILTER (WHERE d.standing = 'unworked') AS unworked,
  count(*) FILTER (WHERE d.standing = 'won') AS won,
  count(*) FILTER (WHERE d.standing = 'lost') AS lost
FROM dated d
LEFT JOIN reasons r ON r.product = d.product AND r.month_on = d.month_on
GROUP BY d.product, d.month_on
