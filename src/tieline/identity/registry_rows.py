"""The rows of company registers as they were added: read where they landed, never made records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from tieline.data.kinds import IDENTIFIER_PREFIX, scheme_of
from tieline.data.log_rows import columns_of, text_of
from tieline.data.source import Source
from tieline.data.sql_text import literal
from tieline.data.values import amount
from tieline.data.values.country import country_code
from tieline.engine.tables import Engine
from tieline.identity.registry_words import active, day, registry_number, relation, site_kind

_NUMBERS = ("parent_id", "headquarters_id", "domestic_ultimate_id", "global_ultimate_id")
_HEAD = ("registry", "row_number", "entry", "scheme")
_COLUMNS = {
    "registry": "VARCHAR",
    "row_number": "BIGINT",
    "entry": "BIGINT",
    "scheme": "VARCHAR",
    "registry_id": "VARCHAR",
    "name": "VARCHAR",
    "other_name": "VARCHAR",
    "street": "VARCHAR",
    "house_number": "VARCHAR",
    "city": "VARCHAR",
    "region": "VARCHAR",
    "postcode": "VARCHAR",
    "country": "VARCHAR",
    "phone": "VARCHAR",
    "website": "VARCHAR",
    "industry": "VARCHAR",
    "employees": "VARCHAR",
    "revenue": "VARCHAR",
    "is_active": "BOOLEAN",
    "site_kind": "VARCHAR",
    "parent_id": "VARCHAR",
    "headquarters_id": "VARCHAR",
    "domestic_ultimate_id": "VARCHAR",
    "global_ultimate_id": "VARCHAR",
    "started_on": "DATE",
    "ended_on": "DATE",
    "relation_kind": "VARCHAR",
    "issue": "VARCHAR",
    "issue_text": "VARCHAR",
}


def registry_rows(*, engine: Engine, registries: Sequence[Source]) -> str:
    """Every row of every company register, in columns that all registers share.

    Ids are brought into the form in which their scheme is compared: nine digits of a DUNS number
    whose zeros a spreadsheet took, the last part of a ROR address.

    question: What does each row of the company registers say?
    row: One row of one register's file, readable or not.
    key: registry, row_number
    owner: analyst
    columns:
      registry: The register, named as its source.
      row_number: 1-based number of the data row in the file.
      entry: "A number of the row among all registers: that of its register times 2^32, plus its
        own."
      scheme: The scheme of its ids (duns, lei, ror, ...), empty where the register has its own.
      registry_id: Its id of the company or site, in compared form.
      name: Name as told.
      other_name: Further names as told, several parted by | or ;.
      street: Street line as told.
      house_number: House number where it has a column of its own.
      city: Town as told.
      region: State, province or region as told.
      postcode: Postcode as told.
      country: Country, ISO 3166 alpha-2.
      phone: Telephone number as told.
      website: Web address as told.
      industry: Industry as told.
      employees: Number of employees.
      revenue: Yearly revenue, in the register's currency.
      is_active: Whether the company is active; empty where the register does not say.
      site_kind: headquarters, branch or single.
      parent_id: The company that owns it; in a relation, the other company.
      headquarters_id: The headquarters that a branch belongs to.
      domestic_ultimate_id: The topmost company in its country.
      global_ultimate_id: The topmost company of its group.
      started_on: The day the company, or the relation, began.
      ended_on: The day the company was dissolved, or the relation ended.
      relation_kind: "Where the row is a relation, what the other company is to this one: parent,
        child, domestic_ultimate, global_ultimate, headquarters, successor, predecessor or related."
      issue: Why the row cannot be used (reason code), empty for a good one.
      issue_text: The same in words.
    """
    if not registries:
        typed = ", ".join(
            f"NULL::{_kept_type(name, kind)} AS {name}" for name, kind in _COLUMNS.items()
        )
        return f"SELECT {typed} WHERE false"
    selects = [_rows(engine, number, source) for number, source in enumerate(registries)]
    engine.create("told_entries", " UNION ALL ".join(selects))
    engine.create("told_states", _read("is_active", active("t.is_active")))
    engine.create("told_kinds", _read("site_kind", site_kind("t.site_kind")))
    styles = {source.name: source.date_style for source in registries}
    engine.create("told_days", _days(styles))
    engine.load("told_countries", _countries(engine))
    engine.load("told_amounts", _amounts(engine))
    return f"""
    SELECT t.* REPLACE (
      c.iso AS country,
      CAST({_number("t.employees", "e.amount")} AS BIGINT) AS employees,
      {_number("t.revenue", "v.amount")} AS revenue,
      b.day AS started_on, d.day AS ended_on,
      CASE WHEN d.day IS NOT NULL AND t.relation_kind IS NULL THEN false ELSE s.found END
        AS is_active,
      coalesce(k.found, CASE WHEN t.headquarters_id <> t.registry_id THEN 'branch'
        WHEN t.headquarters_id = t.registry_id THEN 'headquarters' END) AS site_kind)
    FROM told_entries t
    LEFT JOIN told_states s ON s.told = t.is_active
    LEFT JOIN told_kinds k ON k.told = t.site_kind
    LEFT JOIN told_days b ON b.registry = t.registry AND b.told = t.started_on
    LEFT JOIN told_days d ON d.registry = t.registry AND d.told = t.ended_on
    LEFT JOIN told_countries c ON c.told = t.country
    LEFT JOIN told_amounts e ON e.raw_value = t.employees
    LEFT JOIN told_amounts v ON v.raw_value = t.revenue
    """


def id_field(source: Source) -> str:
    """The field that holds the register's own id of a row; '' where it has none."""
    fields = [field for field in source.columns.values() if field]
    if "registry_id" in fields:
        return "registry_id"
    for field in fields:
        scheme = scheme_of(field) if field.startswith(IDENTIFIER_PREFIX) else None
        if scheme is not None and scheme.owner == "company" and scheme.name != "ticker":
            return field
    return "record_key" if "record_key" in fields else ""


def _kept_type(name: str, kind: str) -> str:
    return {"employees": "BIGINT", "revenue": "DOUBLE"}.get(name, kind)


def _rows(engine: Engine, number: int, source: Source) -> str:
    """The rows of one register, its unreadable ones with the reason."""
    engine.read_parquet(f"registry_{number}", source.rows)
    engine.read_parquet(f"registry_{number}_unreadable", source.unreadable)
    own = id_field(source)
    scheme = own.removeprefix(IDENTIFIER_PREFIX) if own.startswith(IDENTIFIER_PREFIX) else ""
    texts = {
        name: text_of(source, name)
        for name in ("house_number", "city", "region", "postcode", "country", "phone", "website")
    }
    texts["name"] = text_of(source, "company")
    texts["other_name"] = text_of(source, "company_2")
    texts["industry"] = text_of(source, "industry")
    texts["employees"] = text_of(source, "employees")
    texts["revenue"] = text_of(source, "revenue")
    texts["street"] = _street(source)
    for name in _NUMBERS:
        texts[name] = registry_number(scheme, text_of(source, name))
    given = text_of(source, own) if own else "NULL::VARCHAR"
    texts["registry_id"] = registry_number(scheme, given)
    texts["site_kind"] = text_of(source, "site_kind")
    texts["is_active"] = text_of(source, "entity_status")
    for name in ("started_on", "ended_on"):
        texts[name] = text_of(source, name)
    kind = text_of(source, "relation_kind")
    is_relation = f"({kind} IS NOT NULL)" if columns_of(source, "relation_kind") else "false"
    texts["relation_kind"] = f"CASE WHEN {is_relation} THEN {relation(kind)} END"
    texts["issue"] = f"CASE WHEN {texts['registry_id']} IS NULL THEN 'no_id' END"
    texts["issue_text"] = (
        f"CASE WHEN {texts['registry_id']} IS NOT NULL THEN NULL "
        f"WHEN {given} IS NULL THEN 'The row has no id.' "
        f"ELSE 'This is no id of the register: ' || {given} END"
    )
    columns = ", ".join(
        f"CAST({texts[name]} AS VARCHAR) AS {name}" for name in _COLUMNS if name not in _HEAD
    )
    unreadable = ", ".join(
        f"{text} AS {name}"
        for name, text in (
            (name, {"issue": "reason", "issue_text": "message"}.get(name, "NULL::VARCHAR"))
            for name in _COLUMNS
            if name not in _HEAD
        )
    )
    head = (
        f"SELECT {literal(source.name)} AS registry, row_number, "
        f"({number}::BIGINT << 32) + row_number AS entry, {literal(scheme)} AS scheme"
    )
    return (
        f"{head}, {columns} FROM registry_{number} l UNION ALL "
        f"{head}, {unreadable} FROM registry_{number}_unreadable"
    )


def _street(source: Source) -> str:
    lines = [text_of(source, f"address_line{number}") for number in (1, 2)]
    given = [line for line in lines if not line.startswith("NULL::")]
    if given:
        return f"nullif(concat_ws(', ', {', '.join(given)}), '')"
    return text_of(source, "full_address")


def _read(column: str, expression: str) -> str:
    """What the few different texts of a column mean: read once each, not once a row."""
    return (
        f"SELECT t.{column} AS told, {expression} AS found FROM "
        f"(SELECT DISTINCT {column} FROM told_entries WHERE {column} IS NOT NULL) t"
    )


def _days(styles: Mapping[str, str | None]) -> str:
    """The days that registers tell, each read in the order its source writes dates in."""
    american = ", ".join(literal(name) for name, style in styles.items() if style == "mdy")
    told = (
        "SELECT registry, started_on AS told FROM told_entries WHERE started_on IS NOT NULL "
        "UNION SELECT registry, ended_on FROM told_entries WHERE ended_on IS NOT NULL"
    )
    usual, other = day("told", None), day("told", "mdy")
    read = (
        f"CASE WHEN registry IN ({american}) THEN {other} ELSE {usual} END" if american else usual
    )
    return f"SELECT registry, told, {read} AS day FROM ({told})"


def _countries(engine: Engine) -> pa.Table:
    """The countries as told beside their codes."""
    told = engine.arrow("SELECT DISTINCT country FROM told_entries WHERE country IS NOT NULL")
    names = told["country"].to_pylist()
    return pa.table(
        {
            "told": pa.array(names, pa.string()),
            "iso": pa.array([country_code(name) for name in names], pa.string()),
        }
    )


def _amounts(engine: Engine) -> pa.Table:
    """Numbers that are not plainly written, such as bands, beside what they mean."""
    told = engine.arrow(
        "SELECT DISTINCT value FROM (SELECT employees AS value FROM told_entries "
        "UNION ALL SELECT revenue FROM told_entries) "
        "WHERE value IS NOT NULL AND try_cast(value AS DOUBLE) IS NULL"
    )
    read = amount.standardise(told)
    return pa.table({"raw_value": told["value"], "amount": read["amount"]})


def _number(text: str, read: str) -> str:
    return f"coalesce(try_cast({text} AS DOUBLE), {read})"
