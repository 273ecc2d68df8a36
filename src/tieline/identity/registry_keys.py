"""What an entry of a register, or an account, is found by: cheap keys, computed in SQL alone."""

from __future__ import annotations

from functools import cache

from tieline.data.sql_text import literal
from tieline.data.values.company_words import leading_forms, trailing_forms
from tieline.engine.tables import Table
from tieline.identity.registry_words import folded

WORD, PAIR, NAME, NAME_IN_TOWN, BEGINNING, SKELETON = 0, 1, 2, 3, 4, 5
DOMAIN, PHONE, POSTCODE, NUMBER = 6, 7, 8, 9
"""The sorts of keys: a word of the name, two neighbouring words, the name without spaces, the same
with the town, its first letters with the town, its consonants with the country, the web domain, the
last digits of the telephone number, the postcode with the first letters, a registry number."""
LITTLE = "and|und|et|y|e|och|og|en|the|of|de|der|die|das|la|le|di|for|fur|for"
PHONE_DIGITS = 8
"""A number without its trunk and country digits, in nearly every country."""


def registry_keys(registry_entries: Table) -> str:
    """The keys by which entries of registers are found.

    question: By which words, names, domains and numbers is an entry found?
    row: One key of one entry.
    key: entry, kind, value
    owner: analyst
    columns:
      entry: The entry's number among all registers.
      kind: "The sort of key: 0 word, 1 two words, 2 name, 3 name in town, 4 beginning in town,
        5 consonants in country, 6 domain, 7 telephone, 8 postcode and beginning, 9 number."
      value: A hash of the key.
    """
    names = f"""
    SELECT entry, unnest(list_filter(list_prepend(name, string_split_regex(other_name, '[|;]')),
      lambda x: trim(x) <> '')) AS name, city, country, postcode FROM {registry_entries}
    """
    return f"""
    SELECT DISTINCT entry, kind, {hashed("kind", "value")} AS value FROM (
      {name_keys(names)}
      UNION ALL {domain_keys(f"SELECT entry, domain FROM {registry_entries}")}
      UNION ALL {phone_keys(f"SELECT entry, phone FROM {registry_entries}")}
      UNION ALL SELECT entry, {NUMBER}, scheme || ':' || registry_id FROM {registry_entries}
      WHERE scheme <> ''
    ) WHERE value IS NOT NULL AND value <> ''
    """


def hashed(kind: str | int, value: str) -> str:
    """The SQL expression of a key as one whole number, 63 bits of a hash."""
    return f"CAST(hash({kind}::INTEGER, {value}) >> 1 AS BIGINT)"


@cache
def _forms() -> str:
    """Single words that are a legal form, as an alternative in a regular expression."""
    forms = {form[0] for form in (*trailing_forms(), *leading_forms()) if len(form) == 1}
    forms = {form for form in forms if form.isalnum()}
    return "|".join(sorted(forms))


def plain_name(text: str) -> str:
    """The SQL expression of a name for finding: folded, without legal forms and little words."""
    words = f"regexp_replace({folded(text)}, '\\b({_forms()}|co|{LITTLE})\\b', ' ', 'g')"
    return f"trim(regexp_replace({words}, ' +', ' ', 'g'))"


def name_keys(named: str) -> str:
    """The keys of names; `named` selects entry, name, city, country, postcode."""
    return f"""
    SELECT entry, unnest(kinds) AS kind, unnest(keys) AS value FROM (
      SELECT entry,
        list_concat(list_transform(words, lambda x: {WORD}),
          list_transform(words[2:], lambda x: {PAIR}),
          [{NAME}, {NAME_IN_TOWN}, {BEGINNING}, {SKELETON}, {POSTCODE}]) AS kinds,
        list_concat(words,
          list_transform(words[2:], lambda x, i: words[i] || ' ' || x),
          [packed, packed || '@' || town, left(packed, 6) || '@' || town,
           left(regexp_replace(packed, '[aeiouy]', '', 'g'), 8) || '@' || country,
           code || '@' || left(packed, 4)]) AS keys
      FROM (
        SELECT entry, string_split(plain, ' ') AS words, replace(plain, ' ', '') AS packed,
          town, country, code
        FROM (
          SELECT entry, coalesce(nullif({plain_name("name")}, ''), {folded("name")}) AS plain,
            nullif({folded("city")}, '') AS town, country,
            nullif(upper(regexp_replace(postcode, '[^0-9A-Za-z]', '', 'g')), '') AS code
          FROM ({named})
        ) WHERE plain <> ''
      )
    )
    """


def domain_keys(hosts: str) -> str:
    """The keys of web domains: the host and what it is a part of; selects entry, domain."""
    return f"""
    SELECT entry, {DOMAIN} AS kind, unnest([domain, CASE WHEN regexp_matches(domain,
      '^[^.]+\\.[^.]+\\.[^.]+') THEN regexp_replace(domain, '^[^.]+\\.', '') END]) AS value
    FROM ({hosts}) WHERE domain IS NOT NULL
    """


def phone_keys(numbers: str) -> str:
    """The keys of telephone numbers; `numbers` selects entry, phone."""
    digits = "regexp_replace(phone, '[^0-9]', '', 'g')"
    return f"""
    SELECT entry, {PHONE} AS kind, CASE WHEN length({digits}) >= {PHONE_DIGITS}
      THEN right({digits}, {PHONE_DIGITS}) END AS value
    FROM ({numbers}) WHERE phone IS NOT NULL
    """


def number_text(scheme: str, value: str) -> str:
    """A registry number as it stands in a key."""
    return f"{scheme} || {literal(':')} || {value}"
