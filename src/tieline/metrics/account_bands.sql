/*
question: Which accounts are alike by size and industry, and which of them bought?
row: One account that is not set aside.
key: account_id
owner: analyst
columns:
  account_id: The account.
  size: "Band of employees, micro (1 to 9), small (10 to 49), medium (50 to 249), large (250 to 999) or very large; the first three by the EU's Recommendation 2003/361/EC; empty if unknown."
  industry: Industry as given, in lower case; empty if unknown.
  segment: The segment of most of its sites.
  bought: Whether an opportunity there was won, so that it bought or grew.
  contacts: How many contacts work there now.
*/
WITH won AS (
  SELECT DISTINCT account_id FROM opportunities WHERE outcome = 'won' AND account_id IS NOT NULL
),
placed AS (
  SELECT account_id, segment,
    row_number() OVER (PARTITION BY account_id ORDER BY count(*) DESC, segment) AS place
  FROM universe WHERE account_id IS NOT NULL AND segment IS NOT NULL AND known
  GROUP BY account_id, segment
)
SELECT a.account_id,
  CASE WHEN a.employees < 1 OR a.employees IS NULL THEN NULL WHEN a.employees < 10 THEN 'micro'
    WHEN a.employees < 50 THEN 'small' WHEN a.employees < 250 THEN 'medium'
    WHEN a.employees < 1000 THEN 'large' ELSE 'very large' END AS size,
  nullif(lower(trim(a.industry)), '') AS industry, p.segment,
  w.account_id IS NOT NULL AS bought, a.contacts
FROM accounts a
LEFT JOIN won w ON w.account_id = a.account_id
LEFT JOIN placed p ON p.account_id = a.account_id AND p.place = 1
WHERE a.set_aside IS NULL
