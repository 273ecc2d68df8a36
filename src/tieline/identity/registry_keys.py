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


LONGEST_NAME, LONGEST_TEXT = 8, 40
"""Words of the longest name looked for inside another, and of the longest text looked through."""


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
    one = (
        f"SELECT entry, name, city, country, postcode FROM {registry_entries} "
        "WHERE name IS NOT NULL AND other_name IS NULL"
    )
    several = (
        "SELECT entry, unnest(list_prepend(name, string_split_regex(other_name, '[|;]'))) AS name, "
        f"city, country, postcode FROM {registry_entries} WHERE other_name IS NOT NULL"
    )
    # Only several names of one entry can give it a key twice: the others need no comparing.
    return f"""
    SELECT entry, kind, {hashed("kind", "value")} AS value FROM (
      {name_keys(one)}
      UNION ALL SELECT DISTINCT * FROM ({name_keys(several)})
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
    """The keys of names; `named` selects entry, name, city, country, postcode.

    Plain expressions over columns only: a lambda over a list takes thirty times as long.
    """
    return f"""
    (WITH plain AS MATERIALIZED ({plain_names(named)})
    SELECT entry, {WORD} AS kind, unnest(list_distinct(words)) AS value FROM plain
    UNION ALL SELECT entry, {PAIR}, pair[1] || ' ' || pair[2]
    FROM (SELECT entry, unnest(list_distinct(list_zip(words, words[2:]))) AS pair FROM plain)
    UNION ALL SELECT entry, {NAME}, packed FROM plain
    UNION ALL SELECT entry, {NAME_IN_TOWN}, packed || '@' || town FROM plain
    UNION ALL SELECT entry, {BEGINNING}, left(packed, 6) || '@' || town FROM plain
    UNION ALL SELECT entry, {SKELETON},
      left(regexp_replace(packed, '[aeiouy]', '', 'g'), 8) || '@' || country FROM plain
    UNION ALL SELECT entry, {POSTCODE}, code || '@' || left(packed, 4) FROM plain)
    """


def inner_names(named: str) -> str:
    """The names that may stand inside names: every two or more neighbouring words of one.

    As keys they find an entry with that very name: "Nordwind Logistik" in "Nordwind Logistik Nord".
    """
    return f"""
    SELECT entry, {NAME} AS kind, array_to_string(words[first:first + more], '') AS value FROM (
      SELECT entry, words, first, unnest(range(1, least(len(words) - first + 1, {LONGEST_NAME})))
        AS more
      FROM (SELECT entry, words, unnest(range(1, len(words))) AS first
        FROM ({plain_names(named)}) WHERE len(words) BETWEEN 3 AND {LONGEST_TEXT})
    )
    """


def plain_names(named: str) -> str:
    """Names as words, packed, with town, country and postcode for finding."""
    return f"""
    SELECT entry, string_split(plain, ' ') AS words, replace(plain, ' ', '') AS packed,
      town, country, code
    FROM (
      SELECT entry, coalesce(nullif({plain_name("name")}, ''), {folded("name")}) AS plain,
        nullif({folded("city")}, '') AS town, country,
        nullif(upper(regexp_replace(postcode, '[^0-9A-Za-z]', '', 'g')), '') AS code
      FROM ({named})
    ) WHERE plain <> ''
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
