/*
question: Where does each relationship stand now, and since when?
row: One site of an account that is not set aside.
key: site_id
owner: marketer
better: up
columns:
  site_id: The site.
  account_id: Its account.
  stage: no_relationship, no_key_player, key_player, dialogue or sales.
  phase: early, mid or late of a dialogue; empty else.
  entered_on: Since when; empty where no record tells a day.
  days_in_stage: For how many days; empty where no record tells a day.
  moved_by: What moved it there, as in site_stage_periods.
  response_id: The response that moved it.
  contact_id: The contact that moved it.
  opportunity_id: The opportunity that moved it.
  because: The same in words.
  contacts: Usable contacts at the site now.
  key_players: How many of them count as key players.
  players_by: By what key players count there, as in site_players; empty for none.
  segment: The segment that takes the site, the first by priority; empty for none.
  product: What is sold to the segment; empty for none.
  as_of: The day the snapshot stands at.
increment:
  key: site_id
  nulls: none
  from:
    site_stage_periods: site_id
    contact_stays: site_id
    site_players: site_id
    universe: site_id
*/
WITH people AS (
  SELECT t.site_id, count(*) AS contacts, count(p.contact_id) AS key_players,
    min(p.basis) AS players_by
  FROM contact_stays t
  CROSS JOIN as_of d
  LEFT JOIN site_players p ON p.site_id = t.site_id AND p.contact_id = t.contact_id
  WHERE t.site_id IS NOT NULL AND t.entered_on <= coalesce(d.as_of, DATE '0001-01-01')
    AND (t.left_on IS NULL OR t.left_on > coalesce(d.as_of, DATE '0001-01-01'))
  GROUP BY t.site_id
)
SELECT p.site_id, p.account_id, p.stage, p.phase,
  CASE WHEN p.entered_on > DATE '0001-01-01' THEN p.entered_on END AS entered_on,
  CASE WHEN p.entered_on > DATE '0001-01-01' THEN CAST(d.as_of - p.entered_on AS BIGINT) END
    AS days_in_stage,
  p.moved_by, p.response_id, p.contact_id, p.opportunity_id, p.because,
  coalesce(n.contacts, 0) AS contacts, coalesce(n.key_players, 0) AS key_players, n.players_by,
  u.segment, nullif(g.product, '') AS product, d.as_of
FROM site_stage_periods p
CROSS JOIN as_of d
LEFT JOIN people n ON n.site_id = p.site_id
LEFT JOIN universe u ON u.site_id = p.site_id
LEFT JOIN segments g ON g.segment = u.segment
WHERE p.left_on IS NULL
