/*
question: Which web domains are nobody's own, of a portal, a chamber, a provider?
row: One domain that more than five accounts use.
key: company_domain
owner: analyst
columns:
  company_domain: The domain.
*/
SELECT s.company_domain
FROM standard_records s
JOIN record_fates e ON e.record_id = s.record_id
WHERE s.company_domain IS NOT NULL
GROUP BY s.company_domain
HAVING count(DISTINCT e.account_id) > 5
