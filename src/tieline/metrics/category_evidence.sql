/*
question: What speaks for each category of a contact, and how strongly?
row: One thing said of one contact that speaks for one category.
key: contact_id, basis, said, category
owner: marketer
columns:
  contact_id: The contact.
  basis: What says it, response, opportunity, function, level, buying_role, source, contact_type, department, account, email or rule. Touches are what we did and say nothing.
  said: What is said, a support_ticket, the function, what a list is of.
  category: The category that it speaks for.
  bits: How strongly. Of responses and deals the mean of what they say, times how many independent ones they are worth, n / (1 + repetition * (n - 1)) by Kish's design effect (Survey Sampling, 1965), where n counts each by how telling and how old it is.
  times: How often it was said, of responses, deals and sources; else 1.
  because: The same in words.
*/
WITH counted AS (
  SELECT contact_id, round(sum(weight), 9) AS n,
    count(CASE WHEN basis = 'response' THEN 1 END) AS responses
  FROM interactions GROUP BY contact_id
),
grouped AS (
  SELECT contact_id, basis, said, category, count(*) AS times, round(sum(weight), 9) AS weight
  FROM interactions WHERE said IS NOT NULL
  GROUP BY contact_id, basis, said, category
),
acted AS (
  SELECT g.contact_id, g.basis, g.said, coalesce(g.category, w.category) AS category,
    g.weight * coalesce(w.bits, 8.0)
      / nullif(1.0 + f.repetition * greatest(c.n - 1.0, 0.0), 0) AS bits,
    g.times,
    CASE WHEN g.basis = 'opportunity' AND g.times = 1 THEN 'named on a deal'
      WHEN g.basis = 'opportunity' THEN 'named on ' || CAST(g.times AS VARCHAR) || ' deals'
      ELSE CAST(g.times AS VARCHAR) || ' of ' || CAST(c.responses AS VARCHAR) ||
        CASE WHEN c.responses = 1 THEN ' response: ' WHEN g.times = 1 THEN ' responses is '
          ELSE ' responses are ' END ||
        coalesce(w.words, 'of your ' || g.said) END AS because
  FROM grouped g
  JOIN counted c ON c.contact_id = g.contact_id
  CROSS JOIN category_figures f
  LEFT JOIN category_weights w ON w.basis = 'interaction' AND w.said = g.said
  WHERE w.said IS NOT NULL OR g.category IS NOT NULL
),
listed AS (
  SELECT e.contact_id, 'source' AS basis, r.said, count(DISTINCT e.source) AS times, 1.0 AS sure,
    'list: ' || min(e.source) AS because
  FROM record_entities e
  JOIN category_readings r ON r.field = 'source' AND r.text = e.source
  WHERE e.contact_id IS NOT NULL GROUP BY e.contact_id, r.said
  UNION ALL
  SELECT e.contact_id, 'contact_type', r.said, count(*), 1.0, 'type: ' || min(s.contact_type)
  FROM category_readings r
  JOIN standard_records s ON s.contact_type = r.text
  JOIN record_entities e ON e.record_id = s.record_id
  WHERE r.field = 'contact_type' AND e.contact_id IS NOT NULL GROUP BY e.contact_id, r.said
),
free AS (
  SELECT DISTINCT email FROM standard_records WHERE is_free_mail AND email IS NOT NULL
),
reached AS (
  SELECT c.contact_id, c.email, f.email IS NOT NULL AS is_free, regexp_matches(c.email,
    '[.@](edu|ac[.][a-z]{2}|edu[.][a-z]{2})$|[.@](uni|univ|tu|fh|hs)-[a-z-]+[.][a-z]{2,3}$|[.@](unimi|unibo|unipd|polimi|polito)[.]it$')
    AS is_university
  FROM contacts c LEFT JOIN free f ON f.email = c.email
  WHERE c.email IS NOT NULL
),
mailboxes AS (
  SELECT contact_id, email, is_university FROM reached WHERE is_free OR is_university
),
described AS (
  SELECT contact_id, 'function' AS basis, function AS said, 1 AS times,
    coalesce(function_confidence, 1.0) AS sure, 'title: ' || coalesce(title, function) AS because
  FROM contacts WHERE function IS NOT NULL
  UNION ALL
  SELECT contact_id, 'level', level, 1, coalesce(level_confidence, 1.0),
    'title: ' || coalesce(title, level)
  FROM contacts WHERE level IS NOT NULL
  UNION ALL
  SELECT contact_id, 'buying_role', buying_role, 1, coalesce(function_confidence, 1.0),
    'title: ' || coalesce(title, buying_role)
  FROM contacts WHERE buying_role IS NOT NULL
  UNION ALL
  SELECT c.contact_id, 'department', r.said, 1, 1.0, 'department: ' || c.department
  FROM category_readings r JOIN contacts c ON c.department = r.text
  WHERE r.field = 'department'
  UNION ALL
  SELECT c.contact_id, 'account', a.set_aside, 1, 1.0,
    CASE a.set_aside WHEN 'own_company' THEN 'works for us' ELSE 'works for a competitor' END
  FROM contacts c JOIN accounts a ON a.account_id = c.account_id
  WHERE a.set_aside IN ('own_company', 'competitor')
  UNION ALL
  SELECT c.contact_id, 'account', r.said, 1, 1.0, 'company: ' || a.industry
  FROM category_readings r
  JOIN accounts a ON a.industry = r.text
  JOIN contacts c ON c.account_id = a.account_id
  WHERE r.field = 'industry' AND a.set_aside IS NULL
  UNION ALL
  SELECT contact_id, 'email',
    CASE WHEN is_university THEN 'university' ELSE 'free_mail' END, 1, 1.0, 'e-mail: ' || email
  FROM mailboxes
  UNION ALL
  SELECT contact_id, basis, said, times, sure, because FROM listed
),
ruled AS (
  -- Rules that name neither kind nor topic say what the contact is: the first that fits.
  SELECT c.contact_id, min(u.rule) AS rule
  FROM category_rules u
  JOIN contacts c ON (u.function IS NULL OR c.function = u.function)
  LEFT JOIN record_entities e ON e.contact_id = c.contact_id AND u.source IS NOT NULL
  WHERE u.kind IS NULL AND u.topic IS NULL
    AND (u.source IS NULL OR lower(e.source) LIKE u.source)
  GROUP BY c.contact_id
)
SELECT contact_id, basis, said, category, round(bits, 6) AS bits, times, because FROM acted
UNION ALL
SELECT d.contact_id, d.basis, d.said, w.category, round(w.bits * d.sure, 6), d.times, d.because
FROM described d
JOIN category_weights w ON w.basis = d.basis AND w.said = d.said
UNION ALL
SELECT r.contact_id, 'rule', 'rule ' || CAST(u.rule AS VARCHAR), u.category, 20.0, 1,
  'your rule ' || CAST(u.rule AS VARCHAR) || ' (' || u.says || ')'
FROM ruled r JOIN category_rules u ON u.rule = r.rule
