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
*/
WITH suppressed_emails AS (
  -- An address on the list is not written to, also where it names no person (info@).
  SELECT DISTINCT s.email
  FROM standard_records s
  JOIN records r ON r.record_id = s.record_id
  WHERE r.kind = 'suppressions' AND s.email IS NOT NULL
),
linked AS (
  SELECT r.record_id, r.source, r.row_number, r.kind, r.trust, r.unreadable,
    s.record_at, s.address_verdict, s.names_nobody, s.opted_out, s.email, s.phone, s.title,
    c.contact, a.account, p.site, p.site_basis,
    x.reason AS set_aside, z.email AS suppressed_email
  FROM records r
  LEFT JOIN standard_records s ON s.record_id = r.record_id
  LEFT JOIN record_contacts c ON c.record_id = r.record_id
  LEFT JOIN record_accounts a ON a.record_id = r.record_id
  LEFT JOIN record_sites p ON p.record_id = r.record_id
  LEFT JOIN set_aside_accounts x ON x.account = a.account
  LEFT JOIN suppressed_emails z ON z.email = s.email
),
contact_ids AS (
  SELECT contact, 'C' || substr(md5('contacts' || min(record_id)), 1, 14) AS contact_id,
    max(CASE WHEN kind = 'suppressions' THEN 1 ELSE 0 END) AS suppressed
  FROM linked WHERE contact IS NOT NULL GROUP BY contact
),
account_ids AS (
  SELECT account, 'A' || substr(md5('accounts' || min(record_id)), 1, 14) AS account_id
  FROM linked WHERE account IS NOT NULL GROUP BY account
),
site_ids AS (
  SELECT account, site, 'S' || substr(md5('sites' || min(record_id)), 1, 14) AS site_id,
    max(CASE WHEN address_verdict IN ('ok', 'corrected') THEN 1 ELSE 0 END) AS has_address
  FROM linked WHERE account IS NOT NULL GROUP BY account, site
),
judged AS (
  SELECT l.record_id, l.source, l.row_number, l.kind, l.trust, l.record_at, l.site_basis,
    c.contact_id, i.site_id, a.account_id, l.opted_out,
    (CASE WHEN l.email IS NULL THEN 0 ELSE 1 END) + (CASE WHEN l.phone IS NULL THEN 0 ELSE 1 END)
      + (CASE WHEN l.title IS NULL THEN 0 ELSE 1 END) AS filled,
    CASE
      WHEN l.unreadable IS NOT NULL THEN 'unreadable'
      -- A suppression list is no bad list for having no addresses or companies.
      WHEN l.kind = 'suppressions' THEN NULL
      WHEN coalesce(i.has_address, 0) = 1 OR l.address_verdict IN ('ok', 'corrected') THEN NULL
      WHEN l.address_verdict IN ('mismatch', 'unknown_place', 'incomplete') THEN 'invalid_address'
      ELSE 'no_address'
    END AS unreachable,
    CASE WHEN l.account IS NULL AND l.kind <> 'suppressions' THEN 'no_company' END AS companyless,
    CASE
      WHEN l.set_aside = 'competitor' THEN 'competitor'
      WHEN l.set_aside = 'own_company' THEN 'own_company'
      WHEN l.kind = 'suppressions' OR c.suppressed = 1 OR l.set_aside = 'suppressed'
          OR l.suppressed_email IS NOT NULL
        THEN 'suppressed'
    END AS unwanted,
    CASE WHEN coalesce(l.names_nobody, false) AND l.contact IS NULL THEN 'junk_name' END AS nobody,
    CASE
      WHEN l.kind = 'suppressions' THEN l.record_id
      WHEN l.contact IS NOT NULL THEN c.contact_id
      WHEN coalesce(l.names_nobody, false) THEN l.record_id
      ELSE coalesce(i.site_id, l.record_id)
    END AS unit
  FROM linked l
  LEFT JOIN contact_ids c ON c.contact = l.contact
  LEFT JOIN account_ids a ON a.account = l.account
  LEFT JOIN site_ids i ON i.account = l.account AND i.site = l.site
),
ranked AS (
  SELECT *, row_number() OVER (
      PARTITION BY unit, CASE WHEN unreachable IS NULL THEN 1 ELSE 0 END
      ORDER BY CASE WHEN companyless IS NULL THEN 0 ELSE 1 END, trust, filled DESC,
        record_at DESC NULLS LAST, record_id
    ) AS place,
    -- Whoever opted out once is not written to through another of their records.
    max(CASE WHEN opted_out THEN 1 ELSE 0 END) OVER (PARTITION BY unit) AS opted_out_once
  FROM judged
)
SELECT record_id, source, row_number, contact_id, site_id, account_id,
  CASE
    WHEN unreachable IS NOT NULL THEN unreachable
    WHEN place > 1 THEN 'duplicate'
    WHEN companyless IS NOT NULL THEN companyless
    WHEN unwanted IS NOT NULL THEN unwanted
    WHEN opted_out_once = 1 THEN 'opted_out'
    WHEN nobody IS NOT NULL THEN nobody
    ELSE 'usable'
  END AS status,
  site_basis
FROM ranked
