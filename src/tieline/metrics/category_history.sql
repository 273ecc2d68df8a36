/*
question: How has the category of each contact changed over time?
row: One contact from one day on, until the next row; only changes are kept.
key: contact_id, since
owner: marketer
columns:
  contact_id: The contact.
  since: The first day of it; the oldest date of the contact's records, or 0001-01-01, where title or list say so.
  category: The category from that day on, by what had been done until then, weighed as of that day. What titles and lists say has no date and holds throughout.
  before: The category before; empty for the first.
  changed_by: What changed it, the kind of response or deal of that day, "first known", or "time" where the responses before had become old.
  response_id: The response or deal of that day that speaks for it most; empty for none.
*/
WITH acted AS (
  SELECT i.interaction_id, i.contact_id, i.said, i.weight, i.telling, i.category AS ruled,
    coalesce(i.day, a.as_of - CAST(round(f.half_life_days) AS INTEGER), DATE '0001-01-01') AS day,
    coalesce(a.as_of, DATE '0001-01-01') AS as_of, f.half_lives_per_day
  FROM interactions i CROSS JOIN as_of a CROSS JOIN category_figures f
  WHERE i.telling > 0
),
spoken AS (
  SELECT i.interaction_id, i.contact_id, i.day, i.said, coalesce(i.ruled, w.category) AS category,
    i.weight * coalesce(w.bits, 8.0) AS bits, i.telling * coalesce(w.bits, 8.0) AS most
  FROM acted i
  LEFT JOIN category_weights w ON w.basis = 'interaction' AND w.said = i.said
  WHERE i.said IS NOT NULL
),
points AS (
  -- Each day on which something was done, and the day of the snapshot.
  SELECT contact_id, day, round(sum(weight), 15) AS weight, max(as_of) AS as_of,
    max(half_lives_per_day) AS half_lives_per_day
  FROM (
    SELECT contact_id, day, weight, as_of, half_lives_per_day FROM acted
    UNION ALL
    SELECT DISTINCT contact_id, as_of, 0.0, as_of, half_lives_per_day FROM acted
  ) GROUP BY contact_id, day
),
summed AS (
  SELECT contact_id, day,
    round(sum(weight) OVER (PARTITION BY contact_id ORDER BY day), 15) *
      pow(2.0, date_diff('day', day, as_of) * half_lives_per_day) AS n,
    pow(2.0, date_diff('day', day, as_of) * half_lives_per_day) AS younger
  FROM points
),
lasting AS (
  SELECT contact_id, category, round(sum(bits), 6) AS bits FROM category_evidence
  WHERE basis NOT IN ('response', 'opportunity') GROUP BY contact_id, category
),
by_day AS (
  SELECT contact_id, day, category, round(sum(bits), 15) AS bits,
    round(sum(most), 6) AS most
  FROM spoken GROUP BY contact_id, day, category
),
needed AS (
  SELECT w.category, f.temperature * (u.bits - w.bits) AS bits
  FROM category_weights w
  JOIN category_weights u ON u.basis = 'prior' AND u.category = 'unknown'
  CROSS JOIN category_figures f
  WHERE w.basis = 'prior'
),
wanted AS (
  -- What could at no time have outweighed unknown needs no look.
  SELECT b.contact_id, b.category FROM (
    SELECT contact_id, category, most FROM by_day
    UNION ALL SELECT contact_id, category, bits FROM lasting
    WHERE contact_id IN (SELECT contact_id FROM acted)
  ) b JOIN needed n ON n.category = b.category
  GROUP BY b.contact_id, b.category, n.bits HAVING round(sum(b.most), 6) >= n.bits
),
run AS (
  SELECT s.contact_id, s.day, w.category, s.n, s.younger,
    round(sum(coalesce(b.bits, 0.0)) OVER (
      PARTITION BY s.contact_id, w.category ORDER BY s.day
    ), 15) AS raw
  FROM summed s
  JOIN wanted w ON w.contact_id = s.contact_id
  LEFT JOIN by_day b ON b.contact_id = s.contact_id AND b.day = s.day AND b.category = w.category
),
told AS (
  SELECT r.contact_id, r.day, r.category,
    r.raw * r.younger / nullif(1.0 + f.repetition * greatest(r.n - 1.0, 0.0), 0)
      + coalesce(l.bits, 0.0)
      AS bits
  FROM run r CROSS JOIN category_figures f
  LEFT JOIN lasting l ON l.contact_id = r.contact_id AND l.category = r.category
  UNION ALL
  SELECT contact_id, day, 'unknown', 0.0 FROM summed
  WHERE contact_id IN (SELECT contact_id FROM wanted)
  UNION ALL
  -- Before anything was done, title and list alone.
  SELECT l.contact_id, coalesce(least(CAST(c.first_seen_at AS DATE), p.day - 1),
    CAST(c.first_seen_at AS DATE), DATE '0001-01-01'), l.category, l.bits
  FROM lasting l JOIN contacts c ON c.contact_id = l.contact_id
  JOIN needed n ON n.category = l.category AND l.bits >= n.bits
  LEFT JOIN (SELECT contact_id, min(day) AS day FROM points GROUP BY contact_id) p
    ON p.contact_id = l.contact_id
),
scored AS (
  SELECT t.contact_id, t.day, t.category, round(t.bits, 6) AS bits,
    round(t.bits / nullif(f.temperature, 0) + w.bits, 6) AS score
  FROM told t
  JOIN category_weights w ON w.basis = 'prior' AND w.category = t.category
  CROSS JOIN category_figures f
  WHERE t.bits > 0 OR t.category = 'unknown'
),
likeliest AS (
  SELECT contact_id, day, category, score,
    row_number() OVER (PARTITION BY contact_id, day ORDER BY score DESC, category) AS place
  FROM scored
),
best AS (
  -- Where title and list alone speak, unknown is what they must outweigh.
  SELECT l.contact_id, l.day,
    CASE WHEN l.score < w.bits THEN 'unknown' ELSE l.category END AS category
  FROM likeliest l
  JOIN category_weights w ON w.basis = 'prior' AND w.category = 'unknown'
  WHERE l.place = 1
),
moved AS (
  SELECT contact_id, day, category,
    coalesce(lag(category) OVER (PARTITION BY contact_id ORDER BY day), 'unknown') AS before,
    row_number() OVER (PARTITION BY contact_id ORDER BY day) AS place
  FROM best
),
changed AS (
  SELECT contact_id, day, category, before, place FROM moved WHERE category <> before
),
causes AS (
  SELECT s.contact_id, s.day, s.category, s.interaction_id, s.said,
    row_number() OVER (
      PARTITION BY s.contact_id, s.day, s.category ORDER BY s.bits DESC, s.interaction_id
    ) AS place
  FROM spoken s
  JOIN changed c ON c.contact_id = s.contact_id AND c.day = s.day AND c.category = s.category
)
SELECT m.contact_id, m.day AS since, m.category,
  CASE WHEN m.place > 1 THEN m.before END AS before,
  CASE WHEN c.said IS NOT NULL THEN c.said WHEN m.place = 1 THEN 'first known' ELSE 'time' END
    AS changed_by,
  c.interaction_id AS response_id
FROM changed m
LEFT JOIN causes c ON c.contact_id = m.contact_id AND c.day = m.day AND c.category = m.category
  AND c.place = 1
