/*
question: Who is each contact to us, by how they mainly interact with us?
row: One contact.
key: contact_id
owner: marketer
columns:
  contact_id: The contact.
  site_id: The site where the contact works now.
  account_id: The account.
  category: The category, or unknown where too little speaks for any.
  probability: How likely that is, 0 to 1.
  second_category: The next likely.
  second_probability: How likely that is.
  because: What speaks for the category, or if it is unknown for the likeliest one, the strongest first.
  evidence: How many things said speak for any category.
  responses: How many responses of the contact are known.
  as_of: The day for which it holds.
*/
WITH ranked AS (
  SELECT contact_id, category, probability,
    row_number() OVER (PARTITION BY contact_id ORDER BY probability DESC, category) AS place,
    row_number() OVER (
      PARTITION BY contact_id
      ORDER BY CASE WHEN category = 'unknown' THEN 1 ELSE 0 END, probability DESC, category
    ) AS named
  FROM category_shares
),
spoken AS (
  SELECT e.contact_id, e.because, round(sum(e.bits), 6) AS bits
  FROM category_evidence e
  JOIN ranked r ON r.contact_id = e.contact_id AND r.category = e.category AND r.named = 1
  WHERE r.category <> 'unknown'
  GROUP BY e.contact_id, e.because
),
told AS (
  SELECT contact_id, because,
    row_number() OVER (PARTITION BY contact_id ORDER BY bits DESC, because) AS place
  FROM spoken WHERE bits >= 0.3
),
joined AS (
  SELECT contact_id, string_agg(because, '; ' ORDER BY place) AS because
  FROM told WHERE place <= 4 GROUP BY contact_id
),
pieces AS (
  SELECT contact_id, count(*) AS evidence FROM (
    SELECT DISTINCT contact_id, basis, said FROM category_evidence
  ) GROUP BY contact_id
),
acted AS (
  SELECT contact_id, count(*) AS responses FROM interactions WHERE basis = 'response'
  GROUP BY contact_id
)
SELECT c.contact_id, c.site_id, c.account_id, b.category, b.probability,
  s.category AS second_category, s.probability AS second_probability,
  CASE WHEN n.category = 'unknown' THEN 'nothing is known that would tell'
    WHEN b.category = 'unknown' THEN 'too little: ' || coalesce(j.because, 'old or weak hints')
      || ' (perhaps ' || replace(n.category, '_', ' ') || ')'
    ELSE coalesce(j.because, 'weak hints') END AS because,
  coalesce(p.evidence, 0) AS evidence, coalesce(d.responses, 0) AS responses, a.as_of
FROM contacts c
JOIN ranked b ON b.contact_id = c.contact_id AND b.place = 1
JOIN ranked n ON n.contact_id = c.contact_id AND n.named = 1
LEFT JOIN ranked s ON s.contact_id = c.contact_id AND s.place = 2
LEFT JOIN joined j ON j.contact_id = c.contact_id
LEFT JOIN pieces p ON p.contact_id = c.contact_id
LEFT JOIN acted d ON d.contact_id = c.contact_id
CROSS JOIN as_of a
