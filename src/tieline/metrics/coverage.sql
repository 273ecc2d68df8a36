/*
question: How much of each segment do we know, and where are its key players missing?
row: One segment with its product, or all segments together (segment "all", product empty). A site counts in the first segment that takes it, so that the segments add up to all.
key: segment, product
owner: executive
better: up
columns:
  segment: The segment, or "all".
  product: The product that the segment is addressed with; empty where it has none.
  priority: Priority of the segment, 1 first.
  owner: Who addresses the segment; empty where sales is not set up to.
  sites: Sites of the segment, known or not.
  known: Sites that we know.
  with_contact: Sites where we know somebody.
  with_usable_contact: Sites where we know somebody usable.
  with_key_player: Sites where we know a usable key player of the product; empty where the segment has no product.
  known_share: Sites known as a share of all sites, 0 to 1. Typical at the start are 0.25 to 0.40.
  contact_share: Sites with a contact as a share of all sites, 0 to 1.
  usable_share: Sites with a usable contact as a share of all sites, 0 to 1.
  useful_share: Sites with a key player as a share of the sites known, 0 to 1. Typical at the start are 0.10 to 0.15.
  key_player_share: Sites with a key player as a share of all sites, 0 to 1.
  target: What key_player_share should be, 0.80 to 0.90 for a segment that matters.
  missing_sites: How many more sites need a key player to reach the target.
*/
WITH played AS (
  SELECT DISTINCT member, product FROM universe_players
),
counted AS (
  SELECT s.segment, s.product, s.priority, s.owner, count(u.member) AS sites,
    count(CASE WHEN u.known THEN 1 END) AS known,
    count(CASE WHEN u.contacts > 0 THEN 1 END) AS with_contact,
    count(CASE WHEN u.usable_contacts > 0 THEN 1 END) AS with_usable_contact,
    count(p.member) AS with_key_player
  FROM segments s
  LEFT JOIN universe u ON u.segment = s.segment
  LEFT JOIN played p ON p.member = u.member AND p.product = s.product
  GROUP BY s.segment, s.product, s.priority, s.owner
),
targets AS (
  SELECT product, max(target) AS target FROM product_roles GROUP BY product
),
aimed AS (
  SELECT c.segment, c.product, c.priority, c.owner, c.sites, c.known, c.with_contact,
    c.with_usable_contact, CASE WHEN t.product IS NOT NULL THEN c.with_key_player END
      AS with_key_player,
    CASE WHEN t.product IS NOT NULL THEN c.sites END AS aimed_sites,
    CASE WHEN t.product IS NOT NULL THEN c.known END AS aimed_known, t.target,
    t.target * c.sites AS wanted
  FROM counted c LEFT JOIN targets t ON t.product = c.product
),
summed AS (
  SELECT segment, product, priority, owner, sites, known, with_contact, with_usable_contact,
    with_key_player, aimed_sites, aimed_known, target, wanted
  FROM aimed
  UNION ALL
  SELECT 'all', '', NULL, '', CAST(sum(sites) AS BIGINT), CAST(sum(known) AS BIGINT),
    CAST(sum(with_contact) AS BIGINT), CAST(sum(with_usable_contact) AS BIGINT),
    CAST(sum(with_key_player) AS BIGINT), CAST(sum(aimed_sites) AS BIGINT),
    CAST(sum(aimed_known) AS BIGINT), round(sum(wanted), 6) / nullif(sum(aimed_sites), 0),
    round(sum(wanted), 6)
  FROM aimed HAVING count(*) > 0
)
SELECT segment, product, priority, owner, sites, known, with_contact, with_usable_contact,
  with_key_player, known / nullif(sites, 0) AS known_share,
  with_contact / nullif(sites, 0) AS contact_share,
  with_usable_contact / nullif(sites, 0) AS usable_share,
  with_key_player / nullif(aimed_known, 0) AS useful_share,
  with_key_player / nullif(aimed_sites, 0) AS key_player_share, target,
  CASE WHEN wanted > with_key_player THEN CAST(ceil(round(wanted - with_key_player, 6)) AS BIGINT)
    WHEN wanted IS NOT NULL THEN 0 END AS missing_sites
FROM summed
