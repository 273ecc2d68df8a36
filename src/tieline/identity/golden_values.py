"""One value per field, chosen by rule, with what every record said."""

from __future__ import annotations

from dataclasses import dataclass

from tieline.engine.tables import Table

SETTLED = "agreement"
"""For what does not change: trusted sources first, then what most sources say, then the fullest."""
CURRENT = "recency"
"""For what changes: trusted sources first, then the newest, then what most sources say."""
RULES = {
    SETTLED: "best trust rank, then most sources, most records, fullest, newest",
    CURRENT: "at the current account, best trust rank, then newest, most sources, fullest",
}


@dataclass(frozen=True)
class GoldenField:
    """One field of an entity: which standard value it is and which rule chooses."""

    entity: str
    field: str
    value: str
    rule: str


FIELDS = (
    GoldenField("contacts", "full_name", "s.full_name", SETTLED),
    GoldenField("contacts", "email", "s.email", CURRENT),
    GoldenField("contacts", "phone", "s.phone", CURRENT),
    GoldenField("contacts", "mobile", "s.phone_2", CURRENT),
    GoldenField("contacts", "title", "s.title", CURRENT),
    GoldenField("contacts", "department", "s.department", CURRENT),
    GoldenField("contacts", "gender", "s.gender", SETTLED),
    GoldenField("contacts", "birth_date", "s.birth_date::VARCHAR", SETTLED),
    GoldenField(
        "accounts", "name", "CASE WHEN s.company_issue IS NULL THEN s.company END", SETTLED
    ),
    GoldenField("accounts", "domain", "s.company_domain", SETTLED),
    GoldenField("accounts", "industry", "s.industry", SETTLED),
    GoldenField("accounts", "employees", "s.employees::VARCHAR", CURRENT),
    GoldenField("accounts", "revenue", "s.revenue::VARCHAR", CURRENT),
    GoldenField(
        "sites",
        "address",
        (
            "nullif(concat_ws(', ', s.address_line, concat_ws(' ', s.postcode, s.city), "
            "s.country), '')"
        ),
        SETTLED,
    ),
)


def golden_values(standard_records: Table, record_entities: Table, contact_positions: Table) -> str:
    """Every value that records give for a field of an entity; rank 1 is the golden one.

    question: Which value is right, who says so, and what do the others say?
    row: One value of one field of one contact, site or account.
    key: entity_id, field, value
    owner: analyst
    columns:
      entity_id: The contact, site or account.
      field: The field.
      value: The standard value.
      rank: 1 for the golden value, 2 and more for the others in the order of the rule.
      records: How many records say so.
      sources: How many sources say so.
      trust: The best trust rank among them, 1 (best) to 9.
      latest_at: The newest date of a record that says so.
      record_id: The record the value is taken from.
      rule: Which rule chose, "agreement" or "recency".
    """
    key = {"contacts": "contact_id", "accounts": "account_id", "sites": "site_id"}
    # A record with an address but at a guessed site says nothing of that site's address.
    only = {"sites": "AND e.site_basis = 'address'"}
    selects = " UNION ALL ".join(
        f"SELECT e.{key[f.entity]} AS entity_id, '{f.field}' AS field, {f.value} AS value, "
        f"'{f.rule}' AS rule, s.record_id, s.source, s.trust, s.record_at, "
        + (
            "CASE WHEN c.account_id = e.account_id THEN 1 ELSE 0 END AS current"
            if f.entity == "contacts" and f.rule == CURRENT
            else "0 AS current"
        )
        + f" FROM {standard_records} s JOIN {record_entities} e USING (record_id) "
        + (
            f"LEFT JOIN {contact_positions} c ON c.contact_id = e.contact_id AND c.place = 1 "
            if f.entity == "contacts" and f.rule == CURRENT
            else ""
        )
        + f"WHERE e.{key[f.entity]} IS NOT NULL AND {f.value} IS NOT NULL {only.get(f.entity, '')}"
        for f in FIELDS
    )
    return f"""
    WITH said AS (
      SELECT entity_id, field, value, rule, max(current) AS current, count(*) AS records,
        count(DISTINCT source) AS sources, min(trust) AS trust, max(record_at) AS latest_at,
        min_by(record_id, (trust, -coalesce(epoch(record_at), 0), record_id)) AS record_id
      FROM ({selects}) GROUP BY ALL
    )
    SELECT entity_id, field, value, row_number() OVER (PARTITION BY entity_id, field ORDER BY
        current DESC, trust,
        CASE WHEN rule = '{CURRENT}' THEN -coalesce(epoch(latest_at), 0) ELSE 0 END,
        sources DESC, records DESC, length(value) DESC,
        coalesce(epoch(latest_at), 0) DESC, value) AS rank,
      records, sources, trust, latest_at, record_id, rule
    FROM said
    """
