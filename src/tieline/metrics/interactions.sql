/*
question: What did each person do with us that tells who they are?
row: One response or deal of a known contact, up to the day of the snapshot.
key: interaction_id
owner: analyst
columns:
  interaction_id: The response or the deal.
  contact_id: The contact.
  basis: response or opportunity.
  said: What it was, by its topic, its kind or the name of its source, whichever tells most; empty where none tells anything. Where a rule of the user's fits, "rule" and its number.
  category: The category that the user's rule says; else empty.
  telling: How much it proves, 0 to 1.
  day: The day on which it happened; without a date it counts as one half-life old.
  weight: What it counts on the day of the snapshot, telling times half for each half-life of its age.
*/
WITH telling AS (
  SELECT DISTINCT said, telling FROM category_weights WHERE basis = 'interaction'
),
readings AS (
  SELECT r.field, r.text, r.said, t.telling
  FROM category_readings r JOIN telling t ON t.said = r.said
  WHERE r.field IN ('kind', 'topic', 'log')
),
ruled AS (
  SELECT r.response_id, min(u.rule) AS rule
  FROM category_rules u
  JOIN responses r ON (u.kind IS NULL OR lower(r.kind) LIKE u.kind)
    AND (u.topic IS NULL OR lower(r.topic) LIKE u.topic)
    AND (u.source IS NULL OR lower(r.source) LIKE u.source)
  LEFT JOIN contacts c ON c.contact_id = r.contact_id
  WHERE (u.kind IS NOT NULL OR u.topic IS NOT NULL) AND r.contact_id IS NOT NULL
    AND (u.function IS NULL OR c.function = u.function)
  GROUP BY r.response_id
),
told AS (
  SELECT r.response_id AS interaction_id, r.contact_id, 'response' AS basis,
    CASE WHEN u.rule IS NOT NULL THEN 'rule ' || CAST(u.rule AS VARCHAR)
      WHEN t.telling >= coalesce(k.telling, 0.0) AND t.telling >= coalesce(l.telling, 0.0)
        THEN t.said
      WHEN k.telling >= coalesce(l.telling, 0.0) THEN k.said ELSE l.said END AS said,
    n.category,
    CASE WHEN u.rule IS NOT NULL THEN 1.0
      ELSE greatest(coalesce(t.telling, 0.0), coalesce(k.telling, 0.0), coalesce(l.telling, 0.0))
      END AS telling,
    CAST(r.occurred_at AS DATE) AS day
  FROM responses r
  LEFT JOIN readings k ON k.field = 'kind' AND k.text = r.kind
  LEFT JOIN readings t ON t.field = 'topic' AND t.text = r.topic
  LEFT JOIN readings l ON l.field = 'log' AND l.text = r.source
  LEFT JOIN ruled u ON u.response_id = r.response_id
  LEFT JOIN category_rules n ON n.rule = u.rule
  WHERE r.contact_id IS NOT NULL
  UNION ALL
  SELECT o.opportunity_id, o.contact_id, 'opportunity', t.said, NULL, t.telling,
    CAST(o.created_at AS DATE)
  FROM opportunities o JOIN telling t ON t.said = 'deal'
  WHERE o.contact_id IS NOT NULL
),
dated AS (
  SELECT t.interaction_id, t.contact_id, t.basis, t.said, t.category, t.telling, t.day,
    CASE WHEN t.day IS NULL OR a.as_of IS NULL THEN f.half_life_days
      ELSE CAST(date_diff('day', t.day, a.as_of) AS DOUBLE) END AS age_days,
    f.half_lives_per_day
  FROM told t CROSS JOIN as_of a CROSS JOIN category_figures f
)
SELECT interaction_id, contact_id, basis, said, category, telling, day,
  telling * pow(2.0, -age_days * half_lives_per_day) AS weight
FROM dated
WHERE age_days >= 0
