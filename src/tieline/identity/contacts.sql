/*
question: Whom do we know?
row: One person.
key: contact_id
owner: marketer
columns:
  contact_id: Stable id of the contact.
  site_id: The current site.
  account_id: The current account.
  full_name: Name as it is written.
  name_prefix: Salutation or academic title.
  given_name: Given name.
  middle_name: Middle names or initials.
  family_name: Family name.
  name_suffix: Jr, III and the like.
  email: Best e-mail address.
  phone: Best telephone number, E.164.
  mobile: Second number, the mobile one where told, E.164.
  title: Job title.
  function: Function of the job title.
  level: Level of the job title.
  power: What that level may decide, 5 (for the company) to 0 (nothing).
  buying_role: "Part it plays in most purchases: decider, buyer, influencer, user, gatekeeper."
  function_confidence: How sure the function is, 0 to 1.
  level_confidence: How sure the level is, 0 to 1.
  title_because: The words of the title that decided, and what else it says.
  department: Department.
  gender: f or m.
  birth_date: Birth date, ISO 8601.
  own_address: Address of their own that they moved to, none of the company's sites; else that of the site holds.
  records: How many records name the contact.
  sources: How many sources name the contact.
  accounts: How many accounts the contact has been seen at.
  first_seen_at: The oldest date of a record of the contact.
  last_seen_at: The newest date of a record of the contact.
increment:
  key: contact_id
  from:
    record_entities: contact_id
    golden_values: entity_id
    contact_positions: contact_id
    judged_values: entity_id
    address_moves: entity_id
    standard_records: record_entities.record_id
*/
WITH golden AS (
  SELECT entity_id, field, value, record_id FROM golden_values
  WHERE rank = 1 AND left(entity_id, 1) = 'C'
),
wide AS (
  SELECT entity_id AS contact_id,
    max(CASE WHEN field = 'full_name' THEN value END) AS full_name,
    max(CASE WHEN field = 'full_name' THEN record_id END) AS name_record_id,
    max(CASE WHEN field = 'email' THEN value END) AS email,
    max(CASE WHEN field = 'phone' THEN value END) AS phone,
    max(CASE WHEN field = 'mobile' THEN value END) AS mobile,
    max(CASE WHEN field = 'title' THEN value END) AS title,
    max(CASE WHEN field = 'title' THEN record_id END) AS title_record_id,
    max(CASE WHEN field = 'department' THEN value END) AS department,
    max(CASE WHEN field = 'gender' THEN value END) AS gender,
    max(CASE WHEN field = 'birth_date' THEN value END) AS birth_date
  FROM golden GROUP BY entity_id
),
counted AS (
  SELECT e.contact_id, count(*) AS records, count(DISTINCT e.source) AS sources,
    min(s.record_at) AS first_seen_at, max(s.record_at) AS last_seen_at
  FROM record_entities e
  JOIN standard_records s ON s.record_id = e.record_id
  WHERE e.contact_id IS NOT NULL
  GROUP BY e.contact_id
),
placed AS (
  SELECT contact_id, count(*) AS accounts FROM contact_positions GROUP BY contact_id
)
SELECT k.contact_id, p.site_id, p.account_id, w.full_name,
  -- The parts of a value that a person set are those of that value.
  CASE WHEN jn.field IS NULL THEN n.name_prefix ELSE jn.name_prefix END AS name_prefix,
  CASE WHEN jn.field IS NULL THEN n.given_name ELSE jn.given_name END AS given_name,
  CASE WHEN jn.field IS NULL THEN n.middle_name ELSE jn.middle_name END AS middle_name,
  CASE WHEN jn.field IS NULL THEN n.family_name ELSE jn.family_name END AS family_name,
  CASE WHEN jn.field IS NULL THEN n.name_suffix ELSE jn.name_suffix END AS name_suffix,
  w.email, w.phone, w.mobile, w.title,
  CASE WHEN jt.field IS NULL THEN t.function ELSE jt.function END AS function,
  CASE WHEN jt.field IS NULL THEN t.level ELSE jt.level END AS level,
  CASE WHEN jt.field IS NULL THEN t.power ELSE jt.power END AS power,
  CASE WHEN jt.field IS NULL THEN t.buying_role ELSE jt.buying_role END AS buying_role,
  CASE WHEN jt.field IS NULL THEN t.function_confidence ELSE jt.function_confidence END AS function_confidence,
  CASE WHEN jt.field IS NULL THEN t.level_confidence ELSE jt.level_confidence END AS level_confidence,
  CASE WHEN jt.field IS NULL THEN t.title_because ELSE jt.title_because END AS title_because,
  w.department, w.gender, w.birth_date,
  m.address AS own_address, k.records, k.sources,
  coalesce(a.accounts, 0) AS accounts, k.first_seen_at, k.last_seen_at
FROM counted k
LEFT JOIN wide w ON w.contact_id = k.contact_id
LEFT JOIN contact_positions p ON p.contact_id = k.contact_id AND p.place = 1
-- Who changed the employer since has left that address, too.
LEFT JOIN address_moves m ON m.entity_id = k.contact_id AND m.site_id_now IS NULL
  AND coalesce(m.from_site_id, '') = coalesce(p.site_id, '')
LEFT JOIN placed a ON a.contact_id = k.contact_id
LEFT JOIN standard_records n ON n.record_id = w.name_record_id
LEFT JOIN standard_records t ON t.record_id = w.title_record_id
LEFT JOIN judged_values jn ON jn.entity_id = k.contact_id AND jn.field = 'full_name'
LEFT JOIN judged_values jt ON jt.entity_id = k.contact_id AND jt.field = 'title'
