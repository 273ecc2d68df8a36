/*
question: Which categories of people do we know at an account, a site, in a segment, in a list, in all, and what would be usual?
row: One category at one account or site, in one segment or source, or in the whole database; categories that are neither there nor usual have no row.
key: level, member, category
owner: marketer
columns:
  level: account, site, segment, source or database.
  member: Id or name of the account, site, segment or source; "all" for the database.
  category: The category, or unknown.
  contacts: Expected number of contacts, the sum of their probabilities.
  people: How many contacts there are in all categories.
  share: contacts by people, 0 to 1. The shares of a member sum to one.
  low: Lower end of the 95 % interval. Wilson's score interval (1927) on the effective number of contacts, those that would give the same variance if each category were sure; two contacts leave it wide.
  high: Upper end of it.
  usual_share: Mean share at accounts that bought or grew in the same band; empty where too few bought.
  usual_contacts: Mean number of such contacts at one of these accounts.
  usual_accounts: How many accounts that is.
  usual_band: Which accounts, of the same size and industry, the same size, the same segment, or all.
better: neutral
*/
WITH members AS (
  SELECT 'account' AS level, account_id AS member, contact_id FROM contacts
  WHERE account_id IS NOT NULL
  UNION ALL
  SELECT 'site', site_id, contact_id FROM contacts WHERE site_id IS NOT NULL
  UNION ALL
  SELECT 'segment', u.segment, c.contact_id
  FROM contacts c JOIN universe u ON u.site_id = c.site_id WHERE u.segment IS NOT NULL
  UNION ALL
  SELECT DISTINCT 'source', source, contact_id FROM record_entities WHERE contact_id IS NOT NULL
  UNION ALL
  SELECT 'database', 'all', contact_id FROM contacts
),
sizes AS (
  SELECT level, member, count(*) AS people FROM members GROUP BY level, member
),
counted AS (
  SELECT m.level, m.member, s.category, round(sum(s.probability), 9) AS contacts,
    round(sum(s.probability * (1.0 - s.probability)), 9) AS unsure
  FROM members m JOIN category_shares s ON s.contact_id = m.contact_id
  GROUP BY m.level, m.member, s.category
),
usual AS (
  SELECT z.level, z.member, z.people, b.band, x.category, x.share, x.contacts, x.accounts
  FROM sizes z
  JOIN usual_bands b ON b.level = z.level AND b.member = z.member
  JOIN usual_mixes x ON x.band = b.band
  WHERE x.share >= 0.0005
),
beside AS (
  SELECT coalesce(c.level, u.level) AS level, coalesce(c.member, u.member) AS member,
    coalesce(c.category, u.category) AS category, coalesce(c.contacts, 0.0) AS contacts,
    coalesce(c.unsure, 0.0) AS unsure, u.share AS usual_share, u.contacts AS usual_contacts
  FROM counted c
  FULL JOIN usual u ON u.level = c.level AND u.member = c.member AND u.category = c.category
),
shared AS (
  SELECT b.level, b.member, b.category, b.contacts, z.people, b.unsure,
    b.contacts / nullif(z.people, 0) AS share, b.usual_share, b.usual_contacts
  FROM beside b JOIN sizes z ON z.level = b.level AND z.member = b.member
),
effective AS (
  SELECT *, people * (share * (1.0 - share))
      / nullif(share * (1.0 - share) + unsure / nullif(people, 0), 0) AS n
  FROM shared
),
judged AS (
  SELECT level, member, category, contacts, people, share, usual_share, usual_contacts,
    CASE WHEN n IS NULL OR n <= 0 THEN CAST(people AS DOUBLE) ELSE n END AS n
  FROM effective
),
ends AS (
  -- 1.96 standard errors leave out 5 %.
  SELECT *, 3.8416 / nullif(n, 0) AS z2,
    1.96 * sqrt(greatest(share * (1.0 - share), 0.0) / nullif(n, 0)
      + 3.8416 / nullif(4.0 * n * n, 0)) AS half
  FROM judged
)
SELECT e.level, e.member, e.category, round(e.contacts, 6) AS contacts, e.people,
  round(e.share, 9) AS share,
  round(greatest((e.share + e.z2 / 2.0 - e.half) / nullif(1.0 + e.z2, 0), 0.0), 6) AS low,
  round(least((e.share + e.z2 / 2.0 + e.half) / nullif(1.0 + e.z2, 0), 1.0), 6) AS high,
  CASE WHEN b.band IS NOT NULL THEN coalesce(e.usual_share, 0.0) END AS usual_share,
  CASE WHEN b.band IS NOT NULL THEN coalesce(e.usual_contacts, 0.0) END AS usual_contacts,
  b.accounts AS usual_accounts, b.band AS usual_band
FROM ends e
LEFT JOIN usual_bands b ON b.level = e.level AND b.member = e.member
