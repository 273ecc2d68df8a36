/*
question: What did we do to people, and to whom?
row: One thing that we did to somebody at one time, told once.
key: touch_id
owner: marketer
columns:
  touch_id: Stable id, made of the stream and the message's own id, or else of what it says.
  contact_id: The contact; empty where nobody is known by what the row tells.
  site_id: The site, that of the row or the contact's own.
  account_id: The account; also where of a shared address only the company is known.
  kind: What was done, as the source calls it.
  topic: What it was about.
  campaign: The campaign it belongs to.
  medium: The way it took.
  occurred_at: When it happened, UTC where the source says its zone.
  cost: What it cost.
  currency: Currency of the cost, ISO 4217.
  owner: Who of us did it.
  source: The name of the source.
  row_number: 1-based number of the data row in the source's file.
  record_id: The record that says it.
  attached_by: How the contact is known, record (the row names them) or the scheme of an identifier; account where only the company is known.
  attached_value: The identifier.
increment:
  key: record_id
  from:
    activities: record_id
    record_entities: record_id
    activity_attachments: activities.identifier_set
    contact_positions: record_entities.contact_id
*/
WITH listed AS (
  -- Whom the row itself names; a form without a company is where the contact is now.
  SELECT e.record_id, e.contact_id, coalesce(e.account_id, p.account_id) AS account_id,
    CASE WHEN e.account_id IS NULL THEN p.site_id ELSE e.site_id END AS site_id
  FROM record_entities e
  LEFT JOIN contact_positions p ON p.contact_id = e.contact_id AND p.place = 1
  WHERE e.contact_id IS NOT NULL OR e.account_id IS NOT NULL
)
SELECT a.message_id AS touch_id,
  CASE WHEN l.contact_id IS NULL THEN t.contact_id ELSE l.contact_id END AS contact_id,
  CASE WHEN l.contact_id IS NULL AND t.contact_id IS NOT NULL THEN t.site_id ELSE l.site_id END
    AS site_id,
  CASE WHEN l.contact_id IS NULL AND t.contact_id IS NOT NULL THEN t.account_id
    ELSE coalesce(l.account_id, t.account_id) END AS account_id,
  a.activity AS kind, a.topic, a.campaign, a.medium, a.occurred_at, a.cost, a.currency, a.owner, a.source, a.row_number,
  a.record_id,
  CASE
    WHEN l.contact_id IS NOT NULL THEN 'record'
    WHEN t.contact_id IS NOT NULL THEN t.attached_by
    WHEN l.account_id IS NOT NULL OR t.account_id IS NOT NULL THEN 'account'
  END AS attached_by,
  CASE WHEN l.contact_id IS NULL THEN t.attached_value END AS attached_value
FROM activities a
LEFT JOIN listed l ON l.record_id = a.record_id AND a.is_list_entry
LEFT JOIN activity_attachments t ON t.identifier_set = a.identifier_set
WHERE a.kind = 'touch'
