"""Accounts where a product hangs on one key player, or on none any more."""

from __future__ import annotations

from tieline.engine.tables import Table
from tieline.insight.outlook_limits import OutlookLimits


def single_threads(
    key_players: Table,
    product_roles: Table,
    contacts: Table,
    record_entities: Table,
    contact_positions: Table,
    accounts: Table,
    responses: Table,
    touches: Table,
    as_of: Table,
    *,
    outlook: OutlookLimits,
) -> str:
    """Accounts with at most one key player of a product still there, reachable and talking.

    A key player is gone who works at another account now (`left`), whose last e-mail bounced with
    no response since (`bounced`), who answered before and not for `[outlook] silence_days`
    (`silent`), or who may not be written to (`not_usable`). Who never answered is still there.
    Without any list of buying roles, deciders, buyers and influencers by their title count, for the
    product "".

    question: Where does a relationship hang on one person, or has it lost the last one?
    row: One account and product with at most one key player left, and at least one ever known.
    key: account_id, product
    owner: seller
    better: down
    columns:
      account_id: The account.
      product: The product; empty where no product has a list of buying roles.
      alarm: "only_one (one is left), or why the last one is gone: left, bounced, silent,
        not_usable."
      contact_id: Who is left, or who was the last.
      since: The day of that; empty where it is not known.
      active: How many key players are left, 0 or 1.
      ever: How many were ever known there.
      because: The same in words.
    """
    return f"""
    WITH players AS (
      SELECT DISTINCT contact_id, product, usable FROM {key_players}
      UNION ALL
      SELECT c.contact_id, '', coalesce(bool_or(e.status = 'usable'), FALSE)
      FROM {contacts} c LEFT JOIN {record_entities} e USING (contact_id)
      WHERE c.buying_role IN ('decider', 'buyer', 'influencer')
        AND NOT EXISTS (SELECT 1 FROM {product_roles})
      GROUP BY c.contact_id
    ),
    answered AS (
      SELECT contact_id, max(CAST(occurred_at AS DATE)) AS answered_on FROM {responses}
      WHERE contact_id IS NOT NULL
        AND CAST(occurred_at AS DATE) <= (SELECT as_of FROM {as_of}) GROUP BY contact_id
    ),
    bounced AS (
      SELECT contact_id, max(CAST(occurred_at AS DATE)) AS bounced_on FROM {touches}
      WHERE contact_id IS NOT NULL AND lower(kind) LIKE '%bounce%' GROUP BY contact_id
    ),
    moved AS (
      SELECT contact_id, CAST(first_seen_at AS DATE) AS moved_on FROM {contact_positions}
      WHERE place = 1
    ),
    stood AS (
      SELECT p.account_id, k.product, k.contact_id, a.answered_on,
        CAST(p.last_seen_at AS DATE) AS seen_on,
        CASE WHEN p.place > 1 THEN 'left'
          WHEN b.bounced_on >= coalesce(a.answered_on, b.bounced_on) THEN 'bounced'
          WHEN a.answered_on < (SELECT as_of FROM {as_of}) - INTERVAL {outlook.silence_days} DAY
            THEN 'silent'
          WHEN NOT k.usable THEN 'not_usable' END AS gone,
        CASE WHEN p.place > 1 THEN m.moved_on
          WHEN b.bounced_on >= coalesce(a.answered_on, b.bounced_on) THEN b.bounced_on
          ELSE a.answered_on END AS since
      FROM players k
      JOIN {contact_positions} p USING (contact_id)
      JOIN {accounts} x ON x.account_id = p.account_id AND x.set_aside IS NULL
      LEFT JOIN answered a USING (contact_id)
      LEFT JOIN bounced b USING (contact_id)
      LEFT JOIN moved m USING (contact_id)
    ),
    counted AS (
      SELECT account_id, product, count(*) AS ever, count(*) FILTER (WHERE gone IS NULL) AS active
      FROM stood GROUP BY account_id, product
      HAVING count(*) FILTER (WHERE gone IS NULL) <= 1
    ),
    last AS (
      SELECT s.*, row_number() OVER (
        PARTITION BY s.account_id, s.product
        -- Who is still there; else whoever we heard of last.
        ORDER BY s.gone IS NOT NULL, coalesce(s.since, s.seen_on) DESC NULLS LAST, s.contact_id
      ) AS place
      FROM stood s
    )
    SELECT c.account_id, c.product, coalesce(l.gone, 'only_one') AS alarm, l.contact_id, l.since,
      c.active, c.ever,
      coalesce(n.full_name, n.email, l.contact_id) || CASE coalesce(l.gone, 'only_one')
        WHEN 'only_one' THEN ' is the only key player we have there'
        WHEN 'left' THEN ', the last key player we had, works elsewhere now'
        WHEN 'bounced' THEN ', the last key player we had, can no longer be reached by e-mail'
        WHEN 'silent' THEN ', the last key player who answered, has fallen silent'
        ELSE ', the last key player we had, may not be written to' END
        || coalesce(CASE WHEN l.gone IS NULL THEN ' (last answer ' || l.since || ')'
          ELSE ' (' || l.since || ')' END, '') AS because
    FROM counted c
    JOIN last l ON l.account_id = c.account_id AND l.product = c.product AND l.place = 1
    LEFT JOIN {contacts} n ON n.contact_id = l.contact_id
    """
