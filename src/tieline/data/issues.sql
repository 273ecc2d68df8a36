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
  message: What the row says there.
*/
SELECT source, row_number, 'row' AS field, unreadable AS code, unreadable_message AS message
FROM records WHERE unreadable IS NOT NULL
UNION ALL
SELECT source, row_number, 'full_name', name_issue, full_name FROM standard_records
WHERE name_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'company', company_issue, company FROM standard_records
WHERE company_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'email', email_issue, email FROM standard_records
WHERE email_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'phone', phone_issue, phone FROM standard_records
WHERE phone_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'website', website_issue, website_domain FROM standard_records
WHERE website_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'birth_date', birth_date_issue, NULL FROM standard_records
WHERE birth_date_issue IS NOT NULL
UNION ALL
SELECT source, row_number, 'address', address_issue,
  concat_ws(', ', address_line, postcode, city, country)
FROM standard_records WHERE address_issue IS NOT NULL AND address_issue <> 'missing'
