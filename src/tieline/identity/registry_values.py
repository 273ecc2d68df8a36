"""Standard values of the entries that may be an account: of these few, not of a whole register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from tieline.data.values import company_name, domain, phone, postal_address
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import Kind, raw_name, standardise_all
from tieline.engine.tables import Engine, Table

MOST_NAMES = 12
"""So many names of an entry are compared."""


def read_values(
    engine: Engine, entries: Table, cache: Path | None, said: Callable[[str], None]
) -> None:
    """Make `met`, the entries to compare in standard values, and `met_names`, their names."""
    engine.create(
        "met_told",
        f"""
        SELECT e.entry, e.registry, e.registry_id, e.scheme, e.name, e.other_name, e.phone,
          e.domain, e.is_active, {_ADDRESS}
        FROM {entries} e SEMI JOIN sought_pairs p ON p.entry = e.entry
        """,
    )
    engine.create(
        "met_name_texts",
        "SELECT entry, place, trim(company) AS company FROM (SELECT entry, unnest(names) AS "
        "company, unnest(range(len(names))) AS place FROM (SELECT entry, "
        "list_prepend(name, string_split_regex(other_name, '[|;]')) AS names FROM met_told)) "
        f"WHERE trim(company) <> '' AND place < {MOST_NAMES}",
    )
    wanted = [
        _wanted(engine, postal_address, postal_address.INPUTS, "met_told"),
        _wanted(engine, company_name, ("company",), "met_name_texts"),
        _wanted(engine, domain, ("domain",), "met_told"),
        _wanted(engine, phone, ("phone", "country"), "met_told"),
    ]
    said(f"{wanted[1][1].num_rows:,} names of registers")
    with SecondProcess() as second:
        addresses, names, domains, phones = standardise_all(wanted, cache, second)
    for name, table in (
        ("met_addresses", addresses),
        ("met_company_names", names),
        ("met_domains", domains),
        ("met_phones", phones),
    ):
        engine.load(name, table)
    joined = " AND ".join(
        f"t.{name} IS NOT DISTINCT FROM a.{raw_name(name)}" for name in postal_address.INPUTS
    )
    engine.create(
        "met",
        f"""
        SELECT t.entry, t.registry, t.registry_id, t.scheme, t.is_active,
          a.street_key, a.house_number, a.city_key, a.postcode_key,
          coalesce(a.country, t.country) AS country, d.domain, p.phone
        FROM met_told t LEFT JOIN met_addresses a ON {joined}
        LEFT JOIN met_domains d ON d.raw_website = t.domain
        LEFT JOIN met_phones p ON p.raw_phone = t.phone
          AND p.raw_country IS NOT DISTINCT FROM t.country
        """,
    )
    engine.create(
        "met_names",
        "SELECT t.entry, t.place, n.company, n.company_key, n.legal_form FROM met_name_texts t "
        "JOIN met_company_names n ON n.raw_company = t.company WHERE n.company_key IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY t.entry, n.company_key ORDER BY t.place) = 1",
    )


_GIVEN = {"address_line1": "e.street"}
_GIVEN |= {name: f"e.{name}" for name in ("house_number", "city", "region", "postcode", "country")}
_ADDRESS = ", ".join(
    f"{_GIVEN.get(name, 'NULL::VARCHAR')} AS {name}" for name in postal_address.INPUTS
)


def _wanted(
    engine: Engine, kind: Kind, columns: tuple[str, ...], table: str
) -> tuple[Kind, pa.Table]:
    told = ", ".join(
        f"{column} AS {name}" for column, name in zip(columns, kind.INPUTS, strict=True)
    )
    return kind, engine.arrow(f"SELECT DISTINCT {told} FROM {table}")
