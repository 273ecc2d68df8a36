"""What scorecards ask of each person, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.engine.tables import Table, quoted
from tieline.metrics.lead_fields import BY_NAME
from tieline.metrics.score_expressions import fields_of
from tieline.metrics.scorecard import Scorecard
from tieline.metrics.segment_rule import read_rule

_SCHEMA = pa.schema(
    [
        ("contact_id", pa.string()),
        ("site_id", pa.string()),
        ("account_id", pa.string()),
        ("responses", pa.int64()),
        ("first_response_on", pa.date32()),
        ("last_response_on", pa.date32()),
        ("outcome", pa.string()),
        ("closed_on", pa.date32()),
        *(
            (field.column, pa.float64() if field.kind == "number" else pa.string())
            for field in BY_NAME.values()
        ),
    ]
)


def lead_facts(
    contacts: Table,
    accounts: Table,
    sites: Table,
    families: Table,
    site_stages: Table,
    contact_categories: Table,
    record_entities: Table,
    responses: Table,
    opportunities: Table,
    as_of: Table,
    *,
    scorecards: Sequence[Scorecard],
) -> pa.Table | str:
    """What scorecards ask of each person; a field that none asks for is left empty.

    question: What do we know of each person that a scorecard asks for?
    row: One contact with a usable record; no row without a scorecard.
    key: contact_id
    owner: analyst
    columns:
      contact_id: The contact.
      site_id: The site where they work now.
      account_id: The account.
      responses: How many responses of theirs we know, up to the day of the snapshot.
      first_response_on: The day of the oldest of them; empty where one tells no day.
      last_response_on: The day of the newest of them.
      outcome: won or lost, of the newest closed deal that names them, if they did not respond
        since; else empty.
      closed_on: The day that deal was closed.
      account_industry: Industry of the company as told.
      account_employees: Number of employees.
      account_revenue: Yearly revenue, in the currency given.
      account_country: Country of most of its records.
      account_legal_form: Legal form.
      account_domain: Web domain.
      account_contacts: How many contacts work there now.
      account_sites: How many sites we know.
      account_family: parent, subsidiary or single, as far as is known.
      account_won_deals: How many deals with it were won.
      site_country: Country of the site (ISO 3166 alpha-2).
      site_region: State, province or region of the site.
      site_city: Town of the site.
      site_postcode: Postcode of the site.
      site_stage: Where the relationship with the site stands.
      site_phase: early, mid or late of a dialogue with the site.
      contact_title: Job title.
      contact_function: Function of the job title.
      contact_level: Level of the job title.
      contact_power: What the level may decide, 5 to 0.
      contact_buying_role: Part it plays in most purchases.
      contact_department: Department.
      contact_category: Who the contact is to us.
      contact_email: E-mail address.
      contact_phone: Telephone number.
    """
    cards = [card for card in scorecards if card.of_contacts]
    if not cards:
        return _SCHEMA.empty_table()
    asked = {
        name
        for card in cards
        for version in card.versions
        for one in version.criteria
        for name in fields_of(one)
    }
    asked |= {
        name
        for card in cards
        for one in card.hand_over.sellers
        for name in read_rule(one.when, BY_NAME).fields
    }
    told = "".join(
        f", {_typed(name, name in asked)} AS {quoted(BY_NAME[name].column)}" for name in BY_NAME
    )
    return f"""
    WITH usable AS (
      SELECT DISTINCT contact_id FROM {record_entities}
      WHERE status = 'usable' AND contact_id IS NOT NULL
    ),
    done AS (
      SELECT r.contact_id, count(*) AS responses,
        CASE WHEN count(*) = count(r.occurred_at) THEN min(CAST(r.occurred_at AS DATE)) END
          AS first_response_on,
        max(CAST(r.occurred_at AS DATE)) AS last_response_on
      FROM {responses} r CROSS JOIN {as_of} t
      WHERE r.contact_id IS NOT NULL
        AND (r.occurred_at IS NULL OR CAST(r.occurred_at AS DATE) <= t.as_of)
      GROUP BY r.contact_id
    ),
    closed AS (
      SELECT contact_id, outcome, CAST(closed_at AS DATE) AS closed_on,
        row_number() OVER (PARTITION BY contact_id ORDER BY closed_at DESC, opportunity_id) AS place
      FROM {opportunities} o CROSS JOIN {as_of} t
      WHERE contact_id IS NOT NULL AND outcome IN ('won', 'lost')
        AND CAST(closed_at AS DATE) <= t.as_of
    ),
    owners AS (SELECT DISTINCT parent_id AS owner_id FROM {families} WHERE parent_id IS NOT NULL),
    deals AS (
      SELECT o.account_id, count(*) AS won_deals FROM {opportunities} o CROSS JOIN {as_of} t
      WHERE o.outcome = 'won' AND (o.closed_at IS NULL OR CAST(o.closed_at AS DATE) <= t.as_of)
      GROUP BY o.account_id
    )
    SELECT c.contact_id, c.site_id, c.account_id, coalesce(n.responses, 0) AS responses,
      n.first_response_on, n.last_response_on,
      CASE WHEN n.last_response_on IS NULL OR n.last_response_on <= e.closed_on THEN e.outcome END
        AS outcome,
      e.closed_on{told}
    FROM {contacts} c
    JOIN usable u ON u.contact_id = c.contact_id
    LEFT JOIN {accounts} a ON a.account_id = c.account_id
    LEFT JOIN {sites} s ON s.site_id = c.site_id
    LEFT JOIN {families} y ON y.account_id = c.account_id
    LEFT JOIN owners w ON w.owner_id = c.account_id
    LEFT JOIN {site_stages} g ON g.site_id = c.site_id
    LEFT JOIN {contact_categories} k ON k.contact_id = c.contact_id
    LEFT JOIN done n ON n.contact_id = c.contact_id
    LEFT JOIN closed e ON e.contact_id = c.contact_id AND e.place = 1
    LEFT JOIN deals d ON d.account_id = c.account_id
    """


def _typed(name: str, asked: bool) -> str:
    field = BY_NAME[name]
    kind = "DOUBLE" if field.kind == "number" else "VARCHAR"
    return f"TRY_CAST({field.sql} AS {kind})" if asked else f"CAST(NULL AS {kind})"
