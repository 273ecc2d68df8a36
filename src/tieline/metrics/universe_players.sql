/*
question: Which key players do we know at which site?
row: One function of a product's buying-role list at one site where we know somebody usable who has it.
key: member, product, function
owner: marketer
better: up
columns:
  member: The site, as in the universe.
  product: The product.
  function: The function on the list.
  contacts: How many usable contacts at the site have it.
*/
SELECT u.member, k.product, k.function, count(*) AS contacts
FROM universe u
JOIN key_players k ON k.site_id = u.site_id
WHERE k.usable
GROUP BY u.member, k.product, k.function
