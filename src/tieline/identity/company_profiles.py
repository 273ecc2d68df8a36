"""The companies as lists describe them."""

from __future__ import annotations

from tieline.engine.tables import Engine, Table
from tieline.identity.account_evidence import ACCOUNTS, ADDRESS_NAMES, DOMAIN_NAMES
from tieline.identity.linkage.value_shares import (
    count_values,
    joined_shares,
    load_shares,
    share_of,
)
from tieline.identity.linkage.workbench import Workbench
from tieline.identity.nodes import at_most, node_of
from tieline.identity.parameters import ParameterStore

SWITCHBOARD_NAMES = 2
"""A number that at least this many people share belongs to their company."""

_PARTS = (
    "company_key",
    "company_core",
    "legal_form",
    "domain",
    "address_key",
    "street_key",
    "city_key",
    "postcode_key",
    "country",
    "phones",
    "ids",
)


def company_descriptions(standard_records: Table, record_identifiers: Table) -> str:
    """What each record says of its company, and which records say the very same.

    question: What does each record say of its company?
    row: One record that names a company by name, domain or registry number.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      node: Number of the profile, equal for records that describe a company in the very same words.
      company_key: Name for comparing, legal form off.
      company_core: Its distinctive words.
      legal_form: Legal form.
      domain: Web domain, or the e-mail domain where it is the company's own.
      address_key: Address for comparing.
      street_key: Street for comparing.
      city_key: Town for comparing.
      postcode_key: Postcode for comparing.
      country: Country (ISO 3166 alpha-2).
      phones: Numbers of the company, not of one person.
      ids: Registry numbers as scheme:value.
    """
    return f"""
    WITH described AS (
      SELECT s.record_id,
        CASE WHEN s.company_issue IS NULL THEN s.company_key END AS company_key,
        CASE WHEN s.company_issue IS NULL THEN s.company_core END AS company_core,
        CASE WHEN s.company_issue IS NULL THEN s.legal_form END AS legal_form,
        s.company_domain AS domain,
        s.address_key, s.street_key, s.city_key, s.postcode_key, s.country,
        coalesce(p.phones, []) AS phones, coalesce(i.ids, []) AS ids
      FROM {standard_records} s
      LEFT JOIN ({_company_phones(str(standard_records))}) p USING (record_id)
      LEFT JOIN (
        SELECT record_id, list(scheme || ':' || value ORDER BY scheme, value) AS ids
        FROM {record_identifiers} WHERE owner = 'company' GROUP BY record_id
      ) i USING (record_id)
      WHERE (s.company_key IS NOT NULL AND s.company_issue IS NULL)
         OR s.company_domain IS NOT NULL OR i.ids IS NOT NULL
    )
    SELECT *, {node_of(_PARTS)} AS node FROM described
    """


def company_profiles(
    company_descriptions: Table, *, engine: Engine, parameters: ParameterStore
) -> str:
    """The distinct descriptions of companies, with what is needed to compare them.

    question: Which different descriptions of companies are there?
    row: One way in which one or more records describe a company.
    key: node
    owner: analyst
    columns:
      node: Number of the profile, the same for equal descriptions.
      record_id: The smallest id of its records.
      records: How many records describe a company this way.
      company_key: Name for comparing, legal form off.
      company_core: Its distinctive words.
      packed: The name without spaces.
      words: The words of the name.
      first_word: The first word of the name.
      initials: The first letters of a name of several words.
      skeleton: The first consonants of the name.
      legal_form: Legal form.
      domain: Web domain.
      domain_label: Web domain without its ending.
      domain_names: How many names of companies use the domain (3 is 2 or 3, 4 is more).
      address_key: Address for comparing.
      address_names: How many names of companies are at the address (4 is up to 4, 5 is more).
      street_key: Street for comparing.
      city_key: Town for comparing.
      postcode_key: Postcode for comparing.
      country: Country (ISO 3166 alpha-2).
      phones: Numbers of the company.
      ids: Registry numbers as scheme:value.
      schemes: The schemes of the registry numbers.
      name_share: Share of companies with this name, when weights were learned.
    """
    named = {"company_key": _NAMED.format(descriptions=company_descriptions)}
    shares = parameters.shares(ACCOUNTS, named, lambda: count_values(engine, named))
    bench = Workbench(engine, "company")
    load_shares(bench, shares)
    return _PROFILES.format(
        descriptions=company_descriptions,
        domain_names=at_most("coalesce(o.names, 0)", (0, *DOMAIN_NAMES)),
        address_names=at_most("a.names", ADDRESS_NAMES),
        share=share_of(shares, "company_key", "''"),
        joins=joined_shares(bench, shares, {"company_key": "d.company_key"}, "''"),
    )


def _company_phones(standard_records: str) -> str:
    """The numbers of a record that are its company's: of a company's row, or shared by people."""
    return f"""
    WITH numbers AS (
      SELECT record_id, kind, unnest([phone, phone_2, phone_3]) AS phone,
        coalesce(left(given_root, 1), '') || coalesce(family_key, '') AS name
      FROM {standard_records}
    ), shared AS (
      SELECT phone FROM numbers WHERE phone IS NOT NULL GROUP BY phone
      HAVING count(DISTINCT nullif(name, '')) >= {SWITCHBOARD_NAMES}
        OR bool_or(name = '' OR kind = 'companies')
    )
    SELECT record_id, list_sort(list(DISTINCT phone)) AS phones
    FROM numbers SEMI JOIN shared USING (phone) GROUP BY record_id
    """


_NAMED = """
SELECT company_key AS value, '' AS place FROM (
  SELECT DISTINCT company_key, coalesce(domain, city_key, postcode_key)
  FROM {descriptions} WHERE company_key IS NOT NULL)
"""
_PROFILES = """
WITH nodes AS (
  SELECT min(record_id) AS record_id, count(*) AS records FROM {descriptions} GROUP BY node
), company_distinct AS (
  SELECT n.records, d.* FROM nodes n JOIN {descriptions} d USING (record_id)
), domains AS (
  -- A name that hardly any record uses is a misspelling, not another company.
  -- A domain without a leading name is a portal's or a provider's, used under all its names.
  SELECT domain, CASE WHEN max(named) >= 0.1 * max(records)
      THEN count(*) FILTER (WHERE named >= 0.1 * records) ELSE count(*) END AS names
  FROM (
    SELECT domain, company_core, sum(records) AS named,
      sum(sum(records)) OVER (PARTITION BY domain) AS records
    FROM company_distinct WHERE domain IS NOT NULL AND company_core IS NOT NULL
    GROUP BY domain, company_core
  ) GROUP BY domain
), addresses AS (
  SELECT address_key, count(DISTINCT company_core) AS names FROM company_distinct
  WHERE address_key IS NOT NULL GROUP BY address_key
)
SELECT d.node, d.record_id, d.records, d.company_key, d.company_core,
  replace(d.company_key, ' ', '') AS packed,
  string_split(d.company_key, ' ') AS words,
  split_part(d.company_key, ' ', 1) AS first_word,
  CASE WHEN contains(d.company_key, ' ') THEN array_to_string(
    list_transform(string_split(d.company_key, ' '), lambda x: left(x, 1)), '') END AS initials,
  left(regexp_replace(replace(d.company_key, ' ', ''), '[aeiouy]', '', 'g'), 8) AS skeleton,
  d.legal_form, d.domain, split_part(d.domain, '.', 1) AS domain_label,
  {domain_names} AS domain_names,
  d.address_key, {address_names} AS address_names, d.street_key, d.city_key, d.postcode_key,
  d.country, d.phones, d.ids, list_transform(d.ids, lambda x: split_part(x, ':', 1)) AS schemes,
  CASE WHEN d.company_key IS NULL THEN 0.0 ELSE {share} END AS name_share
FROM company_distinct d
{joins}
LEFT JOIN domains o ON o.domain = d.domain
LEFT JOIN addresses a ON a.address_key = d.address_key
"""
