/*
question: What does each kind of response say of who did it, and which kinds say nothing?
row: One kind of response of one source, as the source calls it.
key: source, kind
owner: analyst
columns:
  source: The name of the source.
  kind: The kind; empty where the rows name none.
  responses: How many responses of known contacts.
  read_as: What the kind was understood as, one of the interactions of category_weights; empty if nothing.
  told: How many of the responses say something, by kind, topic or a rule of yours.
  untold: How many say nothing of who did it.
  example: A topic of one that says nothing.
  next_step: What to write into the settings where most say nothing.
*/
WITH joined AS (
  SELECT r.source, coalesce(r.kind, '') AS kind, k.said AS read_as, i.said, r.topic
  FROM interactions i
  JOIN responses r ON r.response_id = i.interaction_id
  LEFT JOIN category_readings k ON k.field = 'kind' AND k.text = r.kind
  WHERE i.basis = 'response'
)
SELECT source, kind, count(*) AS responses, min(read_as) AS read_as,
  count(said) AS told, count(*) - count(said) AS untold,
  min(CASE WHEN said IS NULL THEN topic END) AS example,
  CASE WHEN 2 * count(said) < count(*) THEN
    '[[categories.rules]] ' || CASE WHEN kind = '' THEN '' ELSE 'kind = "' || kind || '" or ' END ||
      'topic = "*...*", category = "..."' END
    AS next_step
FROM joined GROUP BY source, kind
