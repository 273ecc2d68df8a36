"""What became of the leads of a definition, and which of its fields are worth asking for."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieline.actions import lead_plan
from tieline.actions.lead_definition import definition
from tieline.data.sql_text import literal
from tieline.errors import TielineError
from tieline.insight.field_verdicts import ASK, BUY, DROP, INFER, FieldPlan
from tieline.insight.lead_resamples import Figure
from tieline.web.faults import next_step
from tieline.web.permissions import Permission, needs
from tieline.web.reader import Reading, Row, reading, snapshot_name
from tieline.web.served import workspace

MONTHS = 12
COUNTS = ("handed_over", "answered", "answered_in_time", "overdue", "accepted", "rejected",
          "recycled", "worked", "unworked", "won", "lost")  # fmt: skip
WAY = (
    ("handed_over", "handed over to sales"),
    ("answered", "answered"),
    ("accepted", "accepted"),
    ("worked", "worked on"),
    ("won", "won"),
)
"""The way of a lead, each a part of the one before but the last: a deal may be won unanswered."""
VERDICTS = {
    ASK: ("ask", "good", "somebody can find it out, or does already"),
    BUY: ("buy", "warn", "a list or register has it"),
    INFER: ("infer", "", "the other fields tell it: nobody need ask"),
    DROP: ("drop", "bad", "it tells nothing that others do not"),
}
TONES = {"for": "good", "against": "bad", "neither": "", "too_few": "warn"}


def became(product: str) -> dict[str, Any]:
    """What became of the leads of a product and what that says of each criterion.

    As the last build knows it: `months` the newest first, `way` their sums with the share of those
    handed over, `reasons` of rejecting, `evidence` a row a criterion.
    """
    if not snapshot_name():
        return {}
    with reading() as found:
        if not found.has("lead_outcomes", "lead_evidence"):
            return {}
        of_product = f"WHERE product = {literal(product)}"
        sums = ", ".join(f"CAST(sum({one}) AS BIGINT) AS {one}" for one in COUNTS)
        total = found.one(f"SELECT {sums} FROM lead_outcomes {of_product}") or {}
        if not total.get("handed_over"):
            return {}
        return {
            "total": total,
            "way": [
                {"says": says, "leads": total[name], "share": total[name] / total["handed_over"]}
                for name, says in WAY
            ],
            "months": found.rows(
                f"SELECT * FROM lead_outcomes {of_product} ORDER BY month_on DESC LIMIT {MONTHS}"
            ),
            "reasons": _reasons(found, of_product),
            "evidence": _evidence(found, product),
        }


def _reasons(found: Reading, of_product: str) -> list[Row]:
    """Why sales rejected, the most frequent reason first: the months' `no_need 3, other 1`."""
    counted: Counter[str] = Counter()
    for row in found.rows(f"SELECT rejected_because AS told FROM lead_outcomes {of_product}"):
        for one in (row["told"] or "").split(", "):
            why, _, leads = one.rpartition(" ")
            counted[why] += int(leads or 0)
    return [
        {"why": why, "leads": leads}
        for why, leads in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
        if leads
    ]


def _evidence(found: Reading, product: str) -> list[Row]:
    rows = found.rows(
        f"SELECT * FROM lead_evidence WHERE product = {literal(product)} ORDER BY "
        "list_position(['against', 'for', 'neither'], verdict) NULLS LAST, criterion"
    )
    return [row | {"tone": TONES.get(row["verdict"], "")} for row in rows]


@needs(Permission.READ)
@require_GET
def fields(request: Any, name: str) -> Any:
    """What to do about each field that a definition asks; computed when somebody asks for it."""
    held = definition(workspace(), name)
    said: dict[str, Any] = {"name": name, "card": held.card, "asked_for": "run" in request.GET}
    if not said["asked_for"]:
        return render(request, "tieline/lead_fields.html", said)
    began = time.monotonic()
    try:
        found = lead_plan.plan(workspace(), name)
    except TielineError as problem:
        said |= {"problem": problem, "remedy": next_step(problem)}
        return render(request, "tieline/lead_fields.html", said)
    most = max((one.worth.cost[2] for one in found.fields if one.worth), default=0.0)
    told = [_field(one, most) for one in found.fields]
    said |= {
        "found": found,
        "auc": _figure(found.auc) if found.auc else None,
        "groups": [
            {"tag": VERDICTS[verdict], "fields": [row for row in told if row["do"] == verdict]}
            for verdict in (ASK, BUY, INFER, DROP)
        ],
        "seconds": time.monotonic() - began,
    }
    return render(request, "tieline/lead_fields.html", said)


def _field(one: FieldPlan, most: float) -> Row:
    """A field; `scaled` is the accuracy lost without it on the scale of the picture."""
    row: Row = {"one": one, "do": one.verdict, "cost": None}
    if one.worth is not None:
        row["cost"] = _figure(one.worth.cost)
        row["inferred"] = _figure(one.worth.inferred)
        row["scaled"] = _figure(
            tuple(value / most if most > 0 else 0.0 for value in one.worth.cost)
        )
    return row


def _figure(figure: Figure | tuple[float, ...]) -> Row:
    """A figure and its 95 % interval by name."""
    return {"value": figure[0], "low": figure[1], "high": figure[2]}
