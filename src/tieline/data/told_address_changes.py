"""What changes of address say: who moved, from where, to where and when."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tieline.data.log_rows import columns_of, text_of
from tieline.data.moments import style_of
from tieline.data.source import Source
from tieline.data.sql_text import literal
from tieline.data.values import company_name, date, email, person_name, postal_address
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import raw_name, standardise_all
from tieline.engine.tables import Engine, Table

KIND = "address-changes"
_PERSON = tuple(person_name.INPUTS)
_OLD = tuple(name for name in postal_address.INPUTS if name != "default_country")
_NEW = tuple(f"new_{name}" for name in _OLD if name not in ("address_line3", "district"))
_SINGLE = ("our_id", "email", "company", "company_2", "moved_on", "move_type")
_TEXTS = (*_PERSON, *_SINGLE, *_OLD, *_NEW)
_KEYS = ("street_key", "house_number", "po_box", "postcode_key", "city_key", "country")
_PARTS = ("address_line", "postcode", "city", "region", "country")

_BUSINESS = "b%|company%|firm%|unternehmen%|gesch%|entreprise%|empresa%|azienda%|societ%"
_FAMILY = "f%|household%|haushalt%|famil%"
_INDIVIDUAL = "i%|person%|einzel%|single%|privat%"


def told_address_changes(
    records: Table,
    *,
    engine: Engine,
    sources: Sequence[Source],
    default_country: str | None,
    cache: Path | None,
) -> str:
    """What each row of a change of address says, in standard values.

    question: Who moved from where to where, as we were told?
    row: One readable row of a change of address.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      our_id: Our own id of the contact, site or account, where the row has it.
      move_type: individual, family or business; what the row says, or else whom it names.
      moved_on: The day from which the new address holds.
      moved_on_issue: Why the day cannot be read.
      full_name: Name of the person as it is written.
      given_root: Usual form of the given name.
      family_key: Family name for comparing.
      email_key: E-mail address for comparing; empty for that of a function.
      company: Name of the company as it is written.
      company_key: Company name for comparing, legal form off.
      company_2_key: The company's other name for comparing.
      old_address: The address moved from, in one line.
      old_street_key: Its street for comparing.
      old_house_number: Its house number.
      old_po_box: Its PO box.
      old_postcode_key: Its postcode for comparing.
      old_city_key: Its town for comparing.
      old_country: Its country (ISO 3166 alpha-2).
      new_address: The address moved to, in one line.
      new_address_line: Its street line.
      new_postcode: Its postcode.
      new_city: Its town.
      new_region: Its state, province or region.
      new_country: Its country (ISO 3166 alpha-2).
      new_address_verdict: ok, corrected, unknown_place, mismatch, incomplete or missing.
      new_address_confidence: How sure it is that its parts agree, 0 to 1.
      new_street_key: Its street for comparing.
      new_house_number: Its house number.
      new_po_box: Its PO box.
      new_postcode_key: Its postcode for comparing.
      new_city_key: Its town for comparing.
    """
    chosen = [(number, source) for number, source in enumerate(sources) if source.kind == KIND]
    if not chosen:
        return _NONE
    country = literal(default_country) if default_country else "NULL::VARCHAR"
    engine.create("told_moves", _told(engine, records, chosen, country))
    _standardise(engine, cache)
    return _read()


def _told(
    engine: Engine, records: Table, chosen: Sequence[tuple[int, Source]], country: str
) -> str:
    selects = []
    for number, source in chosen:
        engine.read_parquet(f"landed_{number}", source.rows)
        texts = ", ".join(f"{_text(source, name)} AS {name}" for name in _TEXTS)
        style = style_of(engine, source, f"landed_{number}", text_of(source, "moved_on"))
        selects.append(
            f"SELECT r.record_id, {literal(style) if style else 'NULL::VARCHAR'} AS style, "
            f"{country} AS default_country, {texts} "
            f"FROM {records} r JOIN landed_{number} l ON l.row_number = r.row_number "
            f"WHERE r.source = {literal(source.name)} AND r.unreadable IS NULL"
        )
    return " UNION ALL ".join(selects)


def _text(source: Source, name: str) -> str:
    """A cell; a file with one column of countries means it for both addresses."""
    one_country = name == "new_country" and not columns_of(source, "new_country")
    return text_of(source, "country" if one_country else name)


def _addresses(prefix: str) -> str:
    """The cells of the old (prefix "") or new ("new_") address, as the reading of them wants."""
    given = set(_TEXTS) | {"default_country"}
    cells = []
    for name in postal_address.INPUTS:
        column = name if name == "default_country" else prefix + name
        cells.append(f"{column if column in given else 'NULL::VARCHAR'} AS {name}")
    return f"SELECT {', '.join(cells)}"


def _standardise(engine: Engine, cache: Path | None) -> None:
    distinct = "SELECT DISTINCT * FROM"
    wanted = (
        ("addresses", postal_address, f"{distinct} ({_addresses('')} FROM told_moves UNION ALL "
         f"{_addresses('new_')} FROM told_moves)"),
        ("names", person_name, f"SELECT DISTINCT {', '.join(_PERSON)} FROM told_moves"),
        ("emails", email, "SELECT DISTINCT email FROM told_moves WHERE email IS NOT NULL"),
        ("days", date, "SELECT DISTINCT moved_on AS value, style FROM told_moves "
         "WHERE moved_on IS NOT NULL"),
        ("companies", company_name, f"{distinct} (SELECT company FROM told_moves UNION ALL "
         "SELECT company_2 FROM told_moves) WHERE company IS NOT NULL"),
    )  # fmt: skip
    with SecondProcess() as second:
        read = standardise_all(
            [(kind, engine.arrow(select)) for _, kind, select in wanted], cache, second
        )
    for (name, _, _), table in zip(wanted, read, strict=True):
        engine.load(f"move_{name}", table)


def _same(alias: str, columns: dict[str, str]) -> str:
    return " AND ".join(
        f"{alias}.{raw_name(name)} IS NOT DISTINCT FROM {text}" for name, text in columns.items()
    )


def _cells(prefix: str) -> dict[str, str]:
    cells = {}
    for name in postal_address.INPUTS:
        column = name if name == "default_country" else prefix + name
        known = column in _TEXTS or column == "default_country"
        cells[name] = f"t.{column}" if known else "NULL"
    return cells


def _line(alias: str) -> str:
    """An address in one line, as `golden_values` writes it."""
    return (
        f"nullif(concat_ws(', ', {alias}.address_line, "
        f"concat_ws(' ', {alias}.postcode, {alias}.city), {alias}.country), '')"
    )


def _is(words: str) -> str:
    return " OR ".join(f"lower(trim(t.move_type)) LIKE '{word}'" for word in words.split("|"))


def _read() -> str:
    old = ", ".join(f"o.{name} AS old_{name}" for name in ("house_number", "po_box", "country"))
    old_keys = ", ".join(
        f"nullif(o.{name}, '') AS old_{name}" for name in ("street_key", "postcode_key", "city_key")
    )
    new = ", ".join(f"w.{name} AS new_{name}" for name in _PARTS)
    new_keys = ", ".join(
        f"nullif(w.{name}, '') AS new_{name}" for name in ("street_key", "postcode_key", "city_key")
    )
    return f"""
    SELECT t.record_id, upper(left(trim(t.our_id), 1)) || lower(substr(trim(t.our_id), 2))
        AS our_id,
      CASE WHEN {_is(_FAMILY)} THEN 'family' WHEN {_is(_BUSINESS)} THEN 'business'
        WHEN {_is(_INDIVIDUAL)} THEN 'individual'
        WHEN n.family_key <> '' OR e.email_key IS NOT NULL THEN 'individual'
        ELSE 'business' END AS move_type,
      d.date AS moved_on, d.date_issue AS moved_on_issue, n.full_name,
      nullif(n.given_root, '') AS given_root, nullif(n.family_key, '') AS family_key,
      CASE WHEN NOT coalesce(e.is_role_account, false) THEN e.email_key END AS email_key,
      c.company, nullif(c.company_key, '') AS company_key,
      nullif(c2.company_key, '') AS company_2_key,
      {_line("o")} AS old_address, {old_keys}, {old},
      {_line("w")} AS new_address, {new}, w.address_verdict AS new_address_verdict,
      w.address_confidence AS new_address_confidence, {new_keys},
      w.house_number AS new_house_number, w.po_box AS new_po_box
    FROM told_moves t
    LEFT JOIN move_addresses o ON {_same("o", _cells(""))}
    LEFT JOIN move_addresses w ON {_same("w", _cells("new_"))}
    LEFT JOIN move_names n ON {_same("n", {name: f"t.{name}" for name in _PERSON})}
    LEFT JOIN move_emails e ON e.raw_email = t.email
    LEFT JOIN move_companies c ON c.raw_company = t.company
    LEFT JOIN move_companies c2 ON c2.raw_company = t.company_2
    LEFT JOIN move_days d ON {_same("d", {"value": "t.moved_on", "style": "t.style"})}
    """


_NONE_TEXTS = (
    "record_id",
    "our_id",
    "move_type",
    "moved_on_issue",
    "full_name",
    "given_root",
    "family_key",
    "email_key",
    "company",
    "company_key",
    "company_2_key",
    "old_address",
    *(f"old_{name}" for name in _KEYS),
    "new_address",
    *(f"new_{name}" for name in _PARTS),
    "new_address_verdict",
    "new_street_key",
    "new_house_number",
    "new_po_box",
    "new_postcode_key",
    "new_city_key",
)
_NONE = (
    "SELECT "
    + ", ".join(f"NULL::VARCHAR AS {name}" for name in _NONE_TEXTS)
    + ", NULL::DATE AS moved_on, NULL::DOUBLE AS new_address_confidence WHERE false"
)
