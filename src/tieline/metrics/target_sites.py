"""Every site that a segment may take: those we know, and those only a registry has."""

from __future__ import annotations

from collections.abc import Sequence

from tieline.engine.tables import Table, quoted
from tieline.metrics.segment import Segment
from tieline.metrics.segment_fields import FIELDS

_ENTRY_FIELDS = ("industry", "employees", "revenue", "name", "domain", "site_kind")
_PLACE_FIELDS = ("country", "region", "city", "postcode")


def target_sites(
    accounts: Table,
    sites: Table,
    registry_entries: Table,
    registry_matches: Table,
    site_registry_matches: Table,
    registry_twins: Table,
    *,
    segments: Sequence[Segment],
) -> str:
    """Every site that a segment may take.

    A site of ours counts once, whatever entries match it. An entry counts on its own where no site
    of ours is it: neither matched as a site, nor matched as a company of which we have a site that
    no entry of that registry is. Entries of two registries that are one site count once.
    Competitors, our own company and suppressed companies are left out with the entries that are
    theirs, companies that a registry says are dissolved, and places that a company has left for
    another site of its own.

    question: Which sites are there, known or not, and what can a rule ask of them?
    row: One site of ours, or one entry of a registry that is none; no row without segments.
    key: member
    owner: analyst
    columns:
      member: The site's id, or "registry:id" of the entry.
      site_id: The site; empty where only a registry has it.
      account_id: The account; of an entry that where its company or headquarters is one of ours.
      registry: The registry of the entry that is the site, if any; of several the first by name.
      registry_id: The entry.
      known: Whether it is a site of ours.
      name: "Name of the company: ours, or where we have none the registry's."
      domain: Web domain, likewise.
      industry: Industry, likewise.
      employees: Number of employees, likewise.
      revenue: Yearly revenue in the currency given, likewise.
      country: Country of the site, likewise.
      region: Region of the site, likewise.
      city: Town of the site, likewise.
      postcode: Postcode of the site, likewise.
      site_kind: headquarters, branch or single, by the registry.
      account_name: Name of the account, ours.
      account_legal_form: Legal form of the account, ours.
      account_industry: Industry of the account, ours.
      account_employees: Employees of the account, ours.
      account_revenue: Revenue of the account, ours.
      account_country: Country of most of the account's records.
      registry_industry: Industry, the registry's.
      registry_employees: Employees, the registry's.
      registry_revenue: Revenue, the registry's.
    """
    if not segments:
        return _nothing()
    entry = "registry, registry_id"
    best = ", ".join(
        f"arg_min(e.{n}, (-m.confidence, e.registry)) AS {n}"
        for n in (*_ENTRY_FIELDS, *_PLACE_FIELDS)
    )
    of_site = ", ".join(f"coalesce(x.{n}, y.{n}) AS {n}" for n in _ENTRY_FIELDS)
    return f"""
    WITH of_accounts AS (
      SELECT m.account_id, {best},
        bool_or(e.is_active IS DISTINCT FROM FALSE) AS is_active
      FROM {registry_matches} m JOIN {registry_entries} e USING ({entry}) GROUP BY m.account_id
    ),
    of_sites AS (
      SELECT m.site_id, {best}, min(e.registry) AS registry,
        arg_min(e.registry_id, e.registry) AS registry_id,
        bool_or(e.is_active IS DISTINCT FROM FALSE) AS is_active
      FROM {site_registry_matches} m JOIN {registry_entries} e USING ({entry}) GROUP BY m.site_id
    ),
    -- Entries that are a site of ours already.
    taken AS (
      SELECT {entry} FROM {site_registry_matches}
      UNION
      SELECT m.registry, m.registry_id FROM {registry_matches} m
      JOIN {sites} s USING (account_id)
      ANTI JOIN {site_registry_matches} x ON x.site_id = s.site_id AND x.registry = m.registry
    ),
    -- Companies we do not market to, by their own entries.
    left_out AS (
      SELECT DISTINCT m.registry, m.registry_id
      FROM {registry_matches} m JOIN {accounts} a USING (account_id)
      WHERE a.set_aside IS NOT NULL
    ),
    companies AS (
      SELECT {entry}, min(account_id) AS account_id FROM {registry_matches} GROUP BY {entry}
    ),
    described AS (
      SELECT s.site_id AS member, s.site_id, s.account_id, x.registry, x.registry_id, TRUE AS known,
        s.country, s.region, s.city, s.postcode, x.country AS entry_country,
        x.region AS entry_region, x.city AS entry_city, x.postcode AS entry_postcode, {of_site}
      FROM {sites} s
      LEFT JOIN of_sites x USING (site_id) LEFT JOIN of_accounts y USING (account_id)
      WHERE coalesce(x.is_active, y.is_active, TRUE) AND s.moved_to_site_id IS NULL
      UNION ALL BY NAME
      SELECT e.registry || ':' || e.registry_id AS member, NULL AS site_id,
        coalesce(c.account_id, h.account_id) AS account_id, e.registry, e.registry_id,
        FALSE AS known, NULL AS country, NULL AS region, NULL AS city, NULL AS postcode,
        e.country AS entry_country, e.region AS entry_region, e.city AS entry_city,
        e.postcode AS entry_postcode, {", ".join(f"e.{n}" for n in _ENTRY_FIELDS)}
      FROM {registry_entries} e
      ANTI JOIN taken t ON t.registry = e.registry AND t.registry_id = e.registry_id
      ANTI JOIN {registry_twins} w ON w.registry = e.registry AND w.registry_id = e.registry_id
      ANTI JOIN left_out l ON l.registry = e.registry
        AND l.registry_id IN (e.registry_id, e.headquarters_id, e.domestic_ultimate_id)
      LEFT JOIN companies c ON c.registry = e.registry AND c.registry_id = e.registry_id
      LEFT JOIN companies h ON h.registry = e.registry AND h.registry_id = e.headquarters_id
      WHERE e.is_active IS DISTINCT FROM FALSE
    )
    SELECT d.member, d.site_id, d.account_id, d.registry, d.registry_id, d.known,
      coalesce(a.name, d.name) AS name, coalesce(a.domain, d.domain) AS domain,
      coalesce(a.industry, d.industry) AS industry,
      CAST(coalesce(a.employees, d.employees) AS DOUBLE) AS employees,
      CAST(coalesce(a.revenue, d.revenue) AS DOUBLE) AS revenue,
      coalesce(d.country, d.entry_country, a.country) AS country,
      coalesce(d.region, d.entry_region) AS region, coalesce(d.city, d.entry_city) AS city,
      coalesce(d.postcode, d.entry_postcode) AS postcode, d.site_kind,
      a.name AS account_name, a.legal_form AS account_legal_form, a.industry AS account_industry,
      a.employees AS account_employees, a.revenue AS account_revenue,
      a.country AS account_country, d.industry AS registry_industry,
      CAST(d.employees AS DOUBLE) AS registry_employees,
      CAST(d.revenue AS DOUBLE) AS registry_revenue
    FROM described d LEFT JOIN {accounts} a ON a.account_id = d.account_id
    WHERE a.set_aside IS NULL
    """


def _nothing() -> str:
    kinds = {"text": "VARCHAR", "number": "DOUBLE", "truth": "BOOLEAN"}
    keys = ("member", "site_id", "account_id", "registry", "registry_id")
    columns = [f"NULL::VARCHAR AS {name}" for name in keys] + ["NULL::BOOLEAN AS known"]
    columns += [f"NULL::{kinds[field.kind]} AS {quoted(field.column)}" for field in FIELDS]
    return f"SELECT {', '.join(columns)} WHERE false"
