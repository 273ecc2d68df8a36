/*
question: Whom does an address, number, handle or device lead to, and how do we know?
row: One e-mail address, telephone number or other identifier of people, or one web domain.
key: scheme, value
owner: analyst
columns:
  scheme: email, phone, email_domain, or the scheme of the identifier (cookie, linkedin, ...).
  value: Its compared form.
  nature: email, role (a shared inbox), phone, document, handle, device, network or domain.
  contact_id: The contact it leads to; empty where it is shared or nothing is known.
  account_id: The one account that everybody seen with it belongs to, if there is one; none for a shared device.
  contacts: How many contacts it was seen with.
  state: own (leads to one contact), shared (glues nobody) or unknown.
  evidence: How it is known, records (it stands on records of the contact) or the scheme seen together with it in logs.
  times: On how many records it stands, or in how many rows of logs it was seen together.
  round: How many steps away from the records that is, 0 to 3.
*/
WITH described AS (
  SELECT s.record_id, e.contact_id, e.account_id, s.email_key, s.is_role_account, s.email_2_key,
    s.is_role_account_2, s.phone, s.phone_2, s.phone_3, s.company_domain
  FROM standard_records s
  JOIN record_entities e ON e.record_id = s.record_id
  WHERE e.contact_id IS NOT NULL OR e.account_id IS NOT NULL
),
carried AS (
  SELECT 'email' AS scheme, email_key AS value,
    CASE WHEN is_role_account THEN 'role' ELSE 'email' END AS nature, contact_id, account_id
  FROM described WHERE email_key IS NOT NULL
  UNION ALL
  SELECT 'email', email_2_key, CASE WHEN is_role_account_2 THEN 'role' ELSE 'email' END,
    contact_id, account_id
  FROM described WHERE email_2_key IS NOT NULL AND email_2_key IS DISTINCT FROM email_key
  UNION ALL
  SELECT 'phone', phone, 'phone', contact_id, account_id FROM described WHERE phone IS NOT NULL
  UNION ALL
  SELECT 'phone', phone_2, 'phone', contact_id, account_id FROM described
  WHERE phone_2 IS NOT NULL AND phone_2 IS DISTINCT FROM phone
  UNION ALL
  SELECT 'phone', phone_3, 'phone', contact_id, account_id FROM described
  WHERE phone_3 IS NOT NULL AND phone_3 IS DISTINCT FROM phone AND phone_3 IS DISTINCT FROM phone_2
  UNION ALL
  SELECT i.scheme, i.value, i.nature, e.contact_id, e.account_id
  FROM record_identifiers i
  JOIN record_entities e ON e.record_id = i.record_id
  WHERE i.owner = 'person' AND (e.contact_id IS NOT NULL OR e.account_id IS NOT NULL)
),
told AS (
  SELECT scheme, value, min(nature) AS nature, count(DISTINCT contact_id) AS contacts,
    min(contact_id) AS contact_id, count(DISTINCT account_id) AS accounts,
    min(account_id) AS account_id, count(*) AS records
  FROM carried GROUP BY scheme, value
),
domain_accounts AS (
  SELECT company_domain AS value, account_id, count(*) AS records,
    sum(count(*)) OVER (PARTITION BY company_domain) AS all_records
  FROM described WHERE company_domain IS NOT NULL AND account_id IS NOT NULL
  GROUP BY company_domain, account_id
),
domains AS (
  -- A stray record at another account does not make a company's domain everybody's.
  SELECT value, max(CASE WHEN 10 * records >= 9 * all_records THEN account_id END) AS account_id,
    sum(records) AS records
  FROM domain_accounts GROUP BY value
),
logged AS (
  SELECT scheme, value, min(nature) AS nature, min(domain) AS domain
  FROM activity_identifiers GROUP BY scheme, value
),
known AS (
  SELECT coalesce(t.scheme, l.scheme) AS scheme, coalesce(t.value, l.value) AS value,
    coalesce(t.nature, l.nature) AS nature, coalesce(t.contacts, 0) AS contacts, t.contact_id,
    CASE WHEN t.accounts = 1 THEN t.account_id WHEN t.accounts IS NULL THEN d.account_id END
      AS account_id,
    coalesce(t.records, 0) AS records
  FROM told t
  FULL JOIN logged l ON l.scheme = t.scheme AND l.value = t.value
  LEFT JOIN domains d ON d.value = l.domain
),
certain AS (
  -- What names a person leads to them by their records alone.
  SELECT scheme, value, contact_id FROM known
  WHERE contacts = 1 AND nature IN ('email', 'phone', 'document', 'handle')
),
together AS (
  SELECT x.scheme, x.value, y.scheme AS other_scheme, y.value AS other_value,
    sum(x.activities) AS times
  FROM activity_identifiers x
  JOIN activity_identifiers y ON y.identifier_set = x.identifier_set
  JOIN known k ON k.scheme = x.scheme AND k.value = x.value
  WHERE x.activities > 0 AND (x.scheme <> y.scheme OR x.value <> y.value)
    AND (k.nature = 'device'
      OR (k.contacts = 0 AND k.nature IN ('email', 'phone', 'document', 'handle')))
  GROUP BY x.scheme, x.value, y.scheme, y.value
),
seen_1 AS (
  SELECT t.scheme, t.value, f.contact_id, t.other_scheme, t.times
  FROM together t
  JOIN certain f ON f.scheme = t.other_scheme AND f.value = t.other_value
),
round_1 AS (
  -- A device is whose records it stands on, and whose address was given on it.
  SELECT scheme, value, count(DISTINCT contact_id) AS contacts, min(contact_id) AS contact_id,
    min(other_scheme) AS evidence, sum(times) AS times
  FROM (
    SELECT scheme, value, contact_id, other_scheme, times FROM seen_1
    UNION ALL
    SELECT c.scheme, c.value, c.contact_id, 'records', 1 FROM carried c
    WHERE c.nature = 'device' AND c.contact_id IS NOT NULL
  ) seen
  GROUP BY scheme, value
),
after_1 AS (
  SELECT scheme, value, contact_id FROM certain
  UNION ALL
  SELECT scheme, value, contact_id FROM round_1 WHERE contacts = 1
),
round_2 AS (
  SELECT t.scheme, t.value, count(DISTINCT a.contact_id) AS contacts,
    min(a.contact_id) AS contact_id, min(t.other_scheme) AS evidence,
    sum(t.times) AS times
  FROM together t
  JOIN after_1 a ON a.scheme = t.other_scheme AND a.value = t.other_value
  ANTI JOIN round_1 s ON s.scheme = t.scheme AND s.value = t.value
  GROUP BY t.scheme, t.value
),
after_2 AS (
  SELECT scheme, value, contact_id FROM after_1
  UNION ALL
  SELECT scheme, value, contact_id FROM round_2 WHERE contacts = 1
),
round_3 AS (
  SELECT t.scheme, t.value, count(DISTINCT a.contact_id) AS contacts,
    min(a.contact_id) AS contact_id, min(t.other_scheme) AS evidence,
    sum(t.times) AS times
  FROM together t
  JOIN after_2 a ON a.scheme = t.other_scheme AND a.value = t.other_value
  ANTI JOIN round_1 s ON s.scheme = t.scheme AND s.value = t.value
  ANTI JOIN round_2 u ON u.scheme = t.scheme AND u.value = t.value
  GROUP BY t.scheme, t.value
),
followed AS (
  SELECT scheme, value, contacts, contact_id, evidence, times, 1 AS round FROM round_1
  UNION ALL
  SELECT scheme, value, contacts, contact_id, evidence, times, 2 AS round FROM round_2
  UNION ALL
  SELECT scheme, value, contacts, contact_id, evidence, times, 3 AS round FROM round_3
),
decided AS (
  SELECT k.scheme, k.value, k.nature, k.records,
    -- A shared device was not only on the desks of those who filled in a form on it.
    CASE WHEN k.nature <> 'device' OR coalesce(f.contacts, k.contacts) = 1 THEN k.account_id END
      AS account_id,
    coalesce(f.contacts, k.contacts) AS contacts,
    CASE
      WHEN k.nature IN ('role', 'network') THEN NULL
      WHEN f.contacts = 1 THEN f.contact_id
      WHEN f.contacts IS NULL AND k.contacts = 1 THEN k.contact_id
    END AS contact_id,
    CASE WHEN k.contacts > 0 OR f.evidence = 'records' THEN 'records' ELSE f.evidence END
      AS evidence,
    CASE WHEN k.contacts > 0 THEN k.records ELSE f.times END AS times,
    CASE WHEN k.contacts > 0 THEN 0 ELSE f.round END AS round
  FROM known k
  LEFT JOIN followed f ON f.scheme = k.scheme AND f.value = k.value
)
SELECT scheme, value, nature, contact_id, account_id, CAST(contacts AS BIGINT) AS contacts,
  CASE
    WHEN contact_id IS NOT NULL THEN 'own'
    WHEN nature IN ('role', 'network') OR contacts > 0 THEN 'shared'
    ELSE 'unknown'
  END AS state,
  evidence, CAST(times AS BIGINT) AS times, CAST(round AS BIGINT) AS round
FROM decided
UNION ALL
SELECT 'email_domain', value, 'domain', NULL, account_id, CAST(0 AS BIGINT),
  CASE WHEN account_id IS NULL THEN 'unknown' ELSE 'shared' END, 'records',
  CAST(records AS BIGINT), CAST(0 AS BIGINT)
FROM domains
