/*
question: Which key-player functions are missing in which segment?
row: One function of the buying-role list of a segment's product.
key: segment, product, function
owner: marketer
better: up
columns:
  segment: The segment.
  product: Its product.
  function: The function on the list; "any" where the list takes every function.
  sites: Sites of the segment, known or not.
  known: Sites that we know.
  with_function: Sites where we know somebody usable who has the function.
  contacts: How many usable contacts have it there.
  share: Sites with the function as a share of all sites, 0 to 1.
  known_share: Sites with the function as a share of the sites known, 0 to 1.
*/
WITH functions AS (
  SELECT DISTINCT product, function FROM product_roles
),
counted AS (
  SELECT s.segment, s.product, f.function, count(u.member) AS sites,
    count(CASE WHEN u.known THEN 1 END) AS known, count(p.member) AS with_function,
    CAST(coalesce(sum(p.contacts), 0) AS BIGINT) AS contacts
  FROM segments s
  JOIN functions f ON f.product = s.product
  LEFT JOIN universe u ON u.segment = s.segment
  LEFT JOIN universe_players p ON p.member = u.member AND p.product = s.product
    AND p.function = f.function
  GROUP BY s.segment, s.product, f.function
)
SELECT segment, product, function, sites, known, with_function, contacts,
  with_function / nullif(sites, 0) AS share, with_function / nullif(known, 0) AS known_share
FROM counted
