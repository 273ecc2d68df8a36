"""The back-test of a definition on past leads, as pictures; what thresholds mean for sellers."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieline.actions import lead_backtest
from tieline.actions.lead_definition import definition
from tieline.errors import TielineError
from tieline.insight.lead_resamples import Figure
from tieline.web.faults import next_step
from tieline.web.permissions import Permission, needs
from tieline.web.reader import Row
from tieline.web.served import workspace

LEAST_AUC = 0.5
"""Where the pictures of the AUC begin: what guessing has."""


@needs(Permission.READ, Permission.PEOPLE)
@require_GET
def backtest(request: Any, name: str) -> Any:
    """How good a definition would have been; computed when somebody asks for it."""
    held = definition(workspace(), name)
    hours = _number(request.GET.get("hours", ""))
    capacity = _number(request.GET.get("capacity", ""))
    said: dict[str, Any] = {
        "name": name,
        "card": held.card,
        "asked_for": "run" in request.GET,
        "hours": 1.0 if hours is None else hours,
        "capacity": capacity,
    }
    if not said["asked_for"]:
        return render(request, "tieline/backtest.html", said)
    began = time.monotonic()
    try:
        found = lead_backtest.backtest(workspace(), name)
        past, told = lead_backtest.most_telling(workspace(), name)
        meant = lead_backtest.simulate(workspace(), name, said["hours"], capacity)
    except TielineError as problem:
        said |= {"problem": problem, "remedy": next_step(problem)}
        return render(request, "tieline/backtest.html", said)
    most = max((one.leads for one in meant.rows), default=1)
    said |= {
        "found": found,
        "cases": len(past.cases.won),
        "won": int(past.cases.won.sum()),
        "usual": float(past.cases.won.mean()),
        "ways": [_way(one) for one in found.measured],
        "tenths": [{"one": one, "share": _figure(one.share)} for one in found.tenths],
        "passed": [{"one": one, "precision": _figure(one.precision)} for one in found.passed],
        "compared": found.compared,
        "disagreements": [
            {"one": one, "name": past.names[one.case], "is_contact": past.deals is not None}
            for one in told
        ],
        "data_right": sum(one.data_was_right for one in told),
        "meant": meant,
        "rows": [
            {
                "one": one,
                "volume": one.leads / max(most, 1),
                "precision": _figure(one.precision),
                "open": meant.open_leads[one.points] if meant.open_leads is not None else None,
            }
            for one in meant.rows
        ],
        "best": next((one for one in meant.rows if one.is_best), None),
        "seconds": time.monotonic() - began,
    }
    return render(request, "tieline/backtest.html", said)


def _way(one: Any) -> Row:
    """A way to tell leads, with its AUC and the ends of its interval on the picture's scale."""
    scaled = [(value - LEAST_AUC) / (1 - LEAST_AUC) for value in one.auc]
    return {"one": one, "auc": _figure(one.auc), "scaled": _figure(tuple(scaled)),
            "lift": _figure(one.lift)}  # fmt: skip


def _figure(figure: Figure) -> Row:
    """A figure and its 95 % interval by name."""
    return {"value": figure[0], "low": figure[1], "high": figure[2]}


def _number(text: str) -> float | None:
    """A number of hours; None for anything else."""
    with suppress(ValueError):
        value = float(text)
        return value if 0 <= value <= 1e6 else None
    return None
