/*
question: What is missing in the mix of contacts, and by which figures?
row: One account, site, segment or source with contacts, or the whole database.
key: level, member
owner: marketer
columns:
  level: account, site, segment, source or database.
  member: Id or name of it; "all" for the database.
  people: How many contacts there are.
  decision_makers: Expected number of decision makers.
  influencers: Expected number of influencers.
  procurement: Expected number of people in procurement.
  finance: Expected number of people in finance.
  users: Expected number of users.
  unknown: Expected number of people of whom too little is known.
  key_players: How many usable key players of any product there are; of an account, site, segment or the database.
  usual_accounts: How many accounts that bought the usual mix is made of; empty for none.
  usual_band: Which accounts these are.
  gaps: How many gaps the sentence names.
  says: What is missing in words; empty where nothing is.
*/
WITH wide AS (
  SELECT level, member, max(people) AS people, max(usual_accounts) AS usual_accounts,
    max(usual_band) AS usual_band,
    round(sum(CASE WHEN category = 'decision_maker' THEN contacts ELSE 0.0 END), 6) AS decision_makers,
    round(sum(CASE WHEN category = 'influencer' THEN contacts ELSE 0.0 END), 6) AS influencers,
    round(sum(CASE WHEN category = 'procurement' THEN contacts ELSE 0.0 END), 6) AS procurement,
    round(sum(CASE WHEN category = 'finance' THEN contacts ELSE 0.0 END), 6) AS finance,
    round(sum(CASE WHEN category = 'user' THEN contacts ELSE 0.0 END), 6) AS users,
    round(sum(CASE WHEN category = 'unknown' THEN contacts ELSE 0.0 END), 6) AS unknown
  FROM contact_mix GROUP BY level, member
),
played AS (
  SELECT 'account' AS level, account_id AS member, count(DISTINCT contact_id) AS key_players
  FROM key_players WHERE usable AND account_id IS NOT NULL GROUP BY account_id
  UNION ALL
  SELECT 'site', site_id, count(DISTINCT contact_id)
  FROM key_players WHERE usable AND site_id IS NOT NULL GROUP BY site_id
  UNION ALL
  SELECT 'segment', u.segment, count(DISTINCT k.contact_id)
  FROM key_players k JOIN universe u ON u.site_id = k.site_id
  WHERE k.usable AND u.segment IS NOT NULL GROUP BY u.segment
  UNION ALL
  SELECT 'database', 'all', count(DISTINCT contact_id) FROM key_players WHERE usable
),
words AS (
  SELECT 'decision_maker' AS category, 1 AS place, 'decision maker' AS one,
    'decision makers' AS many
  UNION ALL SELECT 'procurement', 2, 'in procurement', 'in procurement'
  UNION ALL SELECT 'influencer', 3, 'influencer', 'influencers'
),
buying AS (
  SELECT w.level, w.member, w.people, o.category, o.place, o.one, o.many,
    coalesce(m.share, 0.0) AS share, coalesce(m.high, 1.0) AS high,
    CAST(round(coalesce(m.contacts, 0.0)) AS INTEGER) AS have,
    CAST(round(coalesce(m.usual_contacts, 0.0)) AS INTEGER) AS usual,
    m.usual_share, w.usual_accounts IS NOT NULL AS is_usual_known
  FROM wide w CROSS JOIN words o
  LEFT JOIN contact_mix m ON m.level = w.level AND m.member = w.member
    AND m.category = o.category
),
few AS (
  -- An account is held against the usual number of people, all else against the usual share.
  SELECT level, member, place,
    CASE WHEN have = 0 THEN 'no ' || replace(one, 'in ', '')
        || CASE WHEN usual > 1 AND level = 'account' THEN ' (usual ' ||
          CASE usual WHEN 2 THEN 'two' WHEN 3 THEN 'three' WHEN 4 THEN 'four' WHEN 5 THEN 'five'
            WHEN 6 THEN 'six' ELSE CAST(usual AS VARCHAR) END || ')' ELSE '' END
      WHEN level = 'account' THEN
        CASE have WHEN 1 THEN 'one' WHEN 2 THEN 'two' WHEN 3 THEN 'three' WHEN 4 THEN 'four'
          WHEN 5 THEN 'five' ELSE CAST(have AS VARCHAR) END
        || ' ' || CASE WHEN have = 1 THEN one ELSE many END || ' of the usual ' ||
        CASE usual WHEN 2 THEN 'two' WHEN 3 THEN 'three' WHEN 4 THEN 'four' WHEN 5 THEN 'five'
          WHEN 6 THEN 'six' ELSE CAST(usual AS VARCHAR) END
      ELSE CAST(CAST(round(100 * share) AS INTEGER) AS VARCHAR) || ' % ' || many || ' (usual ' ||
        CAST(CAST(round(100 * usual_share) AS INTEGER) AS VARCHAR) || ' %)' END AS says
  FROM buying
  WHERE (is_usual_known AND level = 'account' AND have < usual)
    OR (is_usual_known AND level <> 'account' AND high < usual_share)
    OR (have = 0 AND (NOT is_usual_known OR level <> 'account')
      AND category IN ('decision_maker', 'procurement'))
),
ranked AS (
  SELECT level, member, category, share, low, usual_share,
    row_number() OVER (PARTITION BY level, member ORDER BY share DESC, category) AS place
  FROM contact_mix WHERE category <> 'unknown'
),
much AS (
  SELECT level, member, 10 AS place,
    CAST(CAST(round(100 * share) AS INTEGER) AS VARCHAR) || ' % of the people are '
      || CASE category WHEN 'user' THEN 'users' WHEN 'procurement' THEN 'in procurement'
        WHEN 'finance' THEN 'in finance' WHEN 'media' THEN 'of the media'
        WHEN 'other' THEN 'here for another purpose'
        ELSE replace(category, '_', ' ') || 's' END
      || CASE WHEN usual_share IS NOT NULL THEN ' (usual ' ||
        CAST(CAST(round(100 * usual_share) AS INTEGER) AS VARCHAR) || ' %)' ELSE '' END AS says
  FROM ranked
  -- Half of the people are of one sort, or surely more than a tenth beyond what is usual.
  WHERE place = 1 AND ((share >= 0.5 AND (usual_share IS NULL OR share > usual_share + 0.1))
      OR low > usual_share + 0.1)
    AND category NOT IN ('decision_maker', 'procurement', 'influencer')
),
unsure AS (
  SELECT level, member, 20 AS place, 'too little is known of ' ||
    CAST(CAST(round(unknown) AS INTEGER) AS VARCHAR) || ' of ' || CAST(people AS VARCHAR) ||
    CASE WHEN people = 1 THEN ' person' ELSE ' people' END AS says
  FROM wide WHERE unknown >= 0.5 * people AND round(unknown) >= 1
),
keyless AS (
  SELECT w.level, w.member, 5 AS place, 'no key player' AS says
  FROM wide w
  CROSS JOIN (SELECT count(*) AS roles FROM product_roles) r
  LEFT JOIN played p ON p.level = w.level AND p.member = w.member
  WHERE r.roles > 0 AND p.key_players IS NULL AND w.level IN ('account', 'site')
),
gaps AS (
  SELECT level, member, place, says FROM few
  UNION ALL SELECT level, member, place, says FROM keyless
  UNION ALL SELECT level, member, place, says FROM much
  UNION ALL SELECT level, member, place, says FROM unsure
),
told AS (
  SELECT level, member, string_agg(says, '; ' ORDER BY place) AS says, count(*) AS gaps
  FROM gaps GROUP BY level, member
)
SELECT w.level, w.member, w.people, w.decision_makers,
  w.influencers, w.procurement,
  w.finance, w.users, w.unknown,
  CASE WHEN w.level <> 'source' THEN coalesce(p.key_players, 0) END AS key_players,
  w.usual_accounts, w.usual_band, coalesce(t.gaps, 0) AS gaps, t.says
FROM wide w
LEFT JOIN played p ON p.level = w.level AND p.member = w.member
LEFT JOIN told t ON t.level = w.level AND t.member = w.member
