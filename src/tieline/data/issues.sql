/*
question: What is wrong with which cell of which row?
row: One problem of one field of one row.
key: source, row_number, field, code
owner: analyst
better: down
columns:
  source: The name of the source.
  row_number: 1-based number of the data row in the source's file.
  field: The standard field concerned, "row" for the row as a whole.
  code: The reason code.
  message: What the row says there, word for word; for an unreadable row why it is.
*/
WITH told AS (
  SELECT s.source, s.row_number, s.name_issue, s.company_issue, s.email_issue, s.phone_issue,
    s.website_issue, s.birth_date_issue, s.address_issue,
    coalesce(m.full_name,
      nullif(concat_ws(' ', m.given_name, m.middle_name, m.family_name), ''), m.native_name) AS name,
    m.company, m.email, m.phone, m.website, m.birth_date,
    coalesce(m.full_address, nullif(concat_ws(', ', m.address_line1, m.address_line2,
      m.address_line3, m.house_number, m.city, m.region, m.postcode, m.country), '')) AS address
  FROM standard_records s
  JOIN mapped_records m ON m.record_id = s.record_id
)
SELECT source, row_number, 'row' AS field, unreadable AS code, unreadable_message AS message
FROM records WHERE unreadable IS NOT NULL
UNION ALL
SELECT source, row_number, 'full_name', name_issue, name FROM told WHERE name_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'company', company_issue, company FROM told
WHERE company_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'email', email_issue, email FROM told WHERE email_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'phone', phone_issue, phone FROM told WHERE phone_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'website', website_issue, website FROM told
WHERE website_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'birth_date', birth_date_issue, birth_date FROM told
WHERE birth_date_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'address', address_issue, address FROM told
WHERE address_issue IS NOT NULL AND address_issue <> 'missing'
