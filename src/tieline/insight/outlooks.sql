/*
question: Which relationships can grow, which are at risk, where is none?
row: One account that is not set aside.
key: account_id
owner: executive
columns:
  account_id: The account.
  outlook: "grow, stable, at_risk, no_relationship or other_purpose: what the first rule that holds says."
  rule: The rule that decided.
  reasons: Why, in words, with what else speaks for it.
  against: What speaks for another outlook, in words; empty for nothing.
  would_change: What would have to come for the rule not to hold any more.
  would_be: The outlook then, by the next rule that holds.
*/
WITH ordered AS (
  SELECT account_id, place, rule, outlook, because, unless,
    row_number() OVER (PARTITION BY account_id ORDER BY place) AS number,
    first_value(outlook) OVER (PARTITION BY account_id ORDER BY place) AS decided
  FROM outlook_reasons
),
told AS (
  SELECT account_id,
    string_agg(CASE WHEN outlook = decided AND rule <> 'only_names' OR number = 1 THEN because END, '; '
      ORDER BY place) AS reasons,
    string_agg(CASE WHEN outlook <> decided AND rule <> 'only_names' THEN because END, '; '
      ORDER BY place) AS against,
    min(CASE WHEN outlook <> decided THEN place END) AS next_place
  FROM ordered GROUP BY account_id
)
SELECT o.account_id, o.outlook, o.rule, t.reasons, t.against, o.unless AS would_change,
  n.outlook AS would_be
FROM ordered o
JOIN told t ON t.account_id = o.account_id
LEFT JOIN ordered n ON n.account_id = o.account_id AND n.place = t.next_place
WHERE o.number = 1
