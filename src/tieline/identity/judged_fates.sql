/*
question: Which records did people set aside, or restore?
row: One record of a contact, site or account that was set aside or restored by hand.
key: record_id
owner: analyst
columns:
  record_id: The record.
  fate: set_aside or restored, by the newest judgement of the contact, else of the site, else of the account.
*/
WITH newest AS (
  SELECT entity, holder, kind, row_number() OVER (
      PARTITION BY entity, holder ORDER BY number DESC
    ) AS place
  FROM judged_entities WHERE kind IN ('set_aside', 'restore')
),
named AS (
  SELECT c.record_id, 1 AS nearness, n.kind
  FROM newest n JOIN judged_contacts c ON n.entity = 'contact' AND c.contact = n.holder
  WHERE n.place = 1
  UNION ALL
  SELECT p.record_id, 2, n.kind
  FROM newest n JOIN judged_sites p ON n.entity = 'site' AND p.site = n.holder
  WHERE n.place = 1
  UNION ALL
  SELECT a.record_id, 3, n.kind
  FROM newest n JOIN judged_accounts a ON n.entity = 'account' AND a.account = n.holder
  WHERE n.place = 1
),
ranked AS (
  SELECT record_id, kind, row_number() OVER (PARTITION BY record_id ORDER BY nearness) AS place
  FROM named
)
SELECT record_id, CASE kind WHEN 'restore' THEN 'restored' ELSE 'set_aside' END AS fate
FROM ranked WHERE place = 1
