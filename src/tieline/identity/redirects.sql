/*
question: An id that was given out earlier, what does it lead to now?
row: One id that a record of an entity would stand under by itself, and the entity's id.
key: old_id
owner: analyst
columns:
  kind: contact, site or account.
  old_id: An id that is no longer in use; every id ever given out is in use or stands here.
  new_id: The id of the contact, site or account that holds the record it was made of.
increment:
  key: new_id
  from:
    record_entities: [contact_id, site_id, account_id]
*/
WITH own AS (
  SELECT 'contact' AS kind, 'C' || substr(md5('contacts' || record_id), 1, 14) AS old_id,
    contact_id AS new_id
  FROM record_entities WHERE contact_id IS NOT NULL
  UNION ALL
  SELECT 'site', 'S' || substr(md5('sites' || record_id), 1, 14), site_id
  FROM record_entities WHERE site_id IS NOT NULL
  UNION ALL
  SELECT 'account', 'A' || substr(md5('accounts' || record_id), 1, 14), account_id
  FROM record_entities WHERE account_id IS NOT NULL
)
SELECT kind, old_id, new_id FROM own WHERE old_id <> new_id
