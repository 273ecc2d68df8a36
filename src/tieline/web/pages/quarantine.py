"""What of a list is not usable: rows that could not be read, rows set aside, doubtful cells."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieline.actions.safe_cells import safe_cell
from tieline.data.sources.landed import UNREADABLE_SCHEMA
from tieline.data.sql_text import literal
from tieline.metrics.funnel_words import REASONS
from tieline.web import audit
from tieline.web.permissions import Permission, needs
from tieline.web.reader import Reading, Row, reading, snapshot_name
from tieline.web.served import workspace
from tieline.web.source_figures import set_aside
from tieline.workspace import Source
from tieline.workspace.row_trial import in_words

ON_A_PAGE = 50
MOST_TEXT = 400
UNREADABLE = "unreadable"
NEXT = {
    UNREADABLE: "Repair these lines in the file and send it again; the page shows what changes.",
    "erased": "Nothing: they asked for it.",
    "no_address": "Add a list that has the addresses, or say which column holds them.",
    "invalid_address": "Correct the address in the list, or look whether its columns are "
    "understood.",
    "duplicate": "Nothing: the contact counts once, and keeps what every row says.",
    "log_entry": "Nothing: what happened is in the memory.",
    "address_change": "Nothing: it moved the site it names.",
    "no_company": "Say which column holds the company, or correct the name in the list.",
    "no_registry_match": "Correct the company's name or address, or take [registry] required off.",
    "competitor": "Nothing, unless it is none: see [competitors] of tieline.toml.",
    "own_company": "Nothing, unless it is another company: see [own_company] of tieline.toml.",
    "suppressed": "Nothing: a suppression list names them.",
    "opted_out": "Nothing: they asked not to be written to.",
    "junk_name": "Correct the name in the list if there is somebody behind it.",
    "set_aside": "Restore it on its own page if it counts after all.",
}
"""What somebody can do about rows of each reason."""


@needs(Permission.PEOPLE)
@require_GET
def quarantine(request: Any, name: str) -> Any:
    """The reasons with their counts, and the rows of one of them."""
    one = workspace().source(name)
    page = request.GET.get("page", "1")
    number = min(int(page), 100_000) if page.isdecimal() and page != "0" else 1
    with _reading() as found:
        reasons = _reasons(found, one)
        asked = request.GET.get("status", "")
        status = asked if asked in {row["status"] for row in reasons} else ""
        status = status or (reasons[0]["status"] if reasons else "")
        rows = _rows(found, one, status, first=(number - 1) * ON_A_PAGE, most=ON_A_PAGE)
        doubts = _doubts(found, one)
    total = next((row["records"] for row in reasons if row["status"] == status), 0)
    said = {
        "source": one,
        "reasons": reasons,
        "status": status,
        "next_step": NEXT.get(status, "Look at the rows: each says what is wrong."),
        "rows": rows,
        "doubts": doubts,
        "total": total,
        "whole": sum(row["records"] for row in reasons),
        "built": bool(snapshot_name()),
        "first": (number - 1) * ON_A_PAGE + 1,
        "last": min(number * ON_A_PAGE, total),
        "before": number - 1,
        "after": number + 1 if number * ON_A_PAGE < total else 0,
    }
    return render(request, "tieline/quarantine.html", said)


@needs(Permission.EXPORT, Permission.PEOPLE)
@require_GET
def quarantine_csv(request: Any, name: str) -> Any:
    """The rows that are not usable as a spreadsheet, with their reasons; who took them is kept."""
    one = workspace().source(name)
    with _reading() as found:
        reasons = _reasons(found, one)
        asked = request.GET.get("status", "")
        chosen = [row["status"] for row in reasons if asked in ("", row["status"])]
        rows = [
            {"status": status, **row}
            for status in chosen
            for row in _rows(found, one, status, first=0, most=None)
        ]
    headers = [column.column for column in one.mapping]
    audit.write(
        request,
        "took out personal data",
        f"quarantine of {name}",
        f"{len(rows)} rows; reasons {', '.join(chosen)}",
    )

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        told = ("row_number", "reason", "what is wrong", "what to do next", *headers)
        yield "\ufeff" + str(writer.writerow([safe_cell(text) for text in told]))
        for row in rows:
            cells = _cells(row["verbatim"])
            if cells is None:
                cells = {headers[0]: row["verbatim"]} if headers else {}
            said = [
                row["row_number"],
                REASONS.get(row["status"], row["status"]),
                "; ".join(row["says"]),
                NEXT.get(row["status"], ""),
                *(cells.get(header) for header in headers),
            ]
            yield str(writer.writerow([safe_cell(value) for value in said]))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    # The name of a list is letters, digits and _.
    response.headers["Content-Disposition"] = f'attachment; filename="{one.name}_set_aside.csv"'
    return response


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """The text."""
        return text


class _reading:
    """The snapshot, or None before the first build: what cannot be read is known by then."""

    def __enter__(self) -> Reading | None:
        self._held = reading() if snapshot_name() else None
        return self._held.__enter__() if self._held else None

    def __exit__(self, *problem: Any) -> None:
        if self._held:
            self._held.__exit__(*problem)


def _reasons(found: Reading | None, one: Source) -> list[Row]:
    rows = [] if found is None else set_aside(found, one.name)
    rows = [row for row in rows if row["status"] != UNREADABLE]
    if one.rows_unreadable:
        rows.insert(0, {"status": UNREADABLE, "records": one.rows_unreadable})
    whole = sum(row["records"] for row in rows) or 1
    return [{**row, "share": row["records"] / whole} for row in rows]


def _rows(
    found: Reading | None, one: Source, status: str, *, first: int, most: int | None
) -> list[Row]:
    """Rows of one reason: row_number, verbatim, and what is wrong in words."""
    if status == UNREADABLE:
        return _unreadable(one, first, most)
    if found is None or not status:
        return []
    limit = "" if most is None else f"LIMIT {most} OFFSET {first}"
    rows = found.rows(
        "SELECT e.row_number, e.contact_id, e.account_id, r.verbatim, (SELECT list(i.field || "
        "chr(31) || i.code || chr(31) || coalesce(i.message, '') ORDER BY i.field) FROM issues i "
        "WHERE i.source = e.source AND i.row_number = e.row_number) AS issues "
        "FROM record_entities e JOIN records r USING (record_id) "
        f"WHERE e.source = {literal(one.name)} AND e.status = {literal(status)} "
        f"ORDER BY e.row_number {limit}"
    )
    return [{**row, "says": [_said(*i.split("\x1f")) for i in row["issues"] or ()]}
            for row in rows]  # fmt: skip


def _unreadable(one: Source, first: int, most: int | None) -> list[Row]:
    table = pq.read_table(one.unreadable_path, schema=UNREADABLE_SCHEMA)
    return [
        {
            "row_number": row["row_number"],
            "line_number": row["line_number"],
            "verbatim": row["text"] or "",
            "says": [row["message"]] if row["message"] else [],
        }
        for row in table.slice(first, most).to_pylist()
    ]


def _doubts(found: Reading | None, one: Source) -> list[Row]:
    """What is wrong with cells of the list, by field and reason, the most first."""
    if found is None:
        return []
    rows = found.rows(
        "SELECT field, code, count(*) AS cells, min(message) AS example FROM issues "
        f"WHERE source = {literal(one.name)} AND field <> 'row' GROUP BY 1, 2 "
        "ORDER BY 3 DESC, 1, 2 LIMIT 30"
    )
    return [{**row, "says": in_words(row["field"], row["code"])} for row in rows]


def _said(field: str, code: str, message: str) -> str:
    told = in_words(field, code)
    text = message[:MOST_TEXT]
    if field == "row":
        return text
    return f"{field.replace('_', ' ')} “{text}”: {told}" if text else told


def _cells(verbatim: str) -> dict[str, Any] | None:
    try:
        read = json.loads(verbatim or "")
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
