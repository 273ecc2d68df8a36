"""Each deal that was won or lost with what was known the day before it was opened, and today."""

from __future__ import annotations

from tieline.engine.tables import Table
from tieline.insight.account_signals import rank
from tieline.metrics.category import AT_WORK


def outlook_cases(
    accounts: Table,
    opportunities: Table,
    contact_stays: Table,
    category_history: Table,
    responses: Table,
    site_stage_periods: Table,
    as_of: Table,
) -> str:
    """Each closed deal with what was known before it was opened, and each account today.

    Nothing of the day on which the deal was opened counts: a deal does not tell of itself.

    question: What did relationships look like before they grew or were lost?
    row: One closed deal, or one account as it is today.
    key: case_id
    owner: analyst
    columns:
      case_id: The deal; of an account today its id.
      account_id: The account.
      known_before: The day; what is told was known before it.
      won: Whether the deal was won; empty for an account today.
      employees: Number of employees, as known now.
      industry: Industry as given, in lower case.
      won_before: Deals won and closed before.
      contacts: Contacts who worked there then.
      decision_maker: How many of them were decision makers by what was known then.
      influencer: The same of influencers.
      user: The same of users.
      finance: The same of people in finance.
      procurement: The same of people in procurement.
      others: All other contacts.
      responses: Responses within the year before.
      stage_rank: How far the furthest site stood, 0 to 4 (see account_signals).
    """
    counted = ", ".join(
        f"count(*) FILTER (WHERE category = '{name}') AS {name}" for name in AT_WORK
    )
    names = ", ".join(f"'{name}'" for name in AT_WORK)
    shown = ", ".join(f"coalesce(m.{name}, 0) AS {name}" for name in (*AT_WORK, "others"))
    return f"""
    WITH cases AS (
      SELECT opportunity_id AS case_id, account_id, CAST(created_at AS DATE) AS day,
        outcome = 'won' AS won
      FROM {opportunities}
      WHERE outcome IN ('won', 'lost') AND account_id IS NOT NULL AND created_at IS NOT NULL
        AND CAST(created_at AS DATE) <= (SELECT as_of FROM {as_of})
      UNION ALL
      SELECT a.account_id, a.account_id, d.as_of + 1, CAST(NULL AS BOOLEAN)
      FROM {accounts} a CROSS JOIN {as_of} d WHERE a.set_aside IS NULL AND d.as_of IS NOT NULL
        AND EXISTS (SELECT 1 FROM {opportunities} WHERE outcome IN ('won', 'lost'))
    ),
    there AS (
      SELECT c.case_id, s.contact_id, h.category, row_number() OVER (
        PARTITION BY c.case_id, s.contact_id ORDER BY h.since DESC NULLS LAST) AS place
      FROM cases c
      JOIN {contact_stays} s ON s.account_id = c.account_id AND s.entered_on < c.day
        AND coalesce(s.left_on >= c.day, TRUE)
      LEFT JOIN {category_history} h ON h.contact_id = s.contact_id AND h.since < c.day
    ),
    mixed AS (
      SELECT case_id, count(*) AS contacts, {counted},
        count(*) FILTER (WHERE category IS NULL OR category NOT IN ({names})) AS others
      FROM there WHERE place = 1 GROUP BY case_id
    ),
    answered AS (
      SELECT c.case_id, count(*) AS responses FROM cases c
      JOIN {responses} r ON r.account_id = c.account_id AND CAST(r.occurred_at AS DATE) < c.day
        AND CAST(r.occurred_at AS DATE) >= c.day - INTERVAL 365 DAY
      GROUP BY c.case_id
    ),
    stood AS (
      SELECT c.case_id, max({rank("p.stage", "p.phase")}) AS stage_rank FROM cases c
      JOIN {site_stage_periods} p ON p.account_id = c.account_id AND p.entered_on < c.day
        AND coalesce(p.left_on >= c.day, TRUE)
      GROUP BY c.case_id
    ),
    earlier AS (
      SELECT c.case_id, count(*) AS won_before FROM cases c
      JOIN {opportunities} o ON o.account_id = c.account_id AND o.outcome = 'won'
        AND CAST(coalesce(o.closed_at, o.created_at) AS DATE) < c.day
      GROUP BY c.case_id
    )
    SELECT c.case_id, c.account_id, c.day AS known_before, c.won, a.employees,
      nullif(lower(trim(a.industry)), '') AS industry, coalesce(e.won_before, 0) AS won_before,
      coalesce(m.contacts, 0) AS contacts, {shown}, coalesce(r.responses, 0) AS responses,
      CAST(coalesce(s.stage_rank, 0) AS DOUBLE) AS stage_rank
    FROM cases c
    JOIN {accounts} a ON a.account_id = c.account_id AND a.set_aside IS NULL
    LEFT JOIN mixed m ON m.case_id = c.case_id
    LEFT JOIN answered r ON r.case_id = c.case_id
    LEFT JOIN stood s ON s.case_id = c.case_id
    LEFT JOIN earlier e ON e.case_id = c.case_id
    """
