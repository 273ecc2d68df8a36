/*
question: How likely is each category of a contact?
row: One category that something speaks for, or unknown, of one contact. A contact's rows sum to one.
key: contact_id, category
owner: marketer
columns:
  contact_id: The contact.
  category: The category, or unknown.
  bits: What speaks for it in all; 0 for unknown.
  probability: "Share of the prior times two to the power of the bits; 1 for unknown where nothing is said."
*/
WITH summed AS (
  SELECT contact_id, category, round(sum(bits), 6) AS bits FROM category_evidence
  GROUP BY contact_id, category
),
candidates AS (
  SELECT contact_id, category, bits FROM summed
  UNION ALL
  SELECT contact_id, 'unknown', 0.0 FROM contacts
),
scored AS (
  SELECT c.contact_id, c.category, c.bits, c.bits / nullif(f.temperature, 0) + w.bits AS score
  FROM candidates c
  JOIN category_weights w ON w.basis = 'prior' AND w.category = c.category
  CROSS JOIN category_figures f
),
raised AS (
  -- Less the best, so that no power is out of bounds.
  SELECT contact_id, category, bits,
    pow(2.0, score - max(score) OVER (PARTITION BY contact_id)) AS part
  FROM scored
)
SELECT contact_id, category, round(bits, 6) AS bits,
  round(part / nullif(sum(part) OVER (PARTITION BY contact_id), 0), 9) AS probability
FROM raised
