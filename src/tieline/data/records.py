"""Every row of every source, as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from tieline.data.identifier_text import identifier_text, scheme_text
from tieline.data.kinds import FIELDS, IDENTIFIER_PREFIX, scheme_of
from tieline.data.kinds.fields import MEMORY_FIELDS, MOVE_FIELDS, REGISTRY_FIELDS
from tieline.data.log_rows import is_list_entry
from tieline.data.source import Source
from tieline.data.sql_text import literal
from tieline.engine.tables import Engine, quoted

_SEPARATOR = "chr(31)"
LIST_FIELDS = tuple(
    field.name
    for field in FIELDS
    if field.name not in (*MEMORY_FIELDS, *MOVE_FIELDS, *REGISTRY_FIELDS)
)


def records(*, engine: Engine, sources: Sequence[Source]) -> str:
    """Every row of every source, as it came.

    question: What were we told, by whom, word for word?
    row: One row of one source, readable or not.
    key: record_id
    owner: analyst
    columns:
      record_id: Stable id of the row, made of the source's name and the row's own id or content.
      source: The name of the source.
      row_number: 1-based number of the data row in the source's file.
      kind: What the source lists (contacts, companies, responses, suppressions).
      is_list_entry: Whether the row describes a person or company, as lists do; of a log, many rows
        only say by what address, number or device somebody was reached, or acted.
      trust: The source's trust rank, 1 (best) to 9.
      arrival: "When the record first came, as an order: the number of the addition times 2^32, plus
        the row number in it."
      verbatim: The row as JSON, source column to text as given; for an unreadable row its raw text.
      unreadable: Why the row could not be read (reason code), empty for a readable row.
      unreadable_message: The same in words, with what to do.
    """
    selects = []
    for number, source in enumerate(sources):
        engine.read_parquet(f"landed_{number}", source.rows)
        engine.read_parquet(f"landed_{number}_unreadable", source.unreadable)
        now = _rows(engine, source, f"landed_{number}", _arrival(source))
        earlier = []
        for addition, rows, unreadable in source.arrivals[:-1]:
            # A content that was erased says nothing any more of when its rows came.
            if rows.exists() and unreadable.exists():
                name = f"landed_{number}_{addition}"
                engine.read_parquet(name, rows)
                engine.read_parquet(f"{name}_unreadable", unreadable)
                earlier.append(_rows(engine, source, name, addition))
        selects.append(_with_first_arrival(now, earlier) if earlier else now)
    if not selects:
        return _empty()
    return " UNION ALL ".join(selects)


def mapped_records(
    records: object, introductions: object, *, engine: Engine, sources: Sequence[Source]
) -> str:
    """The readable rows with the source's columns as standard fields, still verbatim.

    Rows of logs that are no list entries are not among them, save those that bring in somebody new:
    what they say is in `activities`.

    question: Which text of each record stands for which standard field?
    row: One readable row of one source that describes a person or company.
    key: record_id
    owner: analyst
    columns:
      record_id: The record.
      source: The name of the source.
      row_number: 1-based number of the data row in the source's file.
      kind: What the source lists.
      trust: The source's trust rank, 1 (best) to 9.
      record_key: The source's own id of the row.
      record_type: Whether the row is about a person or an organisation.
      full_name: The whole name of a person in one cell.
      name_prefix: Salutation or academic title before the name.
      given_name: First or given name.
      middle_name: Middle name or initial.
      family_name: Last or family name.
      name_suffix: "What follows the name: Jr, III, PhD."
      native_name: The name in its own script.
      gender: Gender as stated.
      birth_date: Date of birth.
      birth_place: Place of birth.
      title: Job title.
      department: Department of the employer.
      contact_type: Role or category that the source gives the contact.
      language: Language the contact is written to in.
      email: E-mail address.
      email_2: Another e-mail address.
      phone: Phone number.
      phone_2: Another phone number, the mobile one where told.
      phone_3: A third phone number.
      fax: Fax number.
      website: Web address or domain of the company.
      company: Name of the company as given.
      company_2: Other, trade or former name of the company.
      industry: Industry or sector, as text or code.
      employees: Number of employees or a band of it.
      revenue: Yearly revenue or a band of it.
      parent_company: Name of the company that owns this one.
      address_line1: Street line of the address.
      address_line2: Second street line.
      address_line3: Third street line.
      house_number: House number where it has a column of its own.
      city: City, town or suburb that the post uses.
      district: District, county or part of a city.
      region: State, province or canton, name or code.
      postcode: Postcode.
      country: Country, name or code.
      full_address: The whole address in one cell.
      created_at: When the source made the record.
      updated_at: When the source last changed the record.
      opt_in: Whether or when the contact agreed to be written to.
      opt_out: Whether or when the contact asked not to be written to.
      consent_state: Whether consent was given or withdrawn.
      consent_purpose: What the consent is for.
      consent_channel: The channel the consent is for.
      response_kind: "What the contact did: form, download, event, visit."
      topic: "What the response was about: asset, page, subject."
      campaign: The campaign the response belongs to.
      occurred_at: When the response happened.
      reason: Why the row must not be contacted.
    """
    selects = []
    for number, source in enumerate(sources):
        texts = _texts_by_field(source)
        columns = ", ".join(f"{texts.get(name, 'NULL::VARCHAR')} AS {name}" for name in LIST_FIELDS)
        engine.read_parquet(f"landed_{number}", source.rows)
        selects.append(
            f"SELECT r.record_id, r.source, r.row_number, r.kind, r.trust, {columns} "
            f"FROM {records} r JOIN landed_{number} l ON l.row_number = r.row_number "
            f"WHERE r.source = {literal(source.name)} AND r.unreadable IS NULL"
            f"{_described(introductions)}"
        )
    if not selects:
        columns = ", ".join(f"NULL::VARCHAR AS {name}" for name in LIST_FIELDS)
        return (
            f"SELECT record_id, source, row_number, kind, trust, {columns} "
            f"FROM {records} r WHERE false"
        )
    return " UNION ALL ".join(selects)


def record_identifiers(
    records: object, introductions: object, *, engine: Engine, sources: Sequence[Source]
) -> str:
    """Numbers and handles that name a person or a company.

    question: Which identifiers does each record carry?
    row: One identifier of one record that describes a person or company.
    key: record_id, scheme, value
    owner: analyst
    columns:
      record_id: The record.
      owner: Whom the identifier names, person or company.
      nature: What sort of identifier it is (document, handle, device or network).
      scheme: The scheme (duns, lei, vat, passport, linkedin, ...).
      value: Its compared form.
    """
    selects = []
    for number, source in enumerate(sources):
        for column, field in source.columns.items():
            scheme = scheme_of(field) if field.startswith(IDENTIFIER_PREFIX) else None
            if scheme is None:
                continue
            engine.read_parquet(f"landed_{number}", source.rows)
            value = identifier_text(scheme, f"l.{quoted(column)}")
            selects.append(
                f"SELECT r.record_id, {literal(scheme.owner)} AS owner, "
                f"{literal(scheme.nature)} AS nature, "
                f"{literal(scheme_text(scheme, source.stream_name))} AS scheme, {value} AS value "
                f"FROM {records} r JOIN landed_{number} l ON l.row_number = r.row_number "
                f"WHERE r.source = {literal(source.name)} AND r.unreadable IS NULL "
                f"AND {value} IS NOT NULL{_described(introductions)}"
            )
    if not selects:
        return (
            "SELECT record_id, '' AS owner, '' AS nature, '' AS scheme, '' AS value "
            f"FROM {records} r WHERE false"
        )
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(selects)})"


def _described(introductions: object) -> str:
    return f" AND (r.is_list_entry OR r.record_id IN (SELECT record_id FROM {introductions}))"


def _texts_by_field(source: Source) -> dict[str, str]:
    columns: dict[str, list[str]] = {}
    for column, field in source.columns.items():
        if field and not field.startswith(IDENTIFIER_PREFIX):
            columns.setdefault(field, []).append(f"l.{quoted(column)}")
    return {
        field: texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
        for field, texts in columns.items()
    }


def _arrival(source: Source) -> int:
    return source.arrivals[-1][0] if source.arrivals else 1


def _rows(engine: Engine, source: Source, table: str, addition: int) -> str:
    """The readable and unreadable rows of one landed content."""
    readable = _readable(engine, source, table, addition)
    return f"{readable} UNION ALL {_unreadable(source, table, addition)}"


def _with_first_arrival(now: str, earlier: Sequence[str]) -> str:
    """The rows of the content in force; a row that an earlier content had came with that."""
    before = " UNION ALL ".join(f"SELECT record_id, arrival FROM ({rows})" for rows in earlier)
    return (
        "SELECT n.* REPLACE (least(n.arrival, b.arrival) AS arrival) "  # least() skips NULL
        f"FROM ({now}) n LEFT JOIN (SELECT record_id, min(arrival) AS arrival FROM ({before}) "
        "GROUP BY record_id) b USING (record_id)"
    )


def _is_unique(engine: Engine, table: str, key: str) -> bool:
    """Whether every row has the key, and each another."""
    twice = engine.arrow(
        f"SELECT 1 FROM {table} GROUP BY {key} HAVING count(*) > 1 OR {key} IS NULL LIMIT 1"
    )
    return not twice.num_rows


def _readable(engine: Engine, source: Source, table: str, addition: int) -> str:
    columns = [name for name in _headers(_file(source, addition)) if name != "row_number"]
    pairs = ", ".join(f"{literal(name)}, {quoted(name)}" for name in columns)
    now = replace(source, columns={c: f for c, f in source.columns.items() if c in columns})
    own = [column for column, field in now.columns.items() if field == "record_key"]
    verbatim = f"json_merge_patch('{{}}', json_object({pairs}))::VARCHAR" if columns else "'{}'"
    key = f"coalesce({quoted(own[0])}, verbatim)" if own else "verbatim"
    once = bool(own) and _is_unique(engine, table, quoted(own[0]))
    return (
        f"SELECT {_record_id(source, key, once=once)} AS record_id, "
        f"{literal(source.name)} AS source, "
        f"row_number, {literal(source.kind)} AS kind, {is_list_entry(now)} AS is_list_entry, "
        f"{source.trust} AS trust, {_order(addition)} AS arrival, verbatim, "
        "NULL::VARCHAR AS unreadable, NULL::VARCHAR AS unreadable_message "
        f"FROM (SELECT *, {verbatim} AS verbatim FROM {table}) l"
    )


def _unreadable(source: Source, table: str, addition: int) -> str:
    key = "coalesce(text, '') || chr(31) || reason"
    return (
        f"SELECT {_record_id(source, key)} AS record_id, {literal(source.name)} AS source, "
        f"row_number, {literal(source.kind)} AS kind, true AS is_list_entry, "
        f"{source.trust} AS trust, {_order(addition)} AS arrival, text AS verbatim, "
        f"reason AS unreadable, message AS unreadable_message FROM {table}_unreadable"
    )


def _file(source: Source, addition: int) -> Path:
    return next((rows for number, rows, _ in source.arrivals if number == addition), source.rows)


def _headers(rows: Path) -> list[str]:
    """The columns of landed rows; what comes bit by bit lies in a folder of files alike."""
    file = min(rows.glob("*.parquet")) if rows.is_dir() else rows
    names: list[str] = pq.read_schema(file).names
    return names


def _order(addition: int) -> str:
    return f"({addition}::BIGINT << 32) + row_number"


def _record_id(source: Source, key: str, *, once: bool = False) -> str:
    # Rows with the same key are told apart by their order, so that nothing is lost; a row that
    # moves within its file keeps its id. A window over a long log is slow: where no key is there
    # twice, each is the first.
    nth = "1" if once else f"row_number() OVER (PARTITION BY {key} ORDER BY row_number)"
    text = f"{literal(source.name)} || {_SEPARATOR} || {key} || {_SEPARATOR} || {nth}"
    return f"'r' || substr(md5({text}), 1, 16)"


def _empty() -> str:
    texts = ", ".join(
        f"''::VARCHAR AS {name}" for name in ("verbatim", "unreadable", "unreadable_message")
    )
    return (
        "SELECT '' AS record_id, '' AS source, 0::BIGINT AS row_number, '' AS kind, "
        "true AS is_list_entry, 0 AS trust, "
        "0::BIGINT AS arrival, "
        f"{texts} WHERE false"
    )
