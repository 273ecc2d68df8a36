"""The lists of accounts, sites and contacts: search, filters, order, columns, saved views, CSV."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tieline.errors import TielineError
from tieline.web import audit
from tieline.web.api.limits import EXPORTS
from tieline.web.faults import too_much
from tieline.web.frame import say
from tieline.web.listing import ON_A_PAGE, Asked, Column, Filter, Found, Listing, choices, find
from tieline.web.overlay import overlay
from tieline.web.pages.spreadsheet import spreadsheet
from tieline.web.permissions import Permission, may, needs
from tieline.web.reader import reading
from tieline.web.served import workspace

_STAGE = Filter("stage_place", "Stage", "stage")

ACCOUNTS = Listing(
    "accounts", "Accounts", "account", "account_rows", "account_id",
    (
        Column("name", "Account", "name"),
        Column("stage_place", "Stage", "stage"),
        Column("outlook", "Outlook", "tag"),
        Column("score", "Lead score", "figure"),
        Column("contacts", "Contacts", "figure"),
        Column("key_players", "Key players", "figure"),
        Column("sites", "Sites", "figure"),
        Column("country", "Country"),
        Column("industry", "Industry"),
        Column("employees", "Employees", "figure", default=False),
        Column("next_step", "Next step", "spoken"),
        Column("next_value", "Worth", "figure", default=False),
        Column("lead_stage", "Lead stage", "spoken", default=False),
        Column("domain", "Web domain", default=False),
        Column("revenue", "Revenue", "figure", default=False),
        Column("stage_since", "In stage since", "day", default=False),
        Column("records", "Records", "figure", default=False),
        Column("sources", "Sources", "figure", default=False),
        Column("set_aside", "Set aside", "spoken", default=False),
        Column("account_id", "Id", default=False),
    ),
    (
        _STAGE, Filter("outlook", "Outlook"), Filter("country", "Country", "text"),
        Filter("industry", "Industry", "text"), Filter("thread", "One key player"),
        Filter("set_aside", "Set aside"),
    ),
    "-contacts",
    "Name or web domain",
    "set_aside IS NOT NULL",
)  # fmt: skip

SITES = Listing(
    "sites", "Sites", "site", "site_rows", "site_id",
    (
        Column("account", "Account", "account"),
        Column("address", "Address", "name"),
        Column("country", "Country"),
        Column("stage_place", "Stage", "stage"),
        Column("stage_since", "Since", "day"),
        Column("contacts", "Contacts", "figure"),
        Column("key_players", "Key players", "figure"),
        Column("segment", "Segment"),
        Column("next_step", "Next step", "spoken"),
        Column("next_medium", "By", "spoken"),
        Column("next_value", "Worth", "figure"),
        Column("city", "City", default=False),
        Column("region", "Region", default=False),
        Column("days_in_stage", "Days in stage", "figure", default=False),
        Column("address_verdict", "Address is", "spoken", default=False),
        Column("records", "Records", "figure", default=False),
        Column("site_id", "Id", default=False),
    ),
    (
        _STAGE, Filter("segment", "Segment", "text"), Filter("country", "Country", "text"),
        Filter("next_step", "Next step"), Filter("next_medium", "By"),
        Filter("account_id", "Account", "id"),
    ),
    "-next_value",
    "Company, street or city",
    "set_aside IS NOT NULL",
)  # fmt: skip

CONTACTS = Listing(
    "contacts", "Contacts", "contact", "contact_rows", "contact_id",
    (
        Column("full_name", "Name", "name"),
        Column("account", "Account", "account"),
        Column("title", "Title"),
        Column("function", "Function", "spoken"),
        Column("level", "Level", "spoken"),
        Column("category", "Who this is to us", "spoken"),
        Column("key_player", "Key player", "figure"),
        Column("responses", "Responses", "figure"),
        Column("score", "Lead score", "figure"),
        Column("country", "Country"),
        Column("email", "E-mail", default=False),
        Column("phone", "Phone", default=False),
        Column("city", "City", default=False),
        Column("category_sure", "Sure", "percent", default=False),
        Column("lead_stage", "Lead stage", "spoken", default=False),
        Column("buying_role", "Buying role", "spoken", default=False),
        Column("usable", "Usable", "figure", default=False),
        Column("last_seen_at", "Last told", "day", default=False),
        Column("records", "Records", "figure", default=False),
        Column("sources", "Sources", "figure", default=False),
        Column("contact_id", "Id", default=False),
    ),
    (
        Filter("category", "Who this is to us"), Filter("function", "Function"),
        Filter("level", "Level"), Filter("key_player", "Key player", "yes"),
        Filter("usable", "Usable", "yes"), Filter("country", "Country", "text"),
        Filter("lead_stage", "Lead stage"), Filter("account_id", "Account", "id"),
        Filter("site_id", "Site", "id"),
    ),
    "-responses",
    "Name, e-mail or company",
    "NOT coalesce(usable, false)",
)  # fmt: skip

LISTINGS = {one.page: one for one in (ACCOUNTS, SITES, CONTACTS)}


@needs(Permission.READ)
@require_GET
def accounts(request: Any) -> Any:
    """All companies."""
    return _list(request, ACCOUNTS)


@needs(Permission.READ)
@require_GET
def sites(request: Any) -> Any:
    """All locations."""
    return _list(request, SITES)


@needs(Permission.PEOPLE)
@require_GET
def contacts(request: Any) -> Any:
    """All people."""
    return _list(request, CONTACTS)


@needs(Permission.EXPORT)
@require_GET
def accounts_csv(request: Any) -> Any:
    """The companies of a list as a spreadsheet."""
    return _csv(request, ACCOUNTS)


@needs(Permission.EXPORT)
@require_GET
def sites_csv(request: Any) -> Any:
    """The locations of a list as a spreadsheet."""
    return _csv(request, SITES)


@needs(Permission.EXPORT, Permission.PEOPLE)
@require_GET
def contacts_csv(request: Any) -> Any:
    """The people of a list as a spreadsheet; who took them is written down."""
    return _csv(request, CONTACTS)


@needs(Permission.READ)
@require_POST
def save_view(request: Any) -> Any:
    """Keep a list as it is now under a name, for oneself."""
    from tieline.web.models import SavedView

    page = request.POST.get("page", "")
    name = " ".join(request.POST.get("name", "").split())[:60]
    if page not in LISTINGS or not name:
        raise TielineError("no_name", "The view has no name.", next_step="Type one and save again.")
    given = {key: values[-1] for key, values in parse_qs(request.POST.get("query", "")).items()}
    asked = Asked.of(LISTINGS[page], given, [given.get("columns", "")])
    SavedView.objects.update_or_create(
        member=request.user, page=page, name=name, defaults={"query": asked.query(page="")}
    )
    # Its name may be somebody's: the log holds none.
    audit.write(request, "saved a view", page)
    return HttpResponseRedirect(f"{reverse(page)}?{asked.query(page='')}")


@needs(Permission.READ)
@require_POST
def forget_view(request: Any, number: int) -> Any:
    """Drop a saved view of one's own."""
    from tieline.web.models import SavedView

    found = SavedView.objects.filter(pk=number, member=request.user).first()
    if found is None:
        raise TielineError("unknown_page", "There is no such view of yours.")
    found.delete()
    audit.write(request, "dropped a view", found.page)
    say(request, f"The view {found.name} is gone.")
    return HttpResponseRedirect(reverse(found.page))


@needs(Permission.READ)
@require_GET
def find_anything(request: Any) -> Any:
    """The search of every page: an id leads to its page, anything else to the list it fits."""
    text = " ".join(request.GET.get("q", "").split())[:200]
    page = {"A": "account", "S": "site", "C": "contact"}.get(text[:1].upper())
    if page and len(text) == 15 and all(c in "0123456789abcdef" for c in text[1:].lower()):
        return HttpResponseRedirect(reverse(page, args=[text[0].upper() + text[1:].lower()]))
    shown = [
        Asked.of(listing, {"q": text}, [])
        for listing in LISTINGS.values()
        if listing is not CONTACTS or may(request.user, Permission.PEOPLE)
    ]
    with reading() as found:
        results = [
            {"listing": one.listing, "found": find(found, one, most=8), "query": one.query()}
            for one in shown
        ]
    return render(request, "tieline/find.html", {"asked": text, "results": results})


def _asked(request: Any, listing: Listing) -> Asked:
    given = {name: request.GET.get(name, "") for name in request.GET}
    # The pages name a stage by its place; `stage` is how links say it.
    if "stage" in given:
        given.setdefault("stage_place", given["stage"])
    return Asked.of(listing, given, request.GET.getlist("columns"))


def _list(request: Any, listing: Listing) -> Any:
    from tieline.web.models import SavedView

    asked = _asked(request, listing)
    with reading() as found:
        page = find(found, asked)
        offered = found.once(f"choices {listing.page}", lambda now: choices(now, listing))
        whole = found.value(f"SELECT count(*) AS n FROM {listing.table}")
        waits = overlay(found, workspace())
    said = {
        "listing": listing,
        "asked_for": asked,
        "asked": asked.text,
        "found": page,
        "rows": [
            {
                "row": row,
                "key": row[listing.key],
                "cells": [{"column": c, "value": row[c.name]} for c in asked.columns],
                "pending": waits.of(row[listing.key]),
            }
            for row in (waits.row(one[listing.key], one) for one in page.rows)
        ],
        "whole": whole,
        "headings": [_heading(asked, column) for column in asked.columns],
        "filters": [
            {"filter": one, "choices": chosen, "now": asked.chosen.get(one.name, "")}
            for one in listing.filters
            if len(chosen := offered.get(one.name, [])) > 1 or asked.chosen.get(one.name)
        ],
        "columns_chosen": {column.name for column in asked.columns},
        "query": asked.query(),
        "csv": f"{reverse(listing.page + '-csv')}?{asked.query(page='')}",
        "views": SavedView.objects.filter(member=request.user, page=listing.page),
        **_paging(asked, page),
    }
    return render(request, "tieline/list.html", said)


def _heading(asked: Asked, column: Column) -> dict[str, Any]:
    now = asked.order.removeprefix("-") == column.name
    down = asked.order.startswith("-")
    first = f"-{column.name}" if column.numeric else column.name
    other = column.name if down else f"-{column.name}"
    return {
        "column": column,
        "query": asked.query(sort=other if now else first, page=""),
        "sorted": ("descending" if down else "ascending") if now else "",
    }


def _paging(asked: Asked, page: Found) -> dict[str, Any]:
    last = max((page.total + ON_A_PAGE - 1) // ON_A_PAGE, 1)
    return {
        "first": (asked.page - 1) * ON_A_PAGE + 1,
        "last_shown": min(asked.page * ON_A_PAGE, page.total),
        "page_number": asked.page,
        "last_page": last,
        "before": asked.query(page=str(asked.page - 1)) if asked.page > 1 else None,
        "after": asked.query(page=str(asked.page + 1)) if asked.page < last else None,
    }


def _csv(request: Any, listing: Listing) -> Any:
    wait = EXPORTS.wait(request.user.pk)
    if wait:
        return too_much(request, wait)
    asked = _asked(request, listing)
    with reading() as found:
        rows = find(found, asked, most=None).rows
    personal = listing is CONTACTS
    audit.write(
        request,
        "took out personal data" if personal else "took out a list",
        listing.page,
        f"{len(rows)} rows; columns {', '.join(c.name for c in asked.columns)}",
    )
    names = [listing.key, *(c.name for c in asked.columns if c.name != listing.key)]
    return spreadsheet(listing.page, names, rows)
