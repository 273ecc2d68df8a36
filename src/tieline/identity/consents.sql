/*
question: May we contact this person, for what, on which channel, and who says so?
row: One purpose and channel that a contact said something about.
key: contact_id, purpose, channel
owner: marketer
columns:
  contact_id: The contact.
  purpose: What the consent is for (marketing, newsletter, events, surveys, ...).
  channel: On which channel (any, email, phone, sms, mail, fax, messenger).
  state: granted or withdrawn; what is not in this table was never said.
  since: The day on which that was said, as far as it is known.
  source: The name of the source that says so, or "by hand".
  record_id: The record that says so.
  statements: How many statements the contact's records make about it.
  rule: "only, latest, by_hand, strictest (records disagree: withdrawn counts) or any_channel (withdrawn for every channel)."
*/
WITH said AS (
  SELECT e.contact_id, c.purpose, c.channel, c.state, c.since, c.source, c.said_by, c.rule,
    sum(c.statements) OVER (PARTITION BY e.contact_id, c.purpose, c.channel) AS statements,
    min(c.state) OVER (PARTITION BY e.contact_id, c.purpose, c.channel) AS least_state,
    max(c.state) OVER (PARTITION BY e.contact_id, c.purpose, c.channel) AS most_state,
    row_number() OVER (
      PARTITION BY e.contact_id, c.purpose, c.channel
      -- Strictest wins: "withdrawn" comes after "granted".
      ORDER BY c.state DESC, c.since DESC NULLS LAST, c.source, c.said_by
    ) AS place
  FROM record_consents c
  JOIN record_entities e ON e.record_id = c.record_id
  WHERE e.contact_id IS NOT NULL
),
decided AS (
  SELECT contact_id, purpose, channel, state, since, source, said_by AS record_id,
    CAST(statements AS BIGINT) AS statements,
    CASE WHEN least_state <> most_state THEN 'strictest' ELSE rule END AS rule
  FROM said WHERE place = 1
)
SELECT d.contact_id, d.purpose, d.channel,
  coalesce(a.state, d.state) AS state,
  CASE WHEN a.contact_id IS NULL THEN d.since ELSE a.since END AS since,
  coalesce(a.source, d.source) AS source,
  coalesce(a.record_id, d.record_id) AS record_id,
  d.statements,
  CASE WHEN a.contact_id IS NULL THEN d.rule ELSE 'any_channel' END AS rule
FROM decided d
LEFT JOIN decided a ON a.contact_id = d.contact_id AND a.purpose = d.purpose
  AND a.channel = 'any' AND d.channel <> 'any' AND a.state = 'withdrawn' AND d.state = 'granted'
