"""The universe: segments and how much of them we know, what is missing, whether to buy a list."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieline.data.sql_text import literal
from tieline.decisions.list_plan import line_rows, plan_rows, read_market
from tieline.errors import TielineError
from tieline.metrics.coverage_gaps import GAPS
from tieline.metrics.stage_words import STAGES
from tieline.web.permissions import Permission, needs
from tieline.web.reader import Reading, Row, reading

MOST = 100
_ALL = "all"


@needs(Permission.READ)
@require_GET
def universe(request: Any) -> Any:
    """Every segment: its coverage against the target, its stages, and the list plan."""
    with reading() as found:
        rows = found.rows(
            "SELECT * FROM coverage ORDER BY segment = 'all', priority, segment, product"
        )
        functions: dict[str, list[Row]] = {}
        for row in found.rows("SELECT * FROM coverage_functions ORDER BY share DESC, function"):
            functions.setdefault(row["segment"], []).append(row)
        said = {
            "rows": [{**row, "functions": functions.get(row["segment"], [])} for row in rows],
            "segments": found.rows("SELECT * FROM segments ORDER BY priority, segment"),
            "unlisted": found.rows("SELECT * FROM unlisted_estimates WHERE is_best"),
            "has_registry": bool(found.value("SELECT count(*) AS n FROM registry_entries")),
            "stages": _stages(found),
            "stage_names": [stage.label for stage in STAGES],
            "alarms": _alarms(found),
            **_plan(found, request.GET.get("budget", "")),
        }
    return render(request, "tieline/universe.html", said)


@needs(Permission.READ)
@require_GET
def gap(request: Any, segment: str, name: str) -> Any:
    """The sites behind a figure: those of a segment where something is missing."""
    if name not in GAPS:
        raise TielineError("unknown_page", f"There is no gap {name[:40]!r}.")
    inside = "u.segment IS NOT NULL" if segment == _ALL else f"u.segment = {literal(segment)}"
    where = f"{inside} AND {GAPS[name]}"
    with reading() as found:
        total = found.value(f"SELECT count(*) AS n FROM universe u WHERE {where}")
        rows = found.rows(
            f"SELECT u.* FROM universe u WHERE {where} ORDER BY u.member LIMIT {MOST}"
        )
    said = {"segment": segment, "gap": name, "rows": rows, "total": total, "most": MOST}
    return render(request, "tieline/gap.html", said)


def _alarms(found: Reading) -> list[Row]:
    """What is piled up, a row for each segment and subject.

    The Herfindahl index is one over the number of companies of equal share: it is told where that
    number is not.
    """
    return found.rows(
        "WITH alarms AS (SELECT *, bool_or(measure = 'effective_companies') OVER "
        "(PARTITION BY segment, subject) AS told FROM concentration WHERE alarm IS NOT NULL) "
        "SELECT segment, subject, string_agg(says, ' ' ORDER BY measure) AS says FROM alarms "
        "WHERE NOT (told AND measure = 'herfindahl') GROUP BY segment, subject "
        "ORDER BY segment <> 'all', segment, subject"
    )


def _stages(found: Reading) -> list[Row]:
    """Segments by stage: how many sites stand at each."""
    rows = found.rows(
        "SELECT coalesce(segment, 'in no segment') AS segment, stage_place, count(*) AS sites "
        "FROM site_rows WHERE stage_place IS NOT NULL GROUP BY 1, 2"
    )
    counts: dict[str, dict[int, int]] = {}
    for row in rows:
        counts.setdefault(row["segment"], {})[row["stage_place"]] = row["sites"]
    return [
        {
            "segment": segment,
            "cells": [
                {
                    "place": place,
                    "sites": by.get(place, 0),
                    "share": by.get(place, 0) / sum(by.values()),
                }
                for place in range(len(STAGES))
            ],
        }
        for segment, by in sorted(counts.items())
    ]


def _plan(found: Reading, asked: str) -> dict[str, Any]:
    """The list plan for a budget: that of the settings if none is asked for."""
    market = read_market(found.engine, "list_offers", "list_offer_segments", "list_offer_overlaps")
    if not market.offers:
        return {"offers": False}
    chosen = found.one("SELECT budget FROM list_plan WHERE is_chosen")
    budget = float(chosen["budget"]) if chosen else 0.0
    with suppress(ValueError):
        budget = min(max(float(asked), 0.0), 1e12) if asked else budget
    plans = (
        plan_rows(market, budget)
        if asked
        else found.once("plan", lambda _: plan_rows(market, budget))
    )
    most = max((row["cost"] for row in plans), default=0.0)
    return {
        "offers": True,
        "budget": budget,
        "slider": max(most * 1.2, budget, 1000.0),
        "plan": next((row for row in plans if row["is_chosen"]), None),
        "plans": plans,
        "lines": line_rows(market, budget),
        "currency": market.offers[0]["currency"],
    }
