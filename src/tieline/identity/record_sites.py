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

_PLACE = """a.account, s.street_key, lower(s.house_number) AS house, lower(s.po_box) AS po_box,
        s.postcode_key, s.city_key, s.country"""


def site_profiles(standard_records: Table, judged_accounts: Table) -> str:
    """The distinct addresses of each account.

    question: Which different addresses are given for each account?
    row: One way of writing an address of one account.
    key: profile
    owner: analyst
    columns:
      profile: What the records that give this address of this account share.
      account: The account, named after its oldest record.
      street_key: Street for comparing.
      house: House number.
      po_box: PO box.
      postcode_key: Postcode for comparing.
      city_key: Town for comparing.
      country: Country (ISO 3166 alpha-2).
      records: How many records give this address.
    increment:
      key: account
      from:
        judged_accounts: account
        standard_records: judged_accounts.record_id
    """
    return f"""
    SELECT {_profile("p")} AS profile, * FROM (
      SELECT {_PLACE}, count(*) AS records
      FROM {standard_records} s JOIN {judged_accounts} a USING (record_id)
      WHERE {_TELLS_A_PLACE}
      GROUP BY ALL
    ) p
    """


def site_links(
    site_profiles: Table, *, engine: Engine, probability: float, parameters: ParameterStore
) -> str:
    """Pairs of addresses of one account with their evidence.

    question: Which addresses of an account are the same site, and why?
    row: One pair of addresses.
    key: left_profile, right_profile
    owner: analyst
    columns:
      account: The account.
      left_profile: The smaller profile.
      right_profile: The larger profile.
      pattern: The outcome of each comparison, one hexadecimal digit a field.
      weight: Evidence in bits that they are the same, prior included.
    increment:
      key: account
      from:
        site_profiles: account
    """
    _number(engine, site_profiles)
    nodes = Table(engine, "site_nodes")
    links = links_of(engine, nodes, SITES, probability=probability, parameters=parameters)
    return (
        "SELECT l.account, l.profile AS left_profile, r.profile AS right_profile, k.pattern, "
        f"k.weight FROM ({links}) k JOIN site_nodes l ON l.node = k.left_node "
        "JOIN site_nodes r ON r.node = k.right_node"
    )


def record_sites(
    standard_records: Table,
    judged_accounts: Table,
    judged_contacts: Table,
    site_profiles: Table,
    site_links: Table,
    *,
    engine: Engine,
    probability: float,
) -> str:
    """The site of each record that belongs to an account, as the addresses tell.

    question: At which site of its account is each record, and how do we know?
    row: One record that belongs to an account.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      account: Its account.
      site: The smallest address profile of the site; "" where the account has no address at all.
      site_basis: How the site is known, by the record's own "address", as the site in its "town",
        by another record of the same "contact" there, as the account's "only site" or "main site",
        or "unknown".
    increment:
      key: account
      from:
        judged_accounts: account
        judged_contacts: judged_accounts.record_id
        standard_records: judged_accounts.record_id
        site_profiles: account
        site_links: account
    """
    engine.load("site_groups", _groups(engine, site_profiles, site_links, probability))
    return f"""
    WITH own AS (
      SELECT p.record_id, g.site
      FROM (
        SELECT {_PLACE}, s.record_id
        FROM {standard_records} s JOIN {judged_accounts} a USING (record_id)
        WHERE {_TELLS_A_PLACE}
      ) p JOIN site_groups g ON g.profile = {_profile("p")}
    ), known AS (
      SELECT a.record_id, a.account, c.contact, s.city_key, o.site
      FROM {judged_accounts} a JOIN {standard_records} s USING (record_id)
      LEFT JOIN own o USING (record_id)
      LEFT JOIN {judged_contacts} c USING (record_id)
    ), of_contact AS (
      SELECT contact, account, site FROM known
      WHERE contact IS NOT NULL AND site IS NOT NULL GROUP BY contact, account, site
      QUALIFY row_number() OVER (PARTITION BY contact, account ORDER BY count(*) DESC, site) = 1
    ), of_town AS (
      SELECT account, city_key, site FROM known
      WHERE site IS NOT NULL AND city_key IS NOT NULL GROUP BY account, city_key, site
      QUALIFY row_number() OVER (PARTITION BY account, city_key ORDER BY count(*) DESC, site) = 1
    ), of_account AS (
      SELECT account, site, count(*) OVER (PARTITION BY account) AS sites FROM known
      WHERE site IS NOT NULL GROUP BY account, site
      QUALIFY row_number() OVER (PARTITION BY account ORDER BY count(*) DESC, site) = 1
    )
    SELECT k.record_id, k.account, coalesce(k.site, t.site, c.site, a.site, '') AS site,
      CASE WHEN k.site IS NOT NULL THEN 'address' WHEN t.site IS NOT NULL THEN 'town'
        WHEN c.site IS NOT NULL THEN 'contact'
        WHEN a.sites = 1 THEN 'only site' WHEN a.site IS NOT NULL THEN 'main site'
        ELSE 'unknown' END AS site_basis
    FROM known k
    LEFT JOIN of_contact c ON c.contact = k.contact AND c.account = k.account
    LEFT JOIN of_town t ON t.account = k.account AND t.city_key = k.city_key
    LEFT JOIN of_account a ON a.account = k.account
    """


def _profile(row: str) -> str:
    """The SQL expression of a profile: the same for equal addresses of one account.

    The address comes first: which of two sites is taken where as much speaks for either must not
    depend on the account's name, which is that of whichever record came first.
    """
    parts = ("street_key", "house", "po_box", "postcode_key", "city_key", "country")
    texts = ", ".join(f"{row}.{part}::VARCHAR" for part in parts)
    return f"md5(to_json([{texts}])::VARCHAR) || {row}.account"


def _number(engine: Engine, site_profiles: Table) -> None:
    """Make the table `site_nodes`: the profiles numbered in their order, as linking wants them."""
    engine.create(
        "site_nodes",
        f"SELECT row_number() OVER (ORDER BY profile) - 1 AS node, * FROM {site_profiles}",
    )


def _groups(
    engine: Engine, site_profiles: Table, site_links: Table, probability: float
) -> pa.Table:
    """The site of each profile: a table (profile, site), a site being its smallest profile."""
    _number(engine, site_profiles)
    engine.create(
        "site_node_links",
        "SELECT l.node AS left_node, r.node AS right_node, k.pattern, k.weight "
        f"FROM {site_links} k JOIN site_nodes l ON l.profile = k.left_profile "
        "JOIN site_nodes r ON r.profile = k.right_profile",
    )
    groups = groups_of(
        Table(engine, "site_nodes"), Table(engine, "site_node_links"), probability=probability
    )
    engine.load("site_node_groups", groups)
    return engine.arrow(
        "SELECT n.profile, s.profile AS site FROM site_node_groups g "
        'JOIN site_nodes n ON n.node = g.node JOIN site_nodes s ON s.node = g."group"'
    )
