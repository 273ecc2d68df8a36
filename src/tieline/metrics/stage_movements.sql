/*
question: How many relationships went from which stage to which, month by month?
row: One move between two stages or phases in one month, in one segment or in all.
key: period, segment, from_stage, from_phase, to_stage, to_phase
owner: marketer
columns:
  period: The month, YYYY-MM.
  segment: The segment that takes the sites now; "all" for all sites, empty for those that none takes.
  from_stage: The stage left; empty where the site became known.
  from_phase: The phase left; empty for none.
  to_stage: The stage entered.
  to_phase: The phase entered; empty for none.
  direction: forward, back or new.
  sites: How many moves there were; a site that moves to and fro is counted each time.
*/
WITH moved AS (
  SELECT strftime(p.entered_on, '%Y-%m') AS period, coalesce(u.segment, '') AS segment,
    coalesce(p.from_stage, '') AS from_stage, coalesce(p.from_phase, '') AS from_phase,
    p.stage AS to_stage, coalesce(p.phase, '') AS to_phase
  FROM site_stage_periods p
  LEFT JOIN universe u ON u.site_id = p.site_id
  WHERE p.entered_on > DATE '0001-01-01'
),
counted AS (
  SELECT period, segment, from_stage, from_phase, to_stage, to_phase, count(*) AS sites
  FROM moved GROUP BY period, segment, from_stage, from_phase, to_stage, to_phase
  UNION ALL
  SELECT period, 'all', from_stage, from_phase, to_stage, to_phase, count(*)
  FROM moved GROUP BY period, from_stage, from_phase, to_stage, to_phase
),
places AS (
  SELECT 'no_relationship' AS stage, '' AS phase, 0 AS place
  UNION ALL SELECT 'no_key_player', '', 1
  UNION ALL SELECT 'key_player', '', 2
  UNION ALL SELECT 'dialogue', 'early', 3
  UNION ALL SELECT 'dialogue', 'mid', 4
  UNION ALL SELECT 'dialogue', 'late', 5
  UNION ALL SELECT 'sales', '', 6
)
SELECT c.period, c.segment, c.from_stage, c.from_phase, c.to_stage, c.to_phase,
  CASE WHEN c.from_stage = '' THEN 'new' WHEN t.place > f.place THEN 'forward' ELSE 'back' END
    AS direction, c.sites
FROM counted c
JOIN places t ON t.stage = c.to_stage AND t.phase = c.to_phase
LEFT JOIN places f ON f.stage = c.from_stage AND f.phase = c.from_phase
