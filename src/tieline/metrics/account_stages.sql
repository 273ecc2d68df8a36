/*
question: How far has the relationship with each account come?
row: One account that is not set aside.
key: account_id
owner: marketer
better: up
columns:
  account_id: The account.
  stage: The furthest stage of its sites; no_relationship where it has none.
  phase: The phase, if that is a dialogue.
  site_id: The site that stands there, the first that came there.
  entered_on: Since when; empty where no record tells a day.
  because: What moved it there, in words.
  sites: Sites of the account.
  no_relationship: How many of them stand at that stage.
  no_key_player: Likewise.
  key_player: Likewise.
  dialogue: Likewise.
  sales: Likewise.
  contacts: Usable contacts at its sites.
  key_players: How many of them count as key players.
increment:
  key: account_id
  nulls: none
  from:
    accounts: account_id
    site_stages: account_id
*/
WITH ranked AS (
  SELECT site_id, account_id, stage, phase, entered_on, because, contacts, key_players,
    row_number() OVER (
      PARTITION BY account_id
      ORDER BY CASE stage WHEN 'sales' THEN 0 WHEN 'dialogue' THEN 1 WHEN 'key_player' THEN 2
        WHEN 'no_key_player' THEN 3 ELSE 4 END,
        CASE phase WHEN 'late' THEN 0 WHEN 'mid' THEN 1 ELSE 2 END,
        entered_on NULLS FIRST, site_id
    ) AS place
  FROM site_stages
),
counted AS (
  SELECT account_id, count(*) AS sites,
    count(CASE WHEN stage = 'no_relationship' THEN 1 END) AS no_relationship,
    count(CASE WHEN stage = 'no_key_player' THEN 1 END) AS no_key_player,
    count(CASE WHEN stage = 'key_player' THEN 1 END) AS key_player,
    count(CASE WHEN stage = 'dialogue' THEN 1 END) AS dialogue,
    count(CASE WHEN stage = 'sales' THEN 1 END) AS sales,
    CAST(sum(contacts) AS BIGINT) AS contacts, CAST(sum(key_players) AS BIGINT) AS key_players
  FROM ranked GROUP BY account_id
)
SELECT a.account_id, coalesce(r.stage, 'no_relationship') AS stage, r.phase, r.site_id,
  r.entered_on, coalesce(r.because, 'No site of the account is known.') AS because,
  coalesce(c.sites, 0) AS sites,
  coalesce(c.no_relationship, 0) AS no_relationship, coalesce(c.no_key_player, 0) AS no_key_player,
  coalesce(c.key_player, 0) AS key_player, coalesce(c.dialogue, 0) AS dialogue,
  coalesce(c.sales, 0) AS sales, coalesce(c.contacts, 0) AS contacts,
  coalesce(c.key_players, 0) AS key_players
FROM accounts a
LEFT JOIN ranked r ON r.account_id = a.account_id AND r.place = 1
LEFT JOIN counted c ON c.account_id = a.account_id
WHERE a.set_aside IS NULL
