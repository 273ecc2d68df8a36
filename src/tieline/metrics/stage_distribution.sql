/*
question: How do the sites of each segment spread over the stages?
row: One stage and phase of a segment, of the sites outside all segments (segment empty), or of all sites together (segment "all"); also where no site stands there.
key: segment, product, stage, phase
owner: marketer
columns:
  segment: The segment; "all" for all sites, empty for those that no segment takes.
  product: What is sold to the segment; empty for none.
  stage: no_relationship, no_key_player, key_player, dialogue or sales.
  phase: early, mid or late of a dialogue; empty else.
  place: Place of stage and phase in their order, 0 to 6.
  sites: Sites that stand there; those that only a registry has are at no_relationship.
  known_sites: How many of them are sites of ours.
  share: Their share of all sites of the segment, 0 to 1.
  known_share: Share of the sites of ours there among the segment's sites of ours, 0 to 1.
  median_days: For how many days half of them have stood there; empty where none is dated.
  as_of: The day.
*/
WITH places AS (
  SELECT 'no_relationship' AS stage, '' AS phase, 0 AS place
  UNION ALL SELECT 'no_key_player', '', 1
  UNION ALL SELECT 'key_player', '', 2
  UNION ALL SELECT 'dialogue', 'early', 3
  UNION ALL SELECT 'dialogue', 'mid', 4
  UNION ALL SELECT 'dialogue', 'late', 5
  UNION ALL SELECT 'sales', '', 6
),
staged AS (
  SELECT coalesce(segment, '') AS segment, stage, coalesce(phase, '') AS phase, days_in_stage,
    1 AS known
  FROM site_stages
  UNION ALL
  SELECT coalesce(segment, ''), 'no_relationship', '', NULL, 0 FROM universe WHERE NOT known
),
listed AS (
  SELECT segment, product FROM segments
  UNION ALL SELECT '', '' FROM (SELECT count(*) AS sites FROM staged WHERE segment = '') t
  WHERE t.sites > 0
),
counted AS (
  SELECT segment, stage, phase, count(*) AS sites, count(CASE WHEN known = 1 THEN 1 END) AS known_sites,
    median(CASE WHEN known = 1 THEN days_in_stage END) AS median_days
  FROM staged GROUP BY segment, stage, phase
  UNION ALL
  SELECT 'all', stage, phase, count(*), count(CASE WHEN known = 1 THEN 1 END),
    median(CASE WHEN known = 1 THEN days_in_stage END)
  FROM staged GROUP BY stage, phase
),
laid_out AS (
  SELECT l.segment, l.product, p.stage, p.phase, p.place, coalesce(c.sites, 0) AS sites,
    coalesce(c.known_sites, 0) AS known_sites, c.median_days
  FROM (SELECT segment, product FROM listed UNION ALL SELECT 'all', '') l
  CROSS JOIN places p
  LEFT JOIN counted c ON c.segment = l.segment AND c.stage = p.stage AND c.phase = p.phase
)
SELECT o.segment, o.product, o.stage, nullif(o.phase, '') AS phase, CAST(o.place AS BIGINT) AS place,
  o.sites, o.known_sites,
  o.sites / nullif(sum(o.sites) OVER (PARTITION BY o.segment), 0) AS share,
  o.known_sites / nullif(sum(o.known_sites) OVER (PARTITION BY o.segment), 0) AS known_share,
  o.median_days, d.as_of
FROM laid_out o CROSS JOIN as_of d
