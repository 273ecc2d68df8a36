/*
question: What is the mix of contacts at accounts that bought or grew?
row: One category in one band of accounts that is large enough.
key: band, category
owner: marketer
columns:
  band: "The accounts that bought: all, of a size, of a size and industry, or of a segment."
  category: The category.
  share: Mean of the accounts' shares, each account counting once, 0 to 1.
  contacts: Mean number of such contacts at an account.
  accounts: How many accounts with a contact are in the band.
*/
WITH bought AS (
  SELECT account_id, 'all' AS band FROM account_bands WHERE bought AND contacts > 0
  UNION ALL
  SELECT account_id, size || ' companies' FROM account_bands
  WHERE bought AND contacts > 0 AND size IS NOT NULL
  UNION ALL
  SELECT account_id, size || ' companies in ' || industry FROM account_bands
  WHERE bought AND contacts > 0 AND size IS NOT NULL AND industry IS NOT NULL
  UNION ALL
  SELECT account_id, 'segment ' || segment FROM account_bands
  WHERE bought AND contacts > 0 AND segment IS NOT NULL
),
sizes AS (
  SELECT band, count(*) AS accounts FROM bought GROUP BY band
),
large AS (
  SELECT s.band, s.accounts FROM sizes s CROSS JOIN category_figures f
  WHERE s.accounts >= f.usual_accounts
),
people AS (
  SELECT c.account_id, count(*) AS contacts FROM contacts c
  WHERE c.account_id IN (SELECT account_id FROM bought) GROUP BY c.account_id
),
mixed AS (
  SELECT c.account_id, s.category, round(sum(s.probability), 9) AS contacts
  FROM contacts c JOIN category_shares s ON s.contact_id = c.contact_id
  WHERE c.account_id IN (SELECT account_id FROM bought)
  GROUP BY c.account_id, s.category
)
SELECT l.band, m.category,
  round(sum(m.contacts / nullif(p.contacts, 0)) / nullif(max(l.accounts), 0), 6) AS share,
  round(sum(m.contacts) / nullif(max(l.accounts), 0), 6) AS contacts, max(l.accounts) AS accounts
FROM large l
JOIN bought b ON b.band = l.band
JOIN people p ON p.account_id = b.account_id
JOIN mixed m ON m.account_id = b.account_id
GROUP BY l.band, m.category
