/*
question: What did people write down about a contact, site or account?
row: One note.
key: note_id
owner: seller
columns:
  note_id: Stable id of the note.
  contact_id: The contact it is about, if it is about one.
  site_id: The site it is about, if it is about one.
  account_id: The account it is about, if it is about one.
  text: The note.
  made_by: Who wrote it.
  made_at: When, UTC.
*/
SELECT 'N' || substr(md5(concat_ws(chr(31), e.entity, t.made_by, CAST(epoch(t.made_at) AS VARCHAR),
    t.text)), 1, 14) AS note_id,
  CASE WHEN e.entity = 'contact' THEN e.entity_id END AS contact_id,
  CASE WHEN e.entity = 'site' THEN e.entity_id END AS site_id,
  CASE WHEN e.entity = 'account' THEN e.entity_id END AS account_id,
  t.text, t.made_by, t.made_at
FROM judgement_texts t
JOIN judged_entities e ON e.number = t.number
WHERE t.kind = 'note'
