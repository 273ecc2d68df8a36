"""Which records are at the same place of the same account."""

from __future__ import annotations

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.linking import groups_of, links_of
from tieline.identity.parameters import ParameterStore
from tieline.identity.site_evidence import SITES

_TELLS_A_PLACE = (
    "(s.postcode_key IS NOT NULL OR s.city_key IS NOT NULL) "
    "AND (s.street_key IS NOT NULL OR s.po_box IS NOT NULL OR s.postcode_key IS NOT NULL)"
)
"""A town alone names no site: an account may have several there."""


def site_profiles(standard_records: Table, record_accounts: Table) -> str:
    """The distinct addresses of each account.

    question: Which different addresses are given for each account?
    row: One way of writing an address of one account.
    key: node
    owner: analyst
    columns:
      node: Number of the profile, 0 to n-1.
      account: The account.
      street_key: Street for comparing.
      house: House number.
      po_box: PO box.
      postcode_key: Postcode for comparing.
      city_key: Town for comparing.
      country: Country (ISO 3166 alpha-2).
      records: How many records give this address.
    """
    return f"""
    SELECT row_number() OVER (
        ORDER BY account, postcode_key, city_key, street_key, house, po_box, country) - 1 AS node, *
    FROM (
      SELECT a.account, s.street_key, lower(s.house_number) AS house, lower(s.po_box) AS po_box,
        s.postcode_key, s.city_key, s.country, count(*) AS records
      FROM {standard_records} s JOIN {record_accounts} a USING (record_id)
      WHERE {_TELLS_A_PLACE}
      GROUP BY ALL
    )
    """


def site_links(
    site_profiles: Table, *, engine: Engine, probability: float, parameters: ParameterStore
) -> pa.Table:
    """Pairs of addresses of one account with their evidence.

    question: Which addresses of an account are the same site, and why?
    row: One pair of addresses.
    key: left_node, right_node
    owner: analyst
    columns:
      left_node: The smaller profile.
      right_node: The larger profile.
      pattern: The outcome of each comparison, one hexadecimal digit a field.
      weight: Evidence in bits that they are the same, prior included.
    """
    return links_of(engine, site_profiles, SITES, probability=probability, parameters=parameters)


def record_sites(
    standard_records: Table,
    record_accounts: Table,
    record_contacts: Table,
    site_profiles: Table,
    site_links: Table,
    *,
    engine: Engine,
    probability: float,
) -> str:
    """The site of each record that belongs to an account.

    question: At which site of its account is each record, and how do we know?
    row: One record that belongs to an account.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      account: Its account.
      site: The smallest address profile of the site; -1 where the account has no address at all.
      site_basis: How the site is known, by the record's own "address", as the site in its "town",
        by another record of the same "contact" there, as the account's "only site" or "main site",
        or "unknown".
    """
    engine.load("site_groups", groups_of(site_profiles, site_links, probability=probability))
    return f"""
    WITH own AS (
      SELECT s.record_id, g."group" AS site
      FROM {standard_records} s JOIN {record_accounts} a USING (record_id)
      JOIN {site_profiles} p ON p.account = a.account
        AND p.street_key IS NOT DISTINCT FROM s.street_key
        AND p.house IS NOT DISTINCT FROM lower(s.house_number)
        AND p.po_box IS NOT DISTINCT FROM lower(s.po_box)
        AND p.postcode_key IS NOT DISTINCT FROM s.postcode_key
        AND p.city_key IS NOT DISTINCT FROM s.city_key
        AND p.country IS NOT DISTINCT FROM s.country
      JOIN site_groups g ON g.node = p.node
      WHERE {_TELLS_A_PLACE}
    ), known AS (
      SELECT a.record_id, a.account, c.contact, s.city_key, o.site
      FROM {record_accounts} a JOIN {standard_records} s USING (record_id)
      LEFT JOIN own o USING (record_id)
      LEFT JOIN {record_contacts} c USING (record_id)
    ), of_contact AS (
      SELECT contact, account, site FROM known
      WHERE contact IS NOT NULL AND site IS NOT NULL GROUP BY contact, account, site
      QUALIFY row_number() OVER (PARTITION BY contact, account ORDER BY count(*) DESC, site) = 1
    ), of_town AS (
      SELECT k.account, s.city_key, k.site FROM known k JOIN {standard_records} s USING (record_id)
      WHERE k.site IS NOT NULL AND s.city_key IS NOT NULL GROUP BY k.account, s.city_key, k.site
      QUALIFY row_number() OVER (
        PARTITION BY k.account, s.city_key ORDER BY count(*) DESC, k.site) = 1
    ), of_account AS (
      SELECT account, site, count(*) OVER (PARTITION BY account) AS sites FROM known
      WHERE site IS NOT NULL GROUP BY account, site
      QUALIFY row_number() OVER (PARTITION BY account ORDER BY count(*) DESC, site) = 1
    )
    SELECT k.record_id, k.account, coalesce(k.site, t.site, c.site, a.site, -1) AS site,
      CASE WHEN k.site IS NOT NULL THEN 'address' WHEN t.site IS NOT NULL THEN 'town'
        WHEN c.site IS NOT NULL THEN 'contact'
        WHEN a.sites = 1 THEN 'only site' WHEN a.site IS NOT NULL THEN 'main site'
        ELSE 'unknown' END AS site_basis
    FROM known k
    LEFT JOIN of_contact c ON c.contact = k.contact AND c.account = k.account
    LEFT JOIN of_town t ON t.account = k.account AND t.city_key = k.city_key
    LEFT JOIN of_account a ON a.account = k.account
    """
