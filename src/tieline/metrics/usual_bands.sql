/*
question: Beside which accounts that bought does each mix stand?
row: One account, site, segment, source or the database, where enough accounts bought.
key: level, member
owner: analyst
columns:
  level: account, site, segment, source or database.
  member: Its id or name; "all" for the database.
  band: The narrowest band of accounts that bought which is large enough.
  accounts: How many accounts are in the band.
*/
WITH large AS (
  SELECT band, max(accounts) AS accounts FROM usual_mixes GROUP BY band
),
of_accounts AS (
  SELECT a.account_id, coalesce(i.band, s.band, w.band) AS band,
    coalesce(i.accounts, s.accounts, w.accounts) AS accounts
  FROM account_bands a
  LEFT JOIN large i ON i.band = a.size || ' companies in ' || a.industry
  LEFT JOIN large s ON s.band = a.size || ' companies'
  LEFT JOIN large w ON w.band = 'all'
)
SELECT 'account' AS level, account_id AS member, band, accounts FROM of_accounts
WHERE band IS NOT NULL
UNION ALL
SELECT 'site', s.site_id, a.band, a.accounts FROM sites s
JOIN of_accounts a ON a.account_id = s.account_id WHERE a.band IS NOT NULL
UNION ALL
SELECT 'segment', s.segment, coalesce(l.band, w.band), coalesce(l.accounts, w.accounts)
FROM (SELECT DISTINCT segment FROM segments) s
LEFT JOIN large l ON l.band = 'segment ' || s.segment
LEFT JOIN large w ON w.band = 'all'
WHERE l.band IS NOT NULL OR w.band IS NOT NULL
UNION ALL
SELECT 'source', s.source, w.band, w.accounts FROM source_departments s
JOIN large w ON w.band = 'all'
UNION ALL
SELECT 'database', 'all', band, accounts FROM large WHERE band = 'all'
