/*
question: What does each record say about being contacted, after later statements?
row: One purpose and channel that a record speaks of.
key: record_id, purpose, channel
owner: marketer
columns:
  record_id: The record.
  purpose: What the consent is for (marketing, newsletter, events, surveys, ...).
  channel: On which channel (any, email, phone, sms, mail, fax, messenger).
  state: granted or withdrawn.
  since: The day on which that was said, as far as it is known.
  source: The name of the source that says so, or "by hand".
  said_by: The record that says so; a later one of the same source may speak for it.
  statements: How many statements the record itself makes, those by hand counted.
  rule: "only, latest or by_hand: whether others of the same source were replaced by a later one."
*/
WITH ranked AS (
  -- Of what one source says about one address the latest counts. A withdrawal that nobody dates
  -- may be the latest, so it counts.
  SELECT record_id, source, purpose, channel, subject, state, said_at,
    row_number() OVER (
      PARTITION BY source, subject, purpose, channel
      ORDER BY CASE WHEN said_at IS NULL AND state = 'withdrawn' THEN 0 ELSE 1 END,
        said_at DESC NULLS LAST, state DESC, record_id
    ) AS place,
    min(state) OVER (PARTITION BY source, subject, purpose, channel) AS least_state,
    max(state) OVER (PARTITION BY source, subject, purpose, channel) AS most_state
  FROM consent_statements
),
spoken AS (
  SELECT record_id, source, purpose, channel, subject, count(*) AS statements
  FROM consent_statements
  GROUP BY record_id, source, purpose, channel, subject
),
listed AS (
  SELECT s.record_id, s.purpose, s.channel, r.state, r.said_at, s.source,
    r.record_id AS said_by, s.statements,
    CASE WHEN r.least_state = r.most_state THEN 'only' ELSE 'latest' END AS rule
  FROM spoken s
  JOIN ranked r ON r.source = s.source AND r.subject = s.subject AND r.purpose = s.purpose
    AND r.channel = s.channel AND r.place = 1
),
stated AS (
  SELECT record_id, purpose, channel, state, said_at,
    count(*) OVER (PARTITION BY record_id, purpose, channel) AS statements,
    row_number() OVER (
      PARTITION BY record_id, purpose, channel ORDER BY said_at DESC, state DESC
    ) AS place
  FROM stated_consents
),
known AS (
  SELECT s.record_id, s.purpose, s.channel, s.state, s.said_at
  FROM stated s JOIN records r ON r.record_id = s.record_id
  WHERE s.place = 1
),
both_sides AS (
  SELECT l.record_id, l.purpose, l.channel, l.state, l.said_at, l.source, l.said_by, l.rule
  FROM listed l
  LEFT JOIN known k ON k.record_id = l.record_id AND k.purpose = l.purpose
    AND k.channel = l.channel AND k.state = 'granted'
  -- A grant by hand names its evidence: it counts from its day on, not against what came later.
  WHERE k.record_id IS NULL OR l.said_at > k.said_at
  UNION ALL
  SELECT record_id, purpose, channel, state, said_at, 'by hand', record_id, 'by_hand' FROM known
),
counted AS (
  SELECT record_id, purpose, channel, CAST(sum(statements) AS BIGINT) AS statements
  FROM (
    SELECT record_id, purpose, channel, statements FROM listed
    UNION ALL
    SELECT record_id, purpose, channel, statements FROM stated WHERE place = 1
  ) AS every_side
  GROUP BY record_id, purpose, channel
),
strictest AS (
  SELECT *, row_number() OVER (
      PARTITION BY record_id, purpose, channel
      ORDER BY state DESC, said_at DESC NULLS LAST, source
    ) AS place
  FROM both_sides
)
SELECT s.record_id, s.purpose, s.channel, s.state, s.said_at AS since, s.source, s.said_by,
  c.statements, s.rule
FROM strictest s
JOIN counted c ON c.record_id = s.record_id AND c.purpose = s.purpose AND c.channel = s.channel
WHERE s.place = 1
