"""The funnel, by source and step, down to the rows that were set aside."""

from __future__ import annotations

from typing import Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieline.data.sql_text import literal
from tieline.errors import TielineError
from tieline.metrics.funnel_words import REASONS, STEPS
from tieline.web.permissions import Permission, needs
from tieline.web.reader import reading

ON_A_PAGE = 50
OF_LOGS = ("log_entry", "address_change")
"""Why the rows of a log are no entries of a list: it is told apart from lists that bring nobody."""


@needs(Permission.READ)
@require_GET
def funnel(request: Any) -> Any:
    """From records read to usable ones: in all and per source, and why the others are not."""
    with reading() as found:
        rows = found.rows("SELECT * FROM funnel ORDER BY source, step_number")
        reasons = found.rows(
            "SELECT status, step, sum(records)::BIGINT AS records FROM set_aside "
            "GROUP BY 1, 2 ORDER BY records DESC, status"
        )
        logs = {
            row["source"]
            for row in found.rows(
                "SELECT source FROM set_aside GROUP BY source "
                f"HAVING bool_and(status IN {OF_LOGS} OR status = 'unreadable')"
            )
        }
        asked = request.GET.get("status", "")
        by_source = (
            found.rows(
                "SELECT source, records FROM set_aside WHERE status = "
                f"{literal(asked)} ORDER BY records DESC, source"
            )
            if asked in REASONS
            else []
        )
    sources: dict[str, dict[str, Any]] = {}
    for row in rows:
        sources.setdefault(row["source"], {})[row["step"]] = row
    whole = sources.pop("all", {})
    lost = sum(row["records"] for row in reasons) or 1
    said = {
        "steps": [whole[step] for step in STEPS if step in whole],
        "step_names": list(STEPS),
        "sources": [
            {
                "name": name,
                "cells": [told.get(step) for step in STEPS],
                "usable": told["usable"],
            }
            for name, told in sources.items()
            if name not in logs or told["usable"]["records"]
        ],
        "logs": [
            {"name": name, "read": told["records"], "readable": told["readable"]}
            for name, told in sources.items()
            if name in logs and not told["usable"]["records"]
        ],
        "reasons": [{**row, "share": row["records"] / lost} for row in reasons],
        "status": asked if asked in REASONS else "",
        "by_source": by_source,
    }
    return render(request, "tieline/funnel.html", said)


@needs(Permission.PEOPLE)
@require_GET
def rows(request: Any) -> Any:
    """The rows behind one drop of the funnel, word for word."""
    status, source = request.GET.get("status", ""), request.GET.get("source", "")
    if status not in (*REASONS, "usable"):
        raise TielineError(
            "unknown_page", f"There is no reason {status[:40]!r}.", next_step="Go by the funnel."
        )
    page = request.GET.get("page", "1")
    number = min(int(page), 100_000) if page.isdecimal() and page != "0" else 1
    where = f"e.status = {literal(status)}" + (
        f" AND e.source = {literal(source)}" if source else ""
    )
    with reading() as found:
        total = found.value(f"SELECT count(*) AS n FROM record_entities e WHERE {where}")
        listed = found.rows(
            "SELECT e.record_id, e.source, e.row_number, e.contact_id, e.account_id, r.verbatim, "
            "r.unreadable_message FROM record_entities e JOIN records r USING (record_id) "
            f"WHERE {where} ORDER BY e.source, e.row_number "
            f"LIMIT {ON_A_PAGE} OFFSET {(number - 1) * ON_A_PAGE}"
        )
        issues: dict[tuple[str, int], list[str]] = {}
        if listed:
            keys = ", ".join(f"({literal(r['source'])}, {r['row_number']})" for r in listed)
            for row in found.rows(
                "SELECT source, row_number, field, message FROM issues "
                f"WHERE (source, row_number) IN ({keys})"
            ):
                issues.setdefault((row["source"], row["row_number"]), []).append(row["message"])
    for row in listed:
        row["issues"] = issues.get((row["source"], row["row_number"]), [])
    said = {
        "status": status,
        "source": source,
        "rows": listed,
        "total": total,
        "page": number,
        "before": number - 1,
        "after": number + 1 if number * ON_A_PAGE < total else 0,
        "first": (number - 1) * ON_A_PAGE + 1,
        "last": min(number * ON_A_PAGE, total),
    }
    return render(request, "tieline/funnel_rows.html", said)
