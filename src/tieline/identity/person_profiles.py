"""The people as lists describe them."""

from __future__ import annotations

from tieline.engine.tables import Engine, Table
from tieline.identity.contact_evidence import ACCOUNT_SIZES, ADDRESS_SIZES, CONTACTS
from tieline.identity.linkage.value_shares import (
    count_values,
    joined_shares,
    load_shares,
    share_of,
)
from tieline.identity.linkage.workbench import Workbench
from tieline.identity.nodes import at_most, node_of
from tieline.identity.parameters import ParameterStore

OWN_EMAIL_NAMES = 2
"""An address that more names than this use is a shared inbox; two are often one, misspelt."""
OWN_PHONE_NAMES = 2

_PARTS = (
    "given_key",
    "family_key",
    "middle_key",
    "root",
    "generation",
    "born",
    "birth_place",
    "gender",
    "title_key",
    "function",
    "level",
    "emails",
    "role_emails",
    "phones",
    "account",
    "address_key",
    "street_key",
    "house_number",
    "city_key",
    "postcode_key",
    "country",
    "ids",
)
_GENERATION = (
    "CASE lower(trim(s.name_suffix, '. ')) WHEN 'jr' THEN 'jr' WHEN 'junior' THEN 'jr' "
    "WHEN 'sr' THEN 'sr' WHEN 'senior' THEN 'sr' WHEN 'ii' THEN 'ii' WHEN 'iii' THEN 'iii' "
    "WHEN 'iv' THEN 'iv' END"
)


def person_descriptions_of(
    standard_records: Table, record_identifiers: Table, record_accounts: Table
) -> str:
    """The SELECT of what each record says of its person, given each record's account so far."""
    return f"""
    WITH described AS (
      SELECT s.record_id, s.given_key, s.family_key, s.middle_key,
        coalesce(s.given_root, s.given_key) AS root, {_GENERATION} AS generation,
        strftime(s.birth_date, '%Y-%m-%d') AS born, s.birth_place, s.gender, s.title_key,
        s.function, s.level,
        {_some("s.email_key", "s.email_2_key")} AS emails,
        {
        _some(
            "CASE WHEN s.is_role_account THEN s.email_key END",
            "CASE WHEN s.is_role_account_2 THEN s.email_2_key END",
        )
    } AS role_emails,
        {_some("s.phone", "s.phone_2", "s.phone_3")} AS phones,
        a.account, s.address_key, s.street_key, s.house_number, s.city_key, s.postcode_key,
        s.country, coalesce(i.ids, []) AS ids
      FROM {standard_records} s
      LEFT JOIN {record_accounts} a USING (record_id)
      LEFT JOIN (
        SELECT record_id, list(scheme || ':' || value ORDER BY scheme, value) AS ids
        FROM {record_identifiers}
        -- A device says who used it only where somebody said so on it: it ties nobody to anybody.
        WHERE owner = 'person' AND nature IN ('document', 'handle') GROUP BY record_id
      ) i USING (record_id)
      WHERE NOT s.is_organisation AND NOT s.names_nobody AND (
        s.given_key IS NOT NULL OR s.family_key IS NOT NULL OR i.ids IS NOT NULL
        OR (s.email_key IS NOT NULL AND NOT s.is_role_account))
    )
    SELECT *, {node_of(_PARTS)} AS node FROM described
    """


def person_profiles_of(engine: Engine, descriptions: Table, parameters: ParameterStore) -> str:
    """The SELECT of the distinct descriptions of people, with what is needed to compare them."""
    counting = {field: _people(field, descriptions) for field in _SHARED}
    shares = parameters.shares(CONTACTS, counting, lambda: count_values(engine, counting))
    bench = Workbench(engine, "person")
    load_shares(bench, shares)
    told = ", ".join(
        f"CASE WHEN d.{field} IS NOT NULL THEN {share_of(shares, field, 'd.here')} END AS {name}"
        for field, name in _SHARED.items()
    )
    joins = joined_shares(bench, shares, {field: f"d.{field}" for field in shares}, "d.here")
    return f"""
    WITH nodes AS (
      SELECT min(record_id) AS record_id, count(*) AS records FROM {descriptions} GROUP BY node
    ), person_distinct AS (
      SELECT n.records, d.*, left(d.root, 1) || ' ' || coalesce(d.family_key, '') AS name
      FROM nodes n JOIN {descriptions} d USING (record_id)
    ), email_names AS (
      SELECT x, count(DISTINCT name) AS names
      FROM (SELECT unnest(emails) AS x, name FROM person_distinct) GROUP BY x
    ), phone_names AS (
      SELECT x, count(DISTINCT name) AS names
      FROM (SELECT unnest(phones) AS x, name FROM person_distinct) GROUP BY x
    ), account_people AS (
      SELECT account, count(DISTINCT name) AS people FROM person_distinct
      WHERE account IS NOT NULL GROUP BY account
    ), address_people AS (
      SELECT address_key, count(DISTINCT name) AS people FROM person_distinct
      WHERE address_key IS NOT NULL GROUP BY address_key
    )
    {_PROFILES.format(shares=told, joins=joins)}
    """


_SHARED = {
    "family_key": "family_share",
    "given_key": "given_share",
    "title_key": "title_share",
    "born": "born_share",
    "birth_place": "birth_place_share",
}


def _people(field: str, descriptions: Table) -> str:
    """Who has a value of a field: people as far as they can be told apart before linking.

    So a person on ten lists does not make the own name look common.
    """
    return f"""
      SELECT {field} AS value, place FROM (
        SELECT DISTINCT {field}, coalesce(country, '') AS place, given_key, family_key,
          coalesce(born, account::VARCHAR, postcode_key) AS around
        FROM {descriptions} WHERE {field} IS NOT NULL)
    """


def _umlauts(text: str) -> str:
    """The text with ae, oe and ue as a, o and u: addresses write them out, keys of names do not."""
    return f"replace(replace(replace({text}, 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"


def _some(*texts: str) -> str:
    """The distinct texts that are not NULL, sorted, as a list."""
    listed = f"list_filter([{', '.join(texts)}], lambda x: x IS NOT NULL)"
    return f"list_sort(list_distinct({listed}))"


def _known(kind: str, column: str, own: int) -> str:
    """The lists of a profile's own and shared addresses or numbers."""
    role = "contains(role_emails, x)" if kind == "email" else "false"
    return (
        f"SELECT node, list(x ORDER BY x) FILTER (names <= {own} AND NOT role) AS own, "
        f"list(x ORDER BY x) FILTER (names > {own} OR role) AS shared FROM ("
        f"SELECT node, x, names, {role} AS role FROM ("
        f"SELECT node, role_emails, unnest({column}) AS x FROM person_distinct) "
        f"JOIN {kind}_names USING (x)) GROUP BY node"
    )


_NONE = "[]::VARCHAR[]"
_PROFILES = f"""
SELECT d.node, d.record_id, d.records,
  d.given_key AS given, d.family_key AS family, d.middle_key AS middle, d.root, d.generation,
  array_to_string(list_sort(string_split(d.all_names, ' ')), ' ') AS name_key,
  list_filter(list_sort(list_distinct(string_split(d.all_names, ' '))), lambda x: length(x) >= 3)
    AS words,
  d.born, d.birth_place, d.gender, d.title_key AS title, d.function, d.level,
  coalesce(e.own, {_NONE}) AS emails, coalesce(e.shared, {_NONE}) AS shared_emails,
  list_filter(
    list_transform(coalesce(e.own, {_NONE}), lambda x: split_part(x, '@', 1)),
    lambda x: length(x) >= 4 AND NOT list_contains(
      [g, f, g || f, f || g, left(g, 1) || f, f || left(g, 1), g || left(f, 1), left(f, 1) || g,
       coalesce(d.root, '')],
      {_umlauts("regexp_replace(x, '[^a-z]', '', 'g')")})
  ) AS locals,
  list_transform(coalesce(e.own, {_NONE}), lambda x: regexp_replace(x, '[0-9]+@', '@'))
    AS unnumbered,
  list_transform(coalesce(e.own, {_NONE}), lambda x: split_part(x, '@', 2)) AS domains,
  coalesce(p.own, {_NONE}) AS phones, coalesce(p.shared, {_NONE}) AS shared_phones,
  list_transform(d.phones, lambda x: right(x, 7)) AS phone_ends,
  d.account, {at_most("ap.people", ACCOUNT_SIZES)} AS account_people,
  d.address_key AS address, {at_most("dp.people", ADDRESS_SIZES)} AS address_people,
  d.street_key AS street, lower(d.house_number) AS house, d.city_key AS city,
  d.postcode_key AS postcode, d.country,
  d.ids, list_transform(d.ids, lambda x: split_part(x, ':', 1)) AS schemes,
  {{shares}}
FROM (SELECT *, coalesce(country, '') AS here,
  concat_ws(' ', given_key, middle_key, family_key) AS all_names,
  {_umlauts("replace(coalesce(given_key, ''), ' ', '')")} AS g,
  {_umlauts("replace(coalesce(family_key, ''), ' ', '')")} AS f FROM person_distinct) d
LEFT JOIN ({_known("email", "emails", OWN_EMAIL_NAMES)}) e USING (node)
LEFT JOIN ({_known("phone", "phones", OWN_PHONE_NAMES)}) p USING (node)
LEFT JOIN account_people ap ON ap.account = d.account
LEFT JOIN address_people dp ON dp.address_key = d.address_key
{{joins}}
"""
