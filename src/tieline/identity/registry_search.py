"""Finds the entries of registers worth comparing with each account: cheap, in SQL, and few."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from tieline.data.values import company_name
from tieline.data.values.country import country_code
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import standardise_all
from tieline.engine.tables import Engine, Table
from tieline.identity.registry_keys import (
    BEGINNING,
    DOMAIN,
    NAME,
    NAME_IN_TOWN,
    NUMBER,
    PAIR,
    PHONE,
    POSTCODE,
    SKELETON,
    WORD,
    domain_keys,
    hashed,
    inner_names,
    name_keys,
    number_text,
    phone_keys,
)
from tieline.identity.registry_words import same_number

MILLI = 1000
"""Bits are counted in thousandths, whole numbers, so that sums do not depend on their order."""
NAMES, DOMAINS, PHONES, PLACES = 4, 2, 4, 6
"""So many of each at most stand for an account, those that most records give."""
MOST_ENTRIES = {
    WORD: 80,
    PAIR: 150,
    NAME: 300,
    NAME_IN_TOWN: 60,
    BEGINNING: 40,
    SKELETON: 60,
    DOMAIN: 60,
    PHONE: 40,
    POSTCODE: 40,
    NUMBER: 20,
}
"""A key that more entries of a register have finds none of them."""
_WORTH = {PAIR: 2, NAME_IN_TOWN: 4, BEGINNING: 2, SKELETON: 2}
_WORTH |= {DOMAIN: 12, PHONE: 10, POSTCODE: 4, NUMBER: 40}
"""Bits that a key adds to the order of an account's candidates; words and names add how rare they
are."""
SAME_ENTITY, CANDIDATES = 2, 6
"""So many entries of one legal entity, and so many in all, are compared with an account."""

OF_BEST, OF_RAREST = 0.4, 0.5
"""Not compared is what has less of the bits of the best candidate, or of a word that one entry of
the register alone has: such a pair is never the right one, and there are many."""


def describe_accounts(
    engine: Engine,
    standard_records: Table,
    record_fates: Table,
    record_identifiers: Table,
    shared_domains: Table,
    cache: Path | None,
) -> None:
    """Make the tables `sought_*`: by what names, domains, numbers, places accounts are known.

    `sought` numbers the accounts; in the others `entry` is that number.
    """
    engine.create(
        "sought_rows",
        f"""
        SELECT e.account_id, e.site_id, s.record_id, s.company, s.company_key, s.legal_form,
          s.company_2, s.company_2_key, s.company_issue,
          CASE WHEN h.company_domain IS NULL THEN s.company_domain END AS domain,
          s.phone, s.phone_2, s.phone_3, s.kind, s.street_key, s.house_number, s.city,
          s.city_key, s.postcode_key, s.country
        FROM {standard_records} s JOIN {record_fates} e USING (record_id)
        LEFT JOIN {shared_domains} h ON h.company_domain = s.company_domain
        WHERE e.account_id IS NOT NULL
        """,
    )
    engine.create(
        "sought",
        "SELECT row_number() OVER (ORDER BY account_id) - 1 AS entry, account_id "
        "FROM (SELECT DISTINCT account_id FROM sought_rows)",
    )
    engine.create("sought_whole_names", _most("company, company_key, legal_form", _NAMES, NAMES))
    engine.create("sought_texts", _most("company", _TEXTS, NAMES))
    _read_parts(engine, cache)
    engine.create("sought_domains", _most("domain", _DOMAINS, DOMAINS))
    engine.create("sought_phones", _most("phone", _PHONES, PHONES))
    engine.create(
        "sought_places",
        _most("country, postcode_key, city_key, street_key, house_number, city", _PLACES, PLACES)
        + " UNION ALL SELECT DISTINCT entry, country, NULL, NULL, NULL, NULL, NULL "
        "FROM sought_parts WHERE country IS NOT NULL",
    )
    engine.create(
        "sought_numbers",
        f"SELECT DISTINCT s.entry, i.scheme, {same_number('i.scheme', 'i.value')} AS value "
        f"FROM {record_identifiers} i JOIN sought_rows r USING (record_id) "
        "JOIN sought s USING (account_id) WHERE i.owner = 'company'",
    )


def search(engine: Engine, entries: Table, keys: Table, hierarchy: Table) -> None:
    """Make `sought_pairs`: (account, entry, legal, rank) of what is worth comparing."""
    engine.create("sought_keys", _account_keys())
    engine.create("found_keys", _found_keys(str(keys)))
    engine.create("entity_numbers", _entity_numbers(entries, hierarchy))
    engine.create(
        "sought_pairs",
        f"""
        WITH met AS (
          SELECT s.entry AS account, k.entry, sum(s.worth)::BIGINT AS rank
          FROM (
            SELECT DISTINCT a.entry, a.kind, a.value, f.register, f.worth
            FROM sought_keys a JOIN found_keys f ON f.kind = a.kind AND f.value = a.value
          ) s
          JOIN {keys} k ON k.value = s.value AND k.kind = s.kind AND k.entry >> 32 = s.register
          GROUP BY 1, 2
        ), told AS (
          SELECT m.*, l.legal, max(m.rank) OVER (PARTITION BY m.account, m.entry >> 32) AS best,
            row_number() OVER (
            PARTITION BY m.account, l.legal ORDER BY m.rank DESC, m.entry) AS of_entity
          FROM met m JOIN entity_numbers l USING (entry)
        )
        SELECT t.account, t.entry, t.legal, t.rank FROM told t
        JOIN registers r ON r.register = t.entry >> 32
        WHERE t.of_entity <= {SAME_ENTITY} AND t.rank >= {OF_BEST} * t.best
          AND t.rank >= {OF_RAREST} * {MILLI} * log2(r.entries)
        QUALIFY row_number() OVER (
          PARTITION BY t.account, t.entry >> 32 ORDER BY t.rank DESC, t.entry) <= {CANDIDATES}
        """,
    )


def _read_parts(engine: Engine, cache: Path | None) -> None:
    """Make `sought_names` and `sought_parts`: names that commas part may be one inside another.

    "Department of Physics, University of Antwerp, Belgium" names an institution, a department of
    it and a country. Each part may be the name, or say where the company is.
    """
    engine.create(
        "sought_part_texts",
        "SELECT entry, trim(unnest(parts)) AS company, unnest(range(len(parts))) AS place "
        "FROM (SELECT entry, "
        f"string_split_regex(company, '{_BETWEEN}') AS parts FROM sought_texts) "
        "WHERE len(parts) > 1",
    )
    distinct = engine.arrow("SELECT DISTINCT company FROM sought_part_texts WHERE company <> ''")
    if distinct.num_rows:
        with SecondProcess() as second:
            read = standardise_all([(company_name, distinct)], cache, second)[0]
    else:
        read = standardise_all([(company_name, distinct)], None, SecondProcess())[0]
    countries = [country_code(text) for text in read["raw_company"].to_pylist()]
    engine.load("read_parts", read.append_column("country", pa.array(countries, pa.string())))
    engine.create(
        "sought_parts",
        "SELECT t.entry, r.company, r.company_key, max(r.legal_form) AS legal_form, r.country, "
        "max(t.place) AS place FROM sought_part_texts t "
        "JOIN read_parts r ON r.raw_company = t.company GROUP BY 1, 2, 3, 5",
    )
    engine.create(
        "sought_names",
        "SELECT entry, company, company_key, legal_form, -1 AS place FROM sought_whole_names "
        "UNION ALL SELECT entry, company, company_key, legal_form, place FROM sought_parts p "
        "WHERE company_key IS NOT NULL AND country IS NULL AND NOT EXISTS (SELECT 1 FROM "
        "sought_whole_names w WHERE w.entry = p.entry AND w.company_key = p.company_key)",
    )


_BETWEEN = "[,;|/]| - | – "
_NAMES = """
SELECT account_id, company, company_key, legal_form FROM sought_rows
WHERE company_key IS NOT NULL AND company_issue IS NULL
UNION ALL SELECT account_id, company_2, company_2_key, NULL FROM sought_rows
WHERE company_2_key IS NOT NULL
"""
_TEXTS = """
SELECT account_id, company FROM sought_rows
WHERE company_key IS NOT NULL AND company_issue IS NULL OR company_issue = 'free_text'
"""
_DOMAINS = "SELECT account_id, domain FROM sought_rows WHERE domain IS NOT NULL"
_PHONES = """
SELECT account_id, unnest([phone, phone_2, phone_3]) AS phone FROM sought_rows
"""
_PLACES = """
SELECT account_id, country, postcode_key, city_key, street_key, house_number, city FROM sought_rows
WHERE city_key IS NOT NULL OR postcode_key IS NOT NULL OR country IS NOT NULL
"""


def _most(columns: str, rows: str, most: int) -> str:
    """The values that most records of each account give."""
    first = columns.split(",")[0]
    needed = f"WHERE {first} IS NOT NULL" if first == "phone" else ""
    return f"""
    FROM (SELECT s.entry, {columns} FROM (
      SELECT account_id, {columns}, count(*) AS told FROM ({rows}) {needed} GROUP BY ALL
    ) JOIN sought s USING (account_id)
    QUALIFY row_number() OVER (PARTITION BY s.entry ORDER BY told DESC, {columns}) <= {most})
    """


def _account_keys() -> str:
    named = (
        "SELECT n.entry, n.company AS name, p.city, p.country, p.postcode_key AS postcode "
        "FROM sought_names n LEFT JOIN sought_places p USING (entry)"
    )
    return f"""
    SELECT DISTINCT entry, kind, {hashed("kind", "value")} AS value FROM (
      {name_keys(named)}
      UNION ALL {
        inner_names(
            "SELECT entry, company AS name, NULL AS city, NULL AS country, "
            "NULL AS postcode FROM sought_names"
        )
    }
      UNION ALL {domain_keys("SELECT entry, domain FROM sought_domains")}
      UNION ALL {phone_keys("SELECT entry, phone FROM sought_phones")}
      UNION ALL SELECT entry, {NUMBER}, {number_text("scheme", "value")} FROM sought_numbers
    ) WHERE value IS NOT NULL AND value <> ''
    """


def _found_keys(keys: str) -> str:
    """The keys of accounts that few enough entries of a register have, with what they are worth."""
    most = " ".join(f"WHEN {kind} THEN {count}" for kind, count in MOST_ENTRIES.items())
    worth = " ".join(f"WHEN {kind} THEN {bits * MILLI}" for kind, bits in _WORTH.items())
    return f"""
    SELECT k.entry >> 32 AS register, k.kind, k.value,
      CASE k.kind {worth} ELSE CAST(round({MILLI} * log2(n.entries / count(*))) AS BIGINT) END
        AS worth
    FROM {keys} k SEMI JOIN sought_keys a ON a.kind = k.kind AND a.value = k.value
    JOIN registers n ON n.register = k.entry >> 32
    GROUP BY 1, 2, 3, n.entries HAVING count(*) <= CASE k.kind {most} END
    """


def _entity_numbers(entries: Table, hierarchy: Table) -> str:
    return f"""
    SELECT e.entry, l.entry AS legal FROM {entries} e
    JOIN {hierarchy} h USING (registry, registry_id)
    JOIN {entries} l ON l.registry = h.registry AND l.registry_id = h.legal_entity_id
    """
