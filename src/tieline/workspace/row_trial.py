"""How the first rows of a list would be read with a mapping that is only tried."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tieline import data
from tieline.data.source import Source as BuildSource
from tieline.data.sources.landed import UNREADABLE_SCHEMA
from tieline.data.values import (
    amount,
    company_name,
    date,
    domain,
    email,
    person_name,
    phone,
    postal_address,
)
from tieline.engine.duck import DuckEngine
from tieline.workspace.source import Source

ROWS = 100
"""So many first rows are read: a half of a second, and enough to see what a column holds."""
SHOWN = 8
_WANTED = (
    "records", "activities", "activity_identifiers", "introductions", "mapped_records",
    "record_identifiers", "standard_records",
)  # fmt: skip
_DATES = (
    "birth_date", "created_at", "updated_at", "occurred_at", "sent_at", "closed_at", "moved_on",
)  # fmt: skip
_STANDARD: Mapping[str, tuple[str, str]] = {
    "full_name": ("full_name", "name_issue"),
    "given_name": ("given_name", ""),
    "middle_name": ("middle_name", ""),
    "family_name": ("family_name", "name_issue"),
    "title": ("title", ""),
    "email": ("email", "email_issue"),
    "email_2": ("email_2", ""),
    "phone": ("phone", "phone_issue"),
    "phone_2": ("phone_2", ""),
    "phone_3": ("phone_3", ""),
    "fax": ("fax", ""),
    "website": ("website_domain", "website_issue"),
    "company": ("company", "company_issue"),
    "company_2": ("company_2", ""),
    "employees": ("employees", ""),
    "revenue": ("revenue", ""),
    "address_line1": ("address_line", ""),
    "city": ("city", ""),
    "region": ("region", ""),
    "postcode": ("postcode", ""),
    "country": ("country", ""),
    "full_address": ("address_line", "address_issue"),
}
"""The standard column that holds what became of a field, and the one that says what is wrong."""
_ISSUES: Mapping[str, Mapping[str, str]] = {
    "full_name": person_name.ISSUES,
    "family_name": person_name.ISSUES,
    "email": email.ISSUES,
    "phone": phone.ISSUES,
    "website": domain.ISSUES,
    "company": company_name.ISSUES,
    "address": postal_address.ISSUES,
    "full_address": postal_address.ISSUES,
    "employees": amount.ISSUES,
    "revenue": amount.ISSUES,
    **dict.fromkeys(_DATES, date.ISSUES),
}
"""What each reason code says of a field: the same code says another thing of another one."""


def in_words(field: str, code: str) -> str:
    """What a reason code says of a field."""
    return _ISSUES.get(field, {}).get(code, code.replace("_", " "))


@dataclass(frozen=True)
class Cell:
    """What a row says for a field, what is made of it, and what is wrong with it, in words.

    `value` is None where nothing is made of a text: it is kept as it is, or cannot be read.
    """

    given: str
    value: str | None
    wrong: str

    @property
    def changed(self) -> bool:
        """Whether the standard value is spelled otherwise."""
        return self.value is not None and self.value != self.given


@dataclass(frozen=True)
class Heading:
    """One field that is used: from which columns, in how many rows, and how many cannot be read."""

    field: str
    columns: tuple[str, ...]
    filled: int
    unreadable: int


@dataclass(frozen=True)
class Trial:
    """The first rows in standard values: (row number, cells in the order of the headings)."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    read: int


def trial(
    source: Source, *, scratch: Path, country: str | None, first_of_all: Collection[str] = ()
) -> Trial:
    """Read the first ROWS rows of a source with the columns, kind and date order it has.

    The columns named by `first_of_all` come first, the others in the order of the list.
    """
    first = next(pq.ParquetFile(source.landed_path).iter_batches(batch_size=ROWS), None)
    columns = {c: f for c, f in source.columns.items() if f}
    if first is None or not columns:
        return Trial((), (), first.num_rows if first else 0)
    table = pa.table(first)
    standard = _standard(table, source, columns, scratch, country)
    order = sorted(columns, key=lambda header: header not in first_of_all)
    by_field: dict[str, tuple[str, ...]] = {
        columns[header]: source.mapping.columns_of(columns[header]) for header in order
    }
    given = table.to_pylist()
    read = {
        field: list(_cells(field, headers, given, standard, source.date_style))
        for field, headers in by_field.items()
    }
    headings = tuple(
        Heading(
            field,
            headers,
            sum(1 for cell in read[field] if cell.given),
            sum(1 for cell in read[field] if cell.wrong),
        )
        for field, headers in by_field.items()
    )
    rows = tuple(
        (row["row_number"], tuple(read[field][place] for field in by_field))
        for place, row in enumerate(given[:SHOWN])
    )
    return Trial(headings, rows, len(given))


def _standard(
    table: pa.Table, source: Source, columns: dict[str, str], scratch: Path, country: str | None
) -> dict[int, dict[str, Any]]:
    """The standard values by row number."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder, DuckEngine(scratch, threads=1) as duck:
        rows, unreadable = Path(folder, "rows.parquet"), Path(folder, "unreadable.parquet")
        pq.write_table(table, rows)
        pq.write_table(UNREADABLE_SCHEMA.empty_table(), unreadable)
        # As a list of contacts every row is read, also those of a log.
        only = BuildSource(
            source.name, "contacts", rows, unreadable, columns,
            date_style=source.date_style or None,
        )  # fmt: skip
        context = {"sources": [only], "default_country": country, "cache": None}
        for model in data.models():
            if model.name in _WANTED:
                made = model.compute(duck, context)
                if isinstance(made, str):
                    duck.create(model.name, made)
                else:
                    duck.load(model.name, made)
        found = duck.arrow("SELECT * FROM standard_records").to_pylist()
    return {row["row_number"]: row for row in found}


def _cells(
    field: str,
    headers: tuple[str, ...],
    given: list[dict[str, Any]],
    standard: dict[int, dict[str, Any]],
    date_style: str,
) -> Iterator[Cell]:
    texts = [next((row[h].strip() for h in headers if (row[h] or "").strip()), "") for row in given]
    if field in _DATES:
        yield from _dates(texts, date_style)
        return
    name, issue = _STANDARD.get(field, ("", ""))
    for text, row in zip(texts, given, strict=True):
        made = standard.get(row["row_number"])
        if not text or not name or made is None:
            yield Cell(text, None, "")
            continue
        value, code = made[name], made[issue] if issue else None
        wrong = in_words(field, code) if code else ""
        if value is None and not wrong and issue:
            wrong = "Nothing usable can be read from it."
        shown = None if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        yield Cell(text, shown, wrong)


def _dates(texts: list[str], date_style: str) -> Iterator[Cell]:
    style = date_style or date.infer_style(texts)
    asked = pa.table(
        {
            "value": pa.array([text or None for text in texts], pa.string()),
            "style": pa.array([style] * len(texts), pa.string()),
        }
    )
    read = date.standardise(asked).to_pylist()
    for text, row in zip(texts, read, strict=True):
        code = row["date_issue"] if text else None
        yield Cell(
            text,
            str(row["date"]) if row["date"] else None,
            in_words("occurred_at", code) if code else "",
        )
