"""The page of one account, and that of one of its sites."""

from __future__ import annotations

from typing import Any

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieline.data.sql_text import literal
from tieline.identity.registry_story import registry_story
from tieline.web.pages.entity_page import moments, moved_to, named, page, scores
from tieline.web.permissions import Permission, may, needs
from tieline.web.reader import Reading, Row, reading
from tieline.web.served import workspace

MOST_PEOPLE = 15
MOST_SITES = 12
LEAST_SHARE = 0.02
"""A category with a smaller share, here and usually, is not shown."""


@needs(Permission.READ)
@require_GET
def account(request: Any, identifier: str) -> Any:
    """One company: its family, sites, people, stage, mix, outlook, scores, memory, next actions."""
    with reading() as found:
        which = named(found, "account", identifier)
        elsewhere = moved_to(which)
        if elsewhere is not None:
            return elsewhere
        told = page(found, workspace(), which)
        wide = found.one(f"SELECT * FROM account_rows WHERE account_id = {literal(which.id)}") or {}
        said = told.said | {
            "wide": wide,
            "registry": registry_story(found.engine, which.id),
            "family": _family(found, which.id),
            "sites": found.rows(
                f"SELECT * FROM site_rows WHERE account_id = {literal(which.id)} "
                "ORDER BY stage_place DESC NULLS LAST, contacts DESC, site_id "
                + _most(MOST_SITES, wide.get("sites"))
            )[:MOST_SITES],
            "site_names": {
                row["site_id"]: row["city"] or row["address"]
                for row in found.rows(
                    f"SELECT site_id, city, address FROM sites WHERE account_id = "
                    f"{literal(which.id)}"
                )
            },
            "coverage": _coverage(found, which.id),
            "scores": scores(found, "account", which.id),
            "mix": _mix(told.said["means"].mix),
        }
        if may(request.user, Permission.PEOPLE):
            said |= _people(found, "account", which.id, wide.get("contacts"))
            said |= moments(found, which)
    return render(request, "tieline/account.html", said)


@needs(Permission.READ)
@require_GET
def site(request: Any, identifier: str) -> Any:
    """One location: its stage and how it came there, its people, what to do next."""
    with reading() as found:
        which = named(found, "site", identifier)
        elsewhere = moved_to(which)
        if elsewhere is not None:
            return elsewhere
        told = page(found, workspace(), which)
        wide = found.one(f"SELECT * FROM site_rows WHERE site_id = {literal(which.id)}") or {}
        said = told.said | {
            "wide": wide,
            "mix": _mix(told.said["means"].mix),
            "scores": scores(found, "site", which.id),
            "addresses": found.rows(
                f"SELECT * FROM address_history WHERE entity_id = {literal(which.id)} "
                "ORDER BY number"
            ),
        }
        if may(request.user, Permission.PEOPLE):
            said |= _people(found, "site", which.id, wide.get("contacts"))
            said |= moments(found, which)
            said["ways"] = found.rows(
                "SELECT w.*, c.full_name FROM action_alternatives w LEFT JOIN contacts c "
                f"ON c.contact_id = w.contact_id WHERE w.site_id = {literal(which.id)} "
                "ORDER BY place LIMIT 15"
            )
    return render(request, "tieline/site.html", said)


def _most(shown: int, held: int | None) -> str:
    """A LIMIT where there are many: it takes longer to plan than a few hundred rows to sort."""
    return f" LIMIT {shown}" if held is None or held > 10 * shown else ""


def _people(found: Reading, kind: str, identifier: str, held: int | None) -> dict[str, Any]:
    where = f"{kind}_id = {literal(identifier)}"
    people = found.rows(
        f"SELECT *, count(*) OVER () AS in_all FROM contact_rows WHERE {where} ORDER BY "
        "key_player DESC, score DESC NULLS LAST, responses DESC NULLS LAST, contact_id"
        + _most(MOST_PEOPLE, held)
    )
    return {"people": people[:MOST_PEOPLE], "people_in_all": people[0]["in_all"] if people else 0}


def _mix(rows: list[Row]) -> list[Row]:
    return [
        row
        for row in rows
        if row["share"] >= LEAST_SHARE or (row["usual_share"] or 0.0) >= LEAST_SHARE
    ]


def _family(found: Reading, identifier: str) -> dict[str, Any]:
    """Who owns the account, its way up to the top, and whom it owns itself."""
    own = found.one(f"SELECT * FROM families WHERE account_id = {literal(identifier)}")
    if own is None:
        return {}
    above: list[Row] = []
    seen = {identifier}
    parent = own["parent_id"]
    while parent and parent not in seen and len(above) < 12:
        seen.add(parent)
        above.append({"id": parent, "name": _name(found, parent)})
        row = found.one(f"SELECT parent_id FROM families WHERE account_id = {literal(parent)}")
        parent = row["parent_id"] if row else None
    owned = found.rows(f"SELECT account_id FROM families WHERE parent_id = {literal(identifier)}")
    listed = ", ".join(literal(r["account_id"]) for r in owned if r["account_id"] != identifier)
    below = (
        found.rows(
            f"SELECT account_id AS id, name FROM accounts WHERE account_id IN ({listed}) "
            "ORDER BY name LIMIT 30"
        )
        if listed
        else []
    )
    if not above and not below:
        return {}
    return {"above": list(reversed(above)), "below": below, "basis": own["basis"]}


def _name(found: Reading, member: str) -> str:
    """The name of an account or of an entry of a register."""
    table, key = "accounts", "account_id"
    if member.startswith("registry:"):
        table, key, member = "registry_entries", "registry_id", member.removeprefix("registry:")
    row = found.one(f"SELECT name FROM {table} WHERE {key} = {literal(member)} LIMIT 1")
    return str(row["name"] or member) if row else member


def _coverage(found: Reading, identifier: str) -> list[Row]:
    """Which functions that buying needs are known at the account's sites of the universe."""
    members = found.rows(f"SELECT member FROM universe WHERE account_id = {literal(identifier)}")
    listed = ", ".join(sorted({literal(row["member"]) for row in members}))
    if not listed:
        return []
    return found.rows(
        "SELECT product, function, count(DISTINCT member) AS sites, "
        f"sum(contacts)::BIGINT AS contacts FROM universe_players WHERE member IN ({listed}) "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )
