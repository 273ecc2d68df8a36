"""The site of each record after what people said; a site is of one account and never of two."""

from __future__ import annotations

from tieline.engine.tables import Engine, Table
from tieline.identity.judged_groups import judged_groups


def grouped_sites(record_sites: Table, records: Table) -> str:
    """The site of each record as the addresses tell, named after its oldest record.

    question: At which site is a record, before people said anything?
    row: One record that belongs to an account.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      account: Its account.
      site: The oldest record of the site.
      site_basis: How the site is known (address, town, contact, only site, main site, unknown).
    increment:
      key: account
      from:
        record_sites: account
        records: record_sites.record_id
    """
    return f"""
    WITH named AS (
      SELECT s.account, s.site, min_by(s.record_id, r.arrival) AS oldest
      FROM {record_sites} s JOIN {records} r USING (record_id) GROUP BY s.account, s.site
    )
    SELECT s.record_id, s.account, n.oldest AS site, s.site_basis
    FROM {record_sites} s JOIN named n ON n.account = s.account AND n.site = s.site
    """


def site_corrections(
    grouped_sites: Table, judged_records: Table, records: Table, *, engine: Engine
) -> str:
    """The records that judgements move to another site than the addresses tell.

    question: Which records are at another site because people said so?
    row: One record whose site is not the one its address tells.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      site: The oldest record of the site.
    """
    engine.create(
        "judged_places",
        f"SELECT g.*, dense_rank() OVER (ORDER BY g.site) - 1 AS node FROM {grouped_sites} g "
        f"WHERE g.account IN (SELECT s.account FROM {grouped_sites} s JOIN {judged_records} j "
        "USING (record_id) WHERE j.entity = 'site')",
    )
    # Addresses say nothing more here: what no judgement names stays with the oldest part.
    engine.create(
        "judged_place_links",
        "SELECT 0::BIGINT AS left_node, 0::BIGINT AS right_node, 0::DOUBLE AS weight WHERE false",
    )
    machine = 'SELECT record_id, node, node AS "group" FROM judged_places'
    judged = judged_groups(
        engine, machine, "judged_place_links", str(judged_records), str(records), "site"
    )
    return f"""
    WITH judged AS (
      SELECT p.record_id, p.account, p.site AS before, j."group", r.arrival
      FROM judged_places p JOIN ({judged}) j USING (record_id) JOIN {records} r USING (record_id)
    ), named AS (
      -- Where accounts were parted since, each has its own part of the site.
      SELECT account, "group", min_by(record_id, arrival) AS site FROM judged GROUP BY ALL
    )
    SELECT record_id, n.site FROM judged j JOIN named n USING (account, "group")
    WHERE n.site <> j.before
    """


def judged_sites(grouped_sites: Table, site_corrections: Table) -> str:
    """The site of each record, after what people said.

    question: At which site of its account is each record, after all?
    row: One record that belongs to an account.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      account: Its account.
      site: The oldest record of the site.
      site_basis: How the site is known (address, town, contact, only site, main site, unknown).
    increment:
      key: record_id
      from:
        grouped_sites: record_id
        site_corrections: record_id
    """
    return (
        "SELECT g.record_id, g.account, coalesce(c.site, g.site) AS site, g.site_basis "
        f"FROM {grouped_sites} g LEFT JOIN {site_corrections} c ON c.record_id = g.record_id"
    )
