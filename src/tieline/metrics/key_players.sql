/*
question: Who plays a role in buying, and may we use what we know of them?
row: One contact on the buying-role list of one product, for one function of that list.
key: contact_id, product, function
owner: marketer
better: up
columns:
  contact_id: The contact.
  product: The product.
  function: The function on the list; "any" where the list takes every function.
  level: Level of the contact's job title.
  site_id: The site where the contact works now.
  account_id: The account.
  usable: Whether the contact is one of those to work with (a usable record), so not suppressed, opted out or at a competitor.
*/
WITH usable AS (
  SELECT DISTINCT contact_id FROM record_entities
  WHERE status = 'usable' AND contact_id IS NOT NULL
)
SELECT DISTINCT c.contact_id, r.product, r.function, c.level, c.site_id, c.account_id,
  u.contact_id IS NOT NULL AS usable
FROM contacts c
JOIN product_roles r ON (r.function = c.function OR r.function = 'any')
  AND (r.level = c.level OR r.level = 'any')
LEFT JOIN usable u ON u.contact_id = c.contact_id
WHERE c.function IS NOT NULL OR c.level IS NOT NULL
