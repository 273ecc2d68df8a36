/*
question: When was each site in the hands of sales?
row: One opportunity of which the day of its opening is told, at its site.
key: opportunity_id
owner: seller
columns:
  opportunity_id: The opportunity.
  site_id: Its site; where it names none, the site of the account with most of our contacts.
  account_id: Its account.
  started_on: The day it was handed over (opened).
  ended_on: The day on which sales has left the site again; empty while it is open, started_on where the days of the close cannot be told.
  outcome: won, lost or open.
  site_named: Whether the row or its contact names the site.
*/
WITH main_sites AS (
  SELECT account_id, site_id, row_number() OVER (
      PARTITION BY account_id ORDER BY contacts DESC, records DESC, site_id
    ) AS place
  FROM sites WHERE moved_to_site_id IS NULL
)
SELECT o.opportunity_id, coalesce(o.site_id, m.site_id) AS site_id, o.account_id,
  CAST(o.created_at AS DATE) AS started_on,
  CASE WHEN o.outcome = 'open' THEN NULL
    -- Closed on no day, or before it was opened: nobody can say how long sales had it.
    WHEN CAST(o.closed_at AS DATE) >= CAST(o.created_at AS DATE)
      THEN CAST(o.closed_at AS DATE) + CAST(k.after_close_days AS INTEGER)
    ELSE CAST(o.created_at AS DATE) END AS ended_on,
  o.outcome, o.site_id IS NOT NULL AS site_named
FROM opportunities o
CROSS JOIN stage_clock k
LEFT JOIN main_sites m ON m.account_id = o.account_id AND m.place = 1 AND o.site_id IS NULL
LEFT JOIN landings l ON l.source = o.source
WHERE coalesce(o.site_id, m.site_id) IS NOT NULL AND o.created_at IS NOT NULL
  AND (l.landed_on IS NULL OR CAST(o.created_at AS DATE) <= l.landed_on)
