"""One value per field, chosen by rule, with what every record said."""

from __future__ import annotations

from dataclasses import dataclass

from tieline.engine.tables import Engine, Table

SETTLED = "agreement"
"""For what does not change."""
CURRENT = "recency"
"""For what changes."""
MOVED = "change of address"
"""For an address that somebody moved to: newer than what the lists say."""
JUDGED = "judgement"
"""For what a person decided: it stands above what any record says."""
RULES = {
    SETTLED: "no doubt about it, best trust rank, most sources, most records, fullest, newest",
    CURRENT: "no doubt about it, at the current account, best trust rank, newest, most sources",
    MOVED: "told by a change of address",
    JUDGED: "set by a person",
}


@dataclass(frozen=True)
class GoldenField:
    """One field of an entity: which standard value it is, which rule chooses, what raises doubt."""

    entity: str
    field: str
    value: str
    rule: str
    doubt: str = "false"


FIELDS = (
    GoldenField("contact", "full_name", "full_name", SETTLED),
    GoldenField("contact", "email", "email", CURRENT, "email_issue IS NOT NULL OR is_role_account"),
    GoldenField("contact", "phone", "phone", CURRENT, "phone_issue IS NOT NULL"),
    GoldenField("contact", "mobile", "phone_2", CURRENT),
    GoldenField("contact", "title", "title", CURRENT),
    GoldenField("contact", "department", "department", CURRENT),
    GoldenField("contact", "gender", "gender", SETTLED),
    GoldenField("contact", "birth_date", "birth_date::VARCHAR", SETTLED),
    GoldenField("account", "name", "CASE WHEN company_issue IS NULL THEN company END", SETTLED),
    GoldenField("account", "domain", "own_domain", SETTLED),
    GoldenField("account", "industry", "industry", SETTLED),
    GoldenField("account", "employees", "employees::VARCHAR", CURRENT),
    GoldenField("account", "revenue", "revenue::VARCHAR", CURRENT),
    GoldenField(
        "site",
        "address",
        # A record with an address but at a guessed site says nothing of that site's address.
        "CASE WHEN site_basis = 'address' THEN nullif(concat_ws(', ', address_line, "
        "concat_ws(' ', postcode, city), country), '') END",
        SETTLED,
        "address_verdict NOT IN ('ok', 'corrected')",
    ),
)


def golden_values(
    standard_records: Table,
    record_entities: Table,
    contact_positions: Table,
    shared_domains: Table,
    judged_values: Table,
    address_moves: Table,
    *,
    engine: Engine,
) -> str:
    """Every value that records give for a field of an entity; rank 1 is the golden one.

    question: Which value is right, who says so, and what do the others say?
    row: One value of one field of one contact, site or account.
    key: entity_id, field, value
    owner: analyst
    columns:
      entity_id: The contact, site or account.
      field: The field.
      value: The standard value; empty where a person says that there is none.
      rank: 1 for the golden value, 2 and more for the others in the order of the rule.
      records: How many records say so.
      sources: How many sources say so.
      trust: The best trust rank among them, 1 (best) to 9.
      latest_at: The newest date of a record that says so.
      record_id: The record the value is taken from; empty where only a person says so.
      rule: Which rule chose, agreement, recency, change of address, or judgement of a person.
    increment:
      key: entity_id
      from:
        record_entities: [contact_id, site_id, account_id]
        standard_records: record_entities.record_id
        contact_positions: record_entities.contact_id
        shared_domains: standard_records.company_domain
        judged_values: entity_id
        address_moves: entity_id
    """
    engine.create(
        "told", _told(standard_records, record_entities, contact_positions, shared_domains)
    )
    said = " UNION ALL ".join(
        f"SELECT {f.entity}_id AS entity_id, '{f.field}' AS field, {f.value} AS value, "
        f"'{f.rule}' AS rule, coalesce({f.doubt}, false) AS doubt, "
        f"{'is_current' if (f.entity, f.rule) == ('contact', CURRENT) else 'false'} AS is_current, "
        "record_id, source, trust, record_at "
        f"FROM told WHERE {f.entity}_id IS NOT NULL AND {f.value} IS NOT NULL"
        for f in FIELDS
    )
    return f"""
    WITH said AS (
      SELECT entity_id, field, value, rule, bool_and(doubt) AS doubt,
        bool_or(is_current) AS is_current, count(*) AS records,
        count(DISTINCT source) AS sources, min(trust) AS trust, max(record_at) AS latest_at,
        min_by(record_id, (trust, -coalesce(epoch(record_at), 0), record_id)) AS record_id
      FROM ({said}) GROUP BY entity_id, field, value, rule
    ), moved AS (
      -- Where a site's people went to another site we know, the place is what it was.
      SELECT entity_id, 'address' AS field, address AS value, record_id, trust,
        moved_on::TIMESTAMP AS moved_at
      FROM {address_moves} WHERE site_id_now IS NULL
    ), judged AS (
      SELECT s.* REPLACE (CASE WHEN j.field IS NOT NULL THEN '{JUDGED}'
        WHEN m.field IS NOT NULL THEN '{MOVED}' ELSE s.rule END AS rule)
      FROM said s LEFT JOIN {judged_values} j USING (entity_id, field, value)
      LEFT JOIN moved m USING (entity_id, field, value)
      UNION ALL
      SELECT m.entity_id, m.field, m.value, CASE WHEN j.field IS NOT NULL THEN '{JUDGED}'
        ELSE '{MOVED}' END, false, true, 1, 1, m.trust, m.moved_at, m.record_id
      FROM moved m LEFT JOIN {judged_values} j USING (entity_id, field, value)
      ANTI JOIN said s USING (entity_id, field, value)
      UNION ALL
      SELECT j.entity_id, j.field, j.value, '{JUDGED}', false, true, 0, 0, NULL, NULL, NULL
      FROM {judged_values} j ANTI JOIN said s USING (entity_id, field, value)
      ANTI JOIN moved m USING (entity_id, field, value)
    )
    SELECT entity_id, field, value, row_number() OVER (PARTITION BY entity_id, field ORDER BY
        CASE rule WHEN '{JUDGED}' THEN 0 WHEN '{MOVED}' THEN 1 ELSE 2 END, doubt,
        is_current DESC, trust,
        CASE WHEN rule = '{CURRENT}' THEN -coalesce(epoch(latest_at), 0) ELSE 0 END,
        sources DESC, records DESC, length(value) DESC,
        coalesce(epoch(latest_at), 0) DESC, value) AS rank,
      records, sources, trust, latest_at, record_id, rule
    FROM judged
    """


def _told(
    standard_records: Table,
    record_entities: Table,
    contact_positions: Table,
    shared_domains: Table,
) -> str:
    """What each record says, with the entities it says it of."""
    return f"""
    SELECT s.*, e.contact_id, e.site_id, e.account_id, e.site_basis,
      coalesce(c.account_id = e.account_id, false) AS is_current,
      CASE WHEN h.company_domain IS NULL THEN s.company_domain END AS own_domain
    FROM {standard_records} s JOIN {record_entities} e USING (record_id)
    LEFT JOIN {contact_positions} c ON c.contact_id = e.contact_id AND c.place = 1
    LEFT JOIN {shared_domains} h ON h.company_domain = s.company_domain
    """
