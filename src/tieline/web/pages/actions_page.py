"""Next actions: the plan in all, and site by site with whom, by which medium, and why."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tieline.data.sql_text import literal
from tieline.web import audit
from tieline.web.pages.spreadsheet import spreadsheet
from tieline.web.permissions import Permission, may, needs
from tieline.web.reader import reading

ON_A_PAGE = 40
TAKEN = {
    **{name: f"n.{name}" for name in ("site_id", "account_id")},
    **{name: f"t.{name}" for name in ("account", "address", "country")},
    **{name: f"n.{name}" for name in ("step", "medium", "contact_id")},
    **{name: f"c.{name}" for name in ("full_name", "title", "email", "phone")},
    **{name: f"n.{name}" for name in ("message", "value", "cost", "because")},
}
"""The columns of the spreadsheet, and where each comes from."""


@needs(Permission.READ)
@require_GET
def actions(request: Any) -> Any:
    """The steps that are worth their cost; those worth most first."""
    asked, where = _asked(request)
    page = request.GET.get("page", "1")
    number = min(int(page), 100_000) if page.isdecimal() and page != "0" else 1
    with reading() as found:
        plan = found.rows(
            "SELECT step, any_value(does) AS does, medium, count(*) AS sites, sum(cost) AS cost, "
            "sum(value) AS value FROM next_actions GROUP BY step, medium "
            "ORDER BY step = 'leave_alone', value DESC"
        )
        total = found.value(f"SELECT count(*) AS n FROM next_actions n WHERE {where}")
        rows = found.rows(
            "SELECT n.*, t.account, t.address, t.stage_place FROM next_actions n "
            f"LEFT JOIN site_rows t USING (site_id) WHERE {where} "
            f"ORDER BY n.value DESC, n.site_id LIMIT {ON_A_PAGE} OFFSET {(number - 1) * ON_A_PAGE}"
        )
    chosen = {name: value for name, value in asked.items() if value}
    said = {
        "csv": f"{reverse('actions-csv')}?{urlencode(chosen)}",
        "plan": plan,
        "rows": rows,
        "total": total,
        "asked_for": asked,
        "chosen": chosen,
        "people": may(request.user, Permission.PEOPLE),
        "first": (number - 1) * ON_A_PAGE + 1,
        "last": min(number * ON_A_PAGE, total),
        "before": urlencode({**chosen, "page": number - 1}) if number > 1 else "",
        "after": urlencode({**chosen, "page": number + 1}) if number * ON_A_PAGE < total else "",
    }
    return render(request, "tieline/actions.html", said)


@needs(Permission.EXPORT, Permission.PEOPLE)
@require_GET
def actions_csv(request: Any) -> Any:
    """The steps as a spreadsheet: whom to approach how; who took it is written down."""
    asked, where = _asked(request)
    with reading() as found:
        rows = found.rows(
            f"SELECT {', '.join(TAKEN.values())} FROM next_actions n "
            "LEFT JOIN site_rows t USING (site_id) LEFT JOIN contacts c "
            f"ON c.contact_id = n.contact_id WHERE {where} ORDER BY n.value DESC, n.site_id"
        )
    what = " ".join(value for value in asked.values() if value) or "all that are worth their cost"
    audit.write(request, "took out personal data", "next actions", f"{len(rows)} rows; {what}")
    return spreadsheet("next-actions", list(TAKEN), rows)


def _asked(request: Any) -> tuple[dict[str, str], str]:
    """The step and medium that are asked for, and the condition that says so."""
    asked = {name: request.GET.get(name, "") for name in ("step", "medium")}
    where = " AND ".join(f"n.{name} = {literal(v)}" for name, v in asked.items() if v)
    return asked, where or "n.step <> 'leave_alone'"
