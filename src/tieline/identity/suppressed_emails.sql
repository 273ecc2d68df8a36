/*
question: Which addresses stand on a suppression list?
row: One e-mail address of a suppression list; it is not written to, also where it names no person.
key: email
owner: analyst
columns:
  email: The address, canonical.
*/
SELECT DISTINCT s.email
FROM standard_records s
JOIN records r ON r.record_id = s.record_id
WHERE r.kind = 'suppressions' AND s.email IS NOT NULL
