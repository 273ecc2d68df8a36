"""Rows of logs: which describe a person or company as lists do, and which say the same message."""

from __future__ import annotations

from tieline.data.kinds import FIELD_BY_NAME, IDENTIFIER_PREFIX, KINDS, scheme_of
from tieline.data.source import Source
from tieline.data.sql_text import literal
from tieline.engine.tables import quoted

ENTRY_FIELDS = (
    "full_name",
    "given_name",
    "middle_name",
    "family_name",
    "native_name",
    "birth_date",
    "birth_place",
    "title",
    "department",
    "website",
    "company",
    "company_2",
    "industry",
    "employees",
    "revenue",
    "parent_company",
    "address_line1",
    "address_line2",
    "address_line3",
    "full_address",
    "postcode",
    "opt_in",
    "opt_out",
    "consent_state",
)
"""What makes a row of a log an entry of a list as well. A town or country alone does not: web logs
guess it from the network."""
_BETWEEN = "chr(31)"


def is_log(source: Source) -> bool:
    """Whether the rows of the source say what happened."""
    return KINDS[source.kind].is_memory if source.kind in KINDS else False


def columns_of(source: Source, field: str) -> list[str]:
    """The source's columns that hold a field, in the source's order."""
    return [column for column, name in source.columns.items() if name == field]


def text_of(source: Source, field: str, table: str = "l") -> str:
    """The SQL expression of a field's text in the landed rows; NULL where no column holds it."""
    found = [f"{table}.{quoted(column)}" for column in columns_of(source, field)]
    if not found:
        return "NULL::VARCHAR"
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


def is_list_entry(source: Source, table: str = "l") -> str:
    """The SQL condition that a row describes a person or company, as the rows of lists do.

    The others only say by what address, number or device somebody was reached, or acted.
    """
    if not is_log(source):
        return "true"
    if KINDS[source.kind].lists_nobody:
        return "false"
    described = [
        f"{table}.{quoted(column)}" for column, field in source.columns.items() if _describes(field)
    ]
    return f"coalesce({', '.join(described)}) IS NOT NULL" if described else "false"


def _describes(field: str) -> bool:
    scheme = scheme_of(field) if field.startswith(IDENTIFIER_PREFIX) else None
    if scheme is not None:
        return scheme.owner == "company"
    return field.partition(":")[0] in ENTRY_FIELDS


def message_text(source: Source, table: str = "l") -> str:
    """The SQL text that is equal for rows that say the same message, within a stream.

    It is the source's own id of the row, where there is one; else all that was understood of the
    row, so that a further column in a later export makes no message a new one.
    """
    cells = [
        f"CASE WHEN {text} IS NOT NULL THEN {literal(field + '=')} || {text} END"
        for field in sorted(set(source.columns.values()))
        if field in FIELD_BY_NAME or field.startswith(IDENTIFIER_PREFIX)
        for text in (text_of(source, field, table),)
    ]
    content = f"'c' || concat_ws({_BETWEEN}, {', '.join(cells)})" if cells else "'c'"
    if not columns_of(source, "record_key"):
        return content
    key = text_of(source, "record_key", table)
    return f"coalesce('k' || {key}, {content})"


def has_key(source: Source, table: str = "l") -> str:
    """The SQL condition that the row has an id of its own."""
    return f"{text_of(source, 'record_key', table)} IS NOT NULL"
