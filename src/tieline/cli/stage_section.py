"""The part of `tieline explain` that says where a relationship stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from tieline.cli.screen import say
from tieline.metrics.stage_story import StageStory
from tieline.metrics.stage_words import STAGES, label_of, place_of

MOST_SITES = 8
_BASES = {
    "product": "on the buying-role list of the product of the site's segment",
    "any_product": "on the buying-role list of a product",
    "buying_role": "by the job title, as no list says who plays a role in buying",
}


def tell_stage(told: StageStory, kind: str) -> None:
    """Say it of a contact, site or account; nothing where it has no stage."""
    if not told.sites:
        return
    say()
    say("Where the relationship stands")
    if kind == "account" and len(told.sites) > 1:
        for site in told.sites[:MOST_SITES]:
            say(f"  site {site['site_id']}: {_standing(site)}")
        if len(told.sites) > MOST_SITES:
            say(f"  and {len(told.sites) - MOST_SITES:,} more sites")
        say(f"  Furthest is site {told.sites[0]['site_id']}:")
    first = told.sites[0]
    one = STAGES[place_of(first["stage"], first["phase"])]
    at = f"site {first['site_id']}: " if kind == "contact" else ""
    say(f"  {at}{_standing(first)}: {one.means}")
    contacts, players = first["contacts"], first["key_players"]
    plural = "s" * (contacts != 1), "s" * (players != 1)
    say(f"  {contacts:,} usable contact{plural[0]} there, {players:,} key player{plural[1]}")
    if kind == "contact":
        counts = f"counts as a key player there, {_BASES[told.basis]}" if told.basis else None
        say(f"  This contact {counts or 'does not count as a key player there'}.")
    for period in told.periods:
        moved = label_of(period["stage"], period["phase"])
        say(f"    {_day(period['entered_on']):<10}  {moved}: {period['because']}{_by(period)}")
    if told.before:
        say(f"    and {told.before:,} earlier stays")
    say(f"  The step that calls for: {one.next_step}.")


def _standing(site: dict[str, Any]) -> str:
    since = f" since {site['entered_on']}" if site["entered_on"] else ", since when is not told"
    days = f" ({site['days_in_stage']:,} days)" if site["days_in_stage"] is not None else ""
    return f"{label_of(site['stage'], site['phase'])}{since}{days}"


def _day(day: date) -> str:
    return "always" if day == date.min else str(day)


def _by(period: dict[str, Any]) -> str:
    if period["response_id"]:
        where = f"{period['source']} row {period['row_number']}" if period["source"] else "response"
        return f" [{period['response_id']}, {where}, contact {period['contact_id']}]"
    moved = period["contact_id"] or period["opportunity_id"]
    return f" [{moved}]" if moved else ""
