/*
question: Which contacts stand on a suppression list?
row: One contact that a row of a suppression list names.
key: contact
owner: analyst
columns:
  contact: The contact, named after its oldest record.
*/
SELECT DISTINCT c.contact
FROM records r
JOIN judged_contacts c ON c.record_id = r.record_id
WHERE r.kind = 'suppressions'
