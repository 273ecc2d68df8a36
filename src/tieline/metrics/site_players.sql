/*
question: Who counts as a key player at the site, and by what?
row: One contact that counts as a key player at one site where they are or were.
key: site_id, contact_id
owner: marketer
columns:
  site_id: The site.
  contact_id: The contact.
  account_id: The account of the site.
  basis: "By what: product (the list of the product of the site's segment), any_product (the site is in no segment with a product) or buying_role (there is no list; who decides, buys or influences in most purchases counts)."
increment:
  key: site_id
  nulls: none
  from:
    contact_stays: site_id
    sites: site_id
    universe: site_id
    contacts: contact_stays.contact_id
    key_players: contact_stays.contact_id
*/
WITH stays AS (
  SELECT DISTINCT site_id, contact_id FROM contact_stays WHERE site_id IS NOT NULL
),
lists AS (
  SELECT DISTINCT product FROM product_roles
),
sold AS (
  -- What is sold to the site, and whether there is a list to go by.
  SELECT s.site_id, s.account_id, nullif(g.product, '') AS product,
    CASE WHEN l.product IS NOT NULL THEN 'product'
      WHEN nullif(g.product, '') IS NULL AND n.lists > 0 THEN 'any_product'
      ELSE 'buying_role' END AS basis
  FROM sites s
  CROSS JOIN (SELECT count(*) AS lists FROM lists) n
  LEFT JOIN universe u ON u.site_id = s.site_id
  LEFT JOIN segments g ON g.segment = u.segment
  LEFT JOIN lists l ON l.product = g.product
)
SELECT DISTINCT t.site_id, t.contact_id, o.account_id, o.basis
FROM stays t
JOIN sold o ON o.site_id = t.site_id
LEFT JOIN key_players k ON k.contact_id = t.contact_id
  AND (o.basis = 'any_product' OR (o.basis = 'product' AND k.product = o.product))
LEFT JOIN contacts c ON c.contact_id = t.contact_id
WHERE k.contact_id IS NOT NULL
  OR (o.basis = 'buying_role' AND c.buying_role IN ('decider', 'buyer', 'influencer'))
