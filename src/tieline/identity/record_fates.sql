/*
question: What speaks against each record by itself, and what is it counted once with?
row: One record, readable or not, that describes a person or company.
key: record_id
owner: analyst
columns:
  record_id: The record.
  source: The name of the source.
  row_number: 1-based number of the data row in the source's file.
  contact_id: The contact the record names, if it names one.
  site_id: The site the record belongs to, if it has an account.
  account_id: The account the record names, if it names one.
  site_basis: How the site is known (address, town, contact, only site, main site, unknown).
  unit: What the record is counted once with, its contact, or where it names nobody its site.
  trust: The source's trust rank, 1 (best) to 9.
  record_at: When the record was made or last changed.
  filled: How many of e-mail, telephone and title the record gives.
  opted_out: Whether the record says that its contact must not be written to.
  unreachable: Why there is no way to reach the address, if so (unreadable, erased, log_entry, invalid_address, no_address).
  companyless: no_company where the record names none.
  unwanted: Why the record is not wanted, if so (set_aside, competitor, own_company, suppressed).
  nobody: junk_name where the name is nobody's.
increment:
  key: record_id
  from:
    records: record_id
    introductions: record_id
    standard_records: record_id
    record_consents: record_id
    judged_contacts: record_id
    judged_accounts: record_id
    judged_sites: record_id
    judged_fates: record_id
    set_aside_accounts: judged_accounts.account
    suppressed_contacts: judged_contacts.contact
    reachable_sites: judged_sites.site
    suppressed_emails: standard_records.email
*/
WITH opted_out AS (
  -- Who withdrew on one channel is not worked as if nothing had been said; `consents` tells the rest.
  SELECT DISTINCT record_id FROM record_consents
  WHERE state = 'withdrawn' AND purpose IN ('marketing', 'newsletter')
),
linked AS (
  SELECT r.record_id, r.source, r.row_number, r.kind, r.is_list_entry, r.trust, r.unreadable,
    s.record_at, s.address_verdict, s.names_nobody, o.record_id AS opted_out, s.email, s.phone, s.title,
    c.contact, a.account, p.site, p.site_basis, j.fate, u.contact AS suppressed_contact,
    x.reason AS set_aside, z.email AS suppressed_email, y.site AS reachable_site
  FROM records r
  LEFT JOIN standard_records s ON s.record_id = r.record_id
  LEFT JOIN opted_out o ON o.record_id = r.record_id
  LEFT JOIN judged_contacts c ON c.record_id = r.record_id
  LEFT JOIN judged_accounts a ON a.record_id = r.record_id
  LEFT JOIN judged_sites p ON p.record_id = r.record_id
  LEFT JOIN judged_fates j ON j.record_id = r.record_id
  LEFT JOIN suppressed_contacts u ON u.contact = c.contact
  LEFT JOIN set_aside_accounts x ON x.account = a.account
  LEFT JOIN suppressed_emails z ON z.email = s.email
  LEFT JOIN reachable_sites y ON y.site = p.site
  LEFT JOIN introductions n ON n.record_id = r.record_id
  WHERE r.is_list_entry OR n.record_id IS NOT NULL
),
named AS (
  SELECT *,
    'C' || substr(md5('contacts' || contact), 1, 14) AS contact_id,
    'A' || substr(md5('accounts' || account), 1, 14) AS account_id,
    CASE WHEN account IS NOT NULL THEN 'S' || substr(md5('sites' || site), 1, 14) END AS site_id
  FROM linked
)
SELECT record_id, source, row_number, contact_id, site_id, account_id, site_basis,
  CASE
    WHEN kind = 'suppressions' THEN record_id
    WHEN contact IS NOT NULL THEN contact_id
    WHEN coalesce(names_nobody, false) THEN record_id
    ELSE coalesce(site_id, record_id)
  END AS unit,
  trust, record_at,
  (CASE WHEN email IS NULL THEN 0 ELSE 1 END) + (CASE WHEN phone IS NULL THEN 0 ELSE 1 END)
    + (CASE WHEN title IS NULL THEN 0 ELSE 1 END) AS filled,
  opted_out IS NOT NULL AS opted_out,
  CASE
    WHEN unreadable = 'erased' THEN 'erased'
    WHEN unreadable IS NOT NULL THEN 'unreadable'
    -- A suppression list is no bad list for having no addresses or companies.
    WHEN kind = 'suppressions' THEN NULL
    -- Nor is a log: who is reached by an address or a device alone is in the memory, not listed.
    WHEN NOT is_list_entry THEN 'log_entry'
    WHEN reachable_site IS NOT NULL OR address_verdict IN ('ok', 'corrected') THEN NULL
    WHEN address_verdict IN ('mismatch', 'unknown_place', 'incomplete') THEN 'invalid_address'
    ELSE 'no_address'
  END AS unreachable,
  CASE WHEN account IS NULL AND kind <> 'suppressions' THEN 'no_company' END AS companyless,
  CASE
    WHEN fate = 'set_aside' THEN 'set_aside'
    -- A person may lift a rule about companies; nobody but the contact lifts a suppression.
    WHEN set_aside = 'competitor' AND coalesce(fate, '') <> 'restored' THEN 'competitor'
    WHEN set_aside = 'own_company' AND coalesce(fate, '') <> 'restored' THEN 'own_company'
    WHEN kind = 'suppressions' OR suppressed_contact IS NOT NULL OR set_aside = 'suppressed'
        OR suppressed_email IS NOT NULL
      THEN 'suppressed'
  END AS unwanted,
  CASE WHEN coalesce(names_nobody, false) AND contact IS NULL THEN 'junk_name' END AS nobody
FROM named
