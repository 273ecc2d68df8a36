/*
question: Which contact, site and account would a record have if nobody had said anything?
row: One record that names a person or a company.
key: record_id
owner: analyst
columns:
  record_id: The record.
  contact_id: The contact by the evidence alone, if it names one.
  site_id: The site by the evidence alone, if it has an account.
  account_id: The account by the evidence alone, if it names one.
*/
WITH named AS (
  SELECT record_id FROM grouped_contacts UNION SELECT record_id FROM grouped_accounts
)
SELECT n.record_id,
  'C' || substr(md5('contacts' || c.contact), 1, 14) AS contact_id,
  'S' || substr(md5('sites' || s.site), 1, 14) AS site_id,
  'A' || substr(md5('accounts' || a.account), 1, 14) AS account_id
FROM named n
LEFT JOIN grouped_contacts c ON c.record_id = n.record_id
LEFT JOIN grouped_accounts a ON a.record_id = n.record_id
LEFT JOIN grouped_sites s ON s.record_id = n.record_id
