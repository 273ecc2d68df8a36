/*
question: Which companies may we do business with?
row: One company, a legal or trading entity.
key: account_id
owner: marketer
columns:
  account_id: Stable id of the account.
  name: Name as it is written.
  legal_form: Legal form.
  domain: Web domain.
  industry: Industry as given.
  employees: Number of employees.
  revenue: Yearly revenue, in the currency given.
  country: Country of most of its records (ISO 3166 alpha-2).
  sites: How many sites we know.
  contacts: How many contacts work there now.
  records: How many records name it.
  sources: How many sources name it.
  set_aside: Why we do not market to it (competitor, own_company, suppressed), if so.
increment:
  key: account_id
  from:
    record_entities: account_id
    golden_values: entity_id
    contact_positions: account_id
    set_aside_accounts: account_id
    standard_records: record_entities.record_id
*/
WITH golden AS (
  SELECT entity_id AS account_id,
    max(CASE WHEN field = 'name' THEN value END) AS name,
    max(CASE WHEN field = 'name' THEN record_id END) AS name_record_id,
    max(CASE WHEN field = 'domain' THEN value END) AS domain,
    max(CASE WHEN field = 'industry' THEN value END) AS industry,
    max(CASE WHEN field = 'employees' THEN value END) AS employees,
    max(CASE WHEN field = 'revenue' THEN value END) AS revenue
  FROM golden_values WHERE rank = 1 AND left(entity_id, 1) = 'A' GROUP BY entity_id
),
counted AS (
  SELECT e.account_id, count(*) AS records, count(DISTINCT e.source) AS sources,
    count(DISTINCT e.site_id) AS sites
  FROM record_entities e
  WHERE e.account_id IS NOT NULL
  GROUP BY e.account_id
),
countries AS (
  SELECT account_id, country FROM (
    SELECT e.account_id, s.country,
      row_number() OVER (PARTITION BY e.account_id ORDER BY count(*) DESC, s.country) AS place
    FROM record_entities e
    JOIN standard_records s ON s.record_id = e.record_id
    WHERE e.account_id IS NOT NULL AND s.country IS NOT NULL
    GROUP BY e.account_id, s.country
  ) WHERE place = 1
),
people AS (
  SELECT account_id, count(*) AS contacts FROM contact_positions WHERE place = 1 GROUP BY account_id
)
SELECT k.account_id, coalesce(g.name, g.domain) AS name, n.legal_form, g.domain, g.industry,
  CAST(g.employees AS DOUBLE) AS employees, CAST(g.revenue AS DOUBLE) AS revenue, c.country,
  k.sites, coalesce(p.contacts, 0) AS contacts, k.records, k.sources,
  x.reason AS set_aside
FROM counted k
LEFT JOIN golden g ON g.account_id = k.account_id
LEFT JOIN standard_records n ON n.record_id = g.name_record_id
LEFT JOIN countries c ON c.account_id = k.account_id
LEFT JOIN people p ON p.account_id = k.account_id
LEFT JOIN set_aside_accounts x ON x.account_id = k.account_id
