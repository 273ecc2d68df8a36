/*
question: What may be sold to whom, and what was won and lost?
row: One deal.
key: opportunity_id
owner: seller
columns:
  opportunity_id: Stable id, made of the list and the deal's own id, or else of what the row says.
  account_id: The account; empty where the row tells none.
  site_id: The site.
  contact_id: The contact that the row names, or that its address leads to.
  name: Name of the deal.
  stage: Where it stands in the sales process, as the source calls it.
  outcome: won, lost or open.
  amount: What it is worth.
  currency: Currency of the amount, ISO 4217.
  created_at: When it was opened.
  closed_at: The day it was closed, or will be.
  owner: Who of us works on it.
  source: The name of the source.
  row_number: 1-based number of the data row in the source's file.
  record_id: The record that says it.
  attached_by: How it is known, record (the row names contact or company) or the scheme of an identifier; account where that leads to a company only.
  attached_value: The identifier.
*/
WITH listed AS (
  SELECT e.record_id, e.contact_id, coalesce(e.account_id, p.account_id) AS account_id,
    CASE WHEN e.account_id IS NULL THEN p.site_id ELSE e.site_id END AS site_id
  FROM record_entities e
  LEFT JOIN contact_positions p ON p.contact_id = e.contact_id AND p.place = 1
  WHERE e.contact_id IS NOT NULL OR e.account_id IS NOT NULL
)
SELECT a.message_id AS opportunity_id,
  coalesce(l.account_id, t.account_id) AS account_id,
  CASE WHEN l.account_id IS NULL THEN t.site_id ELSE l.site_id END AS site_id,
  CASE WHEN l.contact_id IS NULL THEN t.contact_id ELSE l.contact_id END AS contact_id,
  o.name, o.stage, o.outcome, o.amount, o.currency, a.occurred_at AS created_at, o.closed_at,
  o.owner, a.source, a.row_number, a.record_id,
  CASE WHEN l.record_id IS NOT NULL THEN 'record' ELSE t.attached_by END AS attached_by,
  CASE WHEN l.record_id IS NULL THEN t.attached_value END AS attached_value
FROM activities a
JOIN told_opportunities o ON o.record_id = a.record_id
LEFT JOIN listed l ON l.record_id = a.record_id AND a.is_list_entry
LEFT JOIN activity_attachments t ON t.identifier_set = a.identifier_set
WHERE a.kind = 'opportunity'
