/*
question: Where did each relationship stand, from when until when, and what moved it?
row: One stay of one site at one stage (SPEC M3) and phase, up to the day the snapshot stands at.
key: site_id, entered_on
owner: marketer
columns:
  site_id: The site.
  account_id: Its account; sites of accounts that are set aside have no stage.
  stage: no_relationship, no_key_player, key_player, dialogue or sales, the furthest whose conditions hold; a dialogue needs a key player at the site.
  phase: early, mid or late of a dialogue; empty else.
  entered_on: The first day; 0001-01-01 for "from the beginning", where no record tells a day.
  left_on: The day on which the next stage began; empty while the site is still there.
  from_stage: The stage before; empty for the first.
  from_phase: The phase before.
  moved_by: "What moved it: response, contact (one became known, or left), opportunity, silence (responses count no more), close (of the last opportunity) or record (the site became known)."
  response_id: The response that moved it.
  contact_id: Whose response it was, or the contact that became known.
  opportunity_id: The opportunity that moved it.
  because: The same in words.
increment:
  key: site_id
  nulls: none
  from:
    sites: site_id
    accounts: account_id = sites.account_id
    record_days: site_id
    contact_stays: site_id
    site_players: site_id
    dialogue_spans: site_id
    sales_spans: site_id
    opportunities: opportunity_id = sales_spans.opportunity_id
*/
WITH stood AS (
  SELECT coalesce(as_of, DATE '0001-01-01') AS as_of FROM as_of
),
first_records AS (
  SELECT site_id, min(coalesce(known_on, DATE '0001-01-01')) AS known_on
  FROM record_days WHERE site_id IS NOT NULL GROUP BY site_id
),
staged_sites AS (
  SELECT s.site_id, s.account_id, coalesce(f.known_on, DATE '0001-01-01') AS known_on
  FROM sites s
  JOIN accounts a ON a.account_id = s.account_id
  LEFT JOIN first_records f ON f.site_id = s.site_id
  WHERE a.set_aside IS NULL
),
stays AS (
  SELECT t.site_id, t.contact_id, t.entered_on, t.left_on,
    CASE WHEN p.contact_id IS NULL THEN 0 ELSE 1 END AS is_player
  FROM contact_stays t
  LEFT JOIN site_players p ON p.site_id = t.site_id AND p.contact_id = t.contact_id
  WHERE t.site_id IS NOT NULL
),
-- What changes at a site on a day: how many more or fewer of each, and who or what it was.
changes AS (
  SELECT site_id, known_on AS day, 0 AS contacts, 0 AS players, 0 AS early, 0 AS mid, 0 AS late,
    0 AS sales, NULL AS contact, NULL AS player, NULL AS early_response, NULL AS mid_response,
    NULL AS late_response, NULL AS handed_over, NULL AS closed
  FROM staged_sites
  UNION ALL
  SELECT site_id, entered_on, 1, is_player, 0, 0, 0, 0, contact_id,
    CASE WHEN is_player = 1 THEN contact_id END, NULL, NULL, NULL, NULL, NULL
  FROM stays
  UNION ALL
  SELECT site_id, left_on, -1, -is_player, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM stays WHERE left_on IS NOT NULL
  UNION ALL
  SELECT site_id, started_on, 0, 0, CASE WHEN phase = 'early' THEN 1 ELSE 0 END,
    CASE WHEN phase = 'mid' THEN 1 ELSE 0 END, CASE WHEN phase = 'late' THEN 1 ELSE 0 END, 0, NULL,
    NULL, CASE WHEN phase = 'early' THEN response_id END,
    CASE WHEN phase = 'mid' THEN response_id END, CASE WHEN phase = 'late' THEN response_id END,
    NULL, NULL
  FROM dialogue_spans
  UNION ALL
  SELECT site_id, ended_on, 0, 0, CASE WHEN phase = 'early' THEN -1 ELSE 0 END,
    CASE WHEN phase = 'mid' THEN -1 ELSE 0 END, CASE WHEN phase = 'late' THEN -1 ELSE 0 END, 0,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM dialogue_spans
  UNION ALL
  SELECT site_id, started_on, 0, 0, 0, 0, 0, 1, NULL, NULL, NULL, NULL, NULL, opportunity_id, NULL
  FROM sales_spans WHERE ended_on IS NULL OR ended_on > started_on
  UNION ALL
  SELECT site_id, ended_on, 0, 0, 0, 0, 0, -1, NULL, NULL, NULL, NULL, NULL, NULL, opportunity_id
  FROM sales_spans WHERE ended_on > started_on
),
-- What is told of a site counts from the day on which the site became known.
days AS (
  SELECT c.site_id, s.account_id, greatest(c.day, s.known_on) AS day, sum(c.contacts) AS contacts,
    sum(c.players) AS players, sum(c.early) AS early, sum(c.mid) AS mid, sum(c.late) AS late,
    sum(c.sales) AS sales, min(c.contact) AS contact, min(c.player) AS player,
    min(c.early_response) AS early_response, min(c.mid_response) AS mid_response,
    min(c.late_response) AS late_response, min(c.handed_over) AS handed_over,
    min(c.closed) AS closed
  FROM changes c
  JOIN staged_sites s ON s.site_id = c.site_id
  CROSS JOIN stood
  WHERE greatest(c.day, s.known_on) <= stood.as_of OR greatest(c.day, s.known_on) = DATE '0001-01-01'
  GROUP BY c.site_id, s.account_id, greatest(c.day, s.known_on)
),
running AS (
  SELECT site_id, account_id, day, contact, player, early_response, mid_response, late_response,
    handed_over, closed,
    sum(contacts) OVER (PARTITION BY site_id ORDER BY day) AS contacts,
    sum(players) OVER (PARTITION BY site_id ORDER BY day) AS players,
    sum(early) OVER (PARTITION BY site_id ORDER BY day) AS early,
    sum(mid) OVER (PARTITION BY site_id ORDER BY day) AS mid,
    sum(late) OVER (PARTITION BY site_id ORDER BY day) AS late,
    sum(sales) OVER (PARTITION BY site_id ORDER BY day) AS sales
  FROM days
),
-- The stages in their order: 0 no_relationship to 6 sales, 3 to 5 the phases of dialogue.
placed AS (
  SELECT site_id, account_id, day, contact, player, early_response, mid_response, late_response,
    handed_over, closed,
    CASE WHEN sales > 0 THEN 6
      WHEN players > 0 AND late > 0 THEN 5
      WHEN players > 0 AND mid > 0 THEN 4
      WHEN players > 0 AND early > 0 THEN 3
      WHEN players > 0 THEN 2
      WHEN contacts > 0 THEN 1
      ELSE 0 END AS place
  FROM running
),
compared AS (
  SELECT site_id, account_id, day, contact, player, handed_over, closed, place,
    CASE place WHEN 5 THEN late_response WHEN 4 THEN mid_response WHEN 3 THEN early_response END
      AS response_id,
    lag(place) OVER (PARTITION BY site_id ORDER BY day) AS place_before
  FROM placed
),
moves AS (
  SELECT site_id, account_id, day, contact, player, handed_over, closed, place, response_id,
    place_before,
    CASE
      WHEN place = 6 THEN 'opportunity'
      WHEN place > coalesce(place_before, -1) AND place >= 3 AND response_id IS NOT NULL
        THEN 'response'
      WHEN place > coalesce(place_before, -1) AND place >= 1 THEN 'contact'
      WHEN place_before IS NULL THEN 'record'
      WHEN place_before = 6 AND closed IS NOT NULL THEN 'close'
      WHEN place >= 2 THEN 'silence'
      ELSE 'contact'
    END AS moved_by,
    lead(day) OVER (PARTITION BY site_id ORDER BY day) AS left_on
  FROM compared
  WHERE place_before IS NULL OR place_before <> place
),
said AS (
  SELECT site_id, response_id, min(contact_id) AS contact_id, min(said) AS said,
    min(topic) AS topic
  FROM dialogue_spans GROUP BY site_id, response_id
)
SELECT m.site_id, m.account_id,
  CASE m.place WHEN 6 THEN 'sales' WHEN 2 THEN 'key_player' WHEN 1 THEN 'no_key_player'
    WHEN 0 THEN 'no_relationship' ELSE 'dialogue' END AS stage,
  CASE m.place WHEN 5 THEN 'late' WHEN 4 THEN 'mid' WHEN 3 THEN 'early' END AS phase,
  m.day AS entered_on, m.left_on,
  CASE m.place_before WHEN 6 THEN 'sales' WHEN 2 THEN 'key_player' WHEN 1 THEN 'no_key_player'
    WHEN 0 THEN 'no_relationship' WHEN 5 THEN 'dialogue' WHEN 4 THEN 'dialogue'
    WHEN 3 THEN 'dialogue' END AS from_stage,
  CASE m.place_before WHEN 5 THEN 'late' WHEN 4 THEN 'mid' WHEN 3 THEN 'early' END AS from_phase,
  m.moved_by,
  CASE WHEN m.moved_by = 'response' THEN m.response_id END AS response_id,
  CASE WHEN m.moved_by = 'response' THEN r.contact_id
    WHEN m.moved_by = 'contact' THEN coalesce(m.player, m.contact) END AS contact_id,
  CASE WHEN m.moved_by = 'opportunity' THEN m.handed_over WHEN m.moved_by = 'close' THEN m.closed
    END AS opportunity_id,
  CASE m.moved_by
    WHEN 'opportunity' THEN 'The opportunity ' || coalesce('"' || h.name || '" ', '')
      || 'was handed over to sales.'
    WHEN 'response' THEN 'The response "' || r.said || '"' || coalesce(' about "' || r.topic || '"', '')
      || CASE m.place WHEN 5 THEN ' asks for a product or a talk with sales (late dialogue).'
        WHEN 4 THEN ' looks into solutions (mid dialogue).'
        ELSE ' answers us (early dialogue).' END
    WHEN 'record' THEN 'The site became known; nobody usable is known there.'
    WHEN 'close' THEN 'The opportunity ' || coalesce('"' || d.name || '" ', '') || 'was closed ('
      || coalesce(d.outcome, '') || '), and no other is open.'
    WHEN 'silence' THEN CASE WHEN m.place = 2
        THEN 'For ' || CAST(k.silence_days AS VARCHAR) || ' days no response was dialogue.'
        ELSE 'For ' || CAST(k.silence_days AS VARCHAR)
          || ' days no response went as far; what still counts is ' || CASE m.place
          WHEN 4 THEN 'mid' ELSE 'early' END || ' dialogue.' END
    ELSE CASE
      WHEN m.place > coalesce(m.place_before, -1) AND m.place >= 3
        THEN 'A key player became known; earlier responses count from then on.'
      WHEN m.place > coalesce(m.place_before, -1) AND m.place = 2
        THEN 'A key player became known.'
      WHEN m.place > coalesce(m.place_before, -1) THEN 'A usable contact became known, no key player.'
      WHEN m.place = 1 THEN 'The last key player has left; other contacts are there.'
      ELSE 'The last usable contact has left.' END
  END AS because
FROM moves m
CROSS JOIN stage_clock k
LEFT JOIN said r ON r.site_id = m.site_id AND r.response_id = m.response_id
LEFT JOIN opportunities h ON h.opportunity_id = m.handed_over
LEFT JOIN opportunities d ON d.opportunity_id = m.closed
