/*
question: Who was at which site, from when until when?
row: One stay of a usable contact at one site, told by the newest record of the time. A contact with no record before is known from the beginning where a record tells no day.
key: contact_id, entered_on
owner: marketer
columns:
  contact_id: The contact.
  entered_on: The first day; 0001-01-01 for "from the beginning".
  left_on: The day from which on a record says another site; empty where the contact is still there.
  account_id: The account.
  site_id: The site; empty where the records of the time tell none.
increment:
  key: contact_id
  from:
    record_days: contact_id
    record_entities: contact_id
    contact_positions: contact_id
    address_moves: [entity_id, entity_id = record_days.site_id]
*/
WITH usable AS (
  SELECT DISTINCT contact_id FROM record_entities
  WHERE status = 'usable' AND contact_id IS NOT NULL
),
told AS (
  SELECT r.contact_id, r.account_id, r.site_id, coalesce(r.known_on, DATE '0001-01-01') AS day,
    min(r.trust) AS trust, count(*) AS records
  FROM record_days r
  JOIN usable u ON u.contact_id = r.contact_id
  WHERE r.account_id IS NOT NULL
  GROUP BY r.contact_id, r.account_id, r.site_id, coalesce(r.known_on, DATE '0001-01-01')
),
days AS (
  SELECT contact_id, account_id, site_id, day,
    row_number() OVER (
      PARTITION BY contact_id, day ORDER BY trust, records DESC, account_id, site_id
    ) AS choice,
    CASE WHEN day = max(day) OVER (PARTITION BY contact_id) THEN 1 ELSE 0 END AS is_newest
  FROM told
),
placed AS (
  -- Where the contact is now is what `contact_positions` says, of several on one day, too.
  SELECT d.contact_id, d.day,
    CASE WHEN d.is_newest = 1 AND p.contact_id IS NOT NULL THEN p.account_id ELSE d.account_id END
      AS account_id,
    CASE WHEN d.is_newest = 1 AND p.contact_id IS NOT NULL THEN p.site_id
      ELSE coalesce(c.site_id_now, v.site_id_now, d.site_id) END AS site_id
  FROM days d
  LEFT JOIN contact_positions p ON p.contact_id = d.contact_id AND p.place = 1
  LEFT JOIN address_moves c ON c.entity_id = d.contact_id AND c.from_site_id = d.site_id
  LEFT JOIN address_moves v ON v.entity_id = d.site_id
  WHERE d.choice = 1
),
marked AS (
  SELECT contact_id, account_id, site_id, day,
    CASE WHEN lag(day) OVER (PARTITION BY contact_id ORDER BY day) IS NOT NULL
      AND coalesce(lag(site_id) OVER (PARTITION BY contact_id ORDER BY day), '') =
        coalesce(site_id, '')
      AND coalesce(lag(account_id) OVER (PARTITION BY contact_id ORDER BY day), '') =
        coalesce(account_id, '') THEN 1 ELSE 0 END AS stays
  FROM placed
)
SELECT contact_id, day AS entered_on,
  lead(day) OVER (PARTITION BY contact_id ORDER BY day) AS left_on, account_id, site_id
FROM marked WHERE stays = 0
