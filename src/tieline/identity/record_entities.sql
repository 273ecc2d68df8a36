/*
question: What became of every record we read?
row: One record, readable or not.
key: record_id
owner: analyst
columns:
  record_id: The record.
  source: The name of the source.
  row_number: 1-based number of the data row in the source's file.
  contact_id: The contact the record names, if it names one.
  site_id: The site the record belongs to, if it has an account.
  account_id: The account the record names, if it names one.
  status: usable, or the reason code it was set aside for.
  site_basis: How the site is known (address, town, contact, only site, main site, unknown).
  unit: What the record is counted once with, its contact, or where it names nobody its site.
increment:
  key: unit
  from:
    record_fates: unit
    unmatched_accounts: record_fates.account_id
    records: record_id
    introductions: record_id
*/
WITH ranked AS (
  SELECT *, row_number() OVER (
      PARTITION BY unit, CASE WHEN unreachable IS NULL THEN 1 ELSE 0 END
      ORDER BY CASE WHEN companyless IS NULL THEN 0 ELSE 1 END, trust, filled DESC,
        record_at DESC NULLS LAST, record_id
    ) AS place,
    -- Whoever opted out once is not written to through another of their records.
    max(CASE WHEN opted_out THEN 1 ELSE 0 END) OVER (PARTITION BY unit) AS opted_out_once
  FROM record_fates
)
SELECT r.record_id, r.source, r.row_number, r.contact_id, r.site_id, r.account_id,
  CASE
    WHEN unreachable IS NOT NULL THEN unreachable
    WHEN place > 1 THEN 'duplicate'
    WHEN companyless IS NOT NULL THEN companyless
    WHEN u.account_id IS NOT NULL THEN 'no_registry_match'
    WHEN unwanted IS NOT NULL THEN unwanted
    WHEN opted_out_once = 1 THEN 'opted_out'
    WHEN nobody IS NOT NULL THEN nobody
    ELSE 'usable'
  END AS status,
  r.site_basis, r.unit
FROM ranked r
LEFT JOIN unmatched_accounts u ON u.account_id = r.account_id
UNION ALL
-- Rows of logs that say no name: whom they reached is in the memory (touches, responses). Nor does a
-- change of address bring in anybody: what became of it is in address_changes.
SELECT r.record_id, r.source, r.row_number, NULL, NULL, NULL,
  CASE r.kind WHEN 'address-changes' THEN 'address_change' ELSE 'log_entry' END, NULL, r.record_id
FROM records r
ANTI JOIN introductions n ON n.record_id = r.record_id
WHERE NOT r.is_list_entry
