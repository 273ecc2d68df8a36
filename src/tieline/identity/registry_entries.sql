/*
question: Which companies and sites do the registers know?
row: One entry, a company or a site, of one register; of an id told twice the first row with a name.
key: registry, registry_id
owner: analyst
columns:
  registry: The register, named as its source.
  registry_id: Its id of the company or site.
  row_number: 1-based number of the data row in the register's file.
  entry: A number of the entry among all registers.
  scheme: The scheme of its ids (duns, lei, ror, ...), empty where the register has its own.
  name: Name as told.
  other_name: Further names as told, several parted by | or ;.
  street: Street line as told.
  house_number: House number where it has a column of its own.
  city: Town as told.
  region: State, province or region as told.
  postcode: Postcode as told.
  country: Country, ISO 3166 alpha-2.
  phone: Telephone number as told.
  domain: Web domain, without www, from the web address as told.
  industry: Industry as told.
  employees: Number of employees.
  revenue: Yearly revenue, in the register's currency.
  is_active: Whether the company is active; empty where the register does not say.
  site_kind: headquarters, branch or single; empty where the register does not say.
  parent_id: The company that owns it, as told.
  headquarters_id: The headquarters that a branch belongs to, as told.
  domestic_ultimate_id: The topmost company in its country, as told.
  global_ultimate_id: The topmost company of its group, as told.
  started_on: The day the company began.
  ended_on: The day the company was dissolved.
*/
WITH placed AS (
  SELECT *, row_number() OVER (PARTITION BY registry, registry_id
    ORDER BY CASE WHEN name IS NULL THEN 1 ELSE 0 END, row_number) AS place
  FROM registry_rows WHERE issue IS NULL AND relation_kind IS NULL
)
SELECT registry, registry_id, row_number, entry, scheme, name, other_name, street, house_number, city,
  region, postcode, country, phone,
  nullif(regexp_extract(lower(website), '^\s*(?:https?://)?(?:www\.)?([^/:?#\s]+\.[^/:?#\s]+)', 1), '')
    AS domain,
  industry, employees, revenue, is_active, site_kind, parent_id, headquarters_id,
  domestic_ultimate_id, global_ultimate_id, started_on, ended_on
FROM placed WHERE place = 1
