"""The part of `tieline explain` that says what a relationship means, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from tieline.cli.screen import say
from tieline.decisions.outlook_story import OutlookStory, Row

MOST_SITES = 5
LEAST_SHARE = 0.05
"""A category with a smaller share, here and usually, is not named."""


def tell_outlook(told: OutlookStory, kind: str) -> None:
    """Say it; nothing where there is nothing to say."""
    if told.mix:
        _mix(told)
    _outlook(told)
    if not told.actions and not told.ways:
        return
    say()
    say("What to do next")
    for row in told.actions[:MOST_SITES]:
        at = f"site {row['site_id']}: " if kind != "site" else ""
        whom = f" {row['full_name']} ({row['contact_id']})" if row["contact_id"] else ""
        by = "" if row["medium"] == "none" else f", by {row['medium']}{whom}"
        message = "" if row["medium"] == "none" else f", message: {row['message']}"
        say(f"  {at}{row['does']}{by}{message.replace('_', ' ')}")
        say(f"    {row['because']}" + (f"; {row['not_others']}" if row["not_others"] else ""))
    if len(told.actions) > MOST_SITES:
        say(f"  and {len(told.actions) - MOST_SITES:,} more sites")
    if kind == "contact":
        say("  This contact:")
        for way in told.ways:
            say(f"    {way['medium']}: {way['because'] or 'could be used, for another step'}")


def _mix(told: OutlookStory) -> None:
    say()
    people = told.mix[0]["people"]
    say(f"Who we know there: {people:,} contact{'s' * (people != 1)}")
    for row in told.mix:
        usual = row["usual_share"]
        if row["share"] < LEAST_SHARE and (usual or 0.0) < LEAST_SHARE:
            continue
        name = row["category"].replace("_", " ")
        beside = "" if usual is None else f", usually {usual:.0%}"
        say(f"  {name}: {row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%}){beside}")
    bands = {row["usual_band"]: row["usual_accounts"] for row in told.mix if row["usual_band"]}
    for band, accounts in bands.items():
        say(f"  Usual is the mix of {accounts:,} accounts that bought or grew, {band}.")
    if told.gap:
        say(f"  {told.gap}")


def _outlook(told: OutlookStory) -> None:
    if told.outlook is None:
        return
    say()
    say(f"What it means: {in_words(told.outlook['outlook'])}")
    say_reasons(told.outlook)
    if told.chance:
        say(
            f"  going by past deals the next one is won with {told.chance['chance']:.0%}; "
            f"{told.chance['usual']:.0%} of all were (learned from {told.chance['features']})"
        )
    say_threads(told.threads)


def say_reasons(row: Row) -> None:
    """Why an account has its outlook, what speaks against it, and what would change it."""
    say(f"  because {row['reasons']}")
    if row["against"]:
        say(f"  against it: {row['against']}")
    say(f"  {change(row)}")


def say_threads(threads: Sequence[Row]) -> None:
    """Where a product hangs on one person, or lost the last one."""
    for thread in threads:
        product = f"{thread['product']}: " if thread["product"] else ""
        say(f"  {product}{thread['because']}")


def change(row: Row) -> str:
    """What would change an outlook, and what it would be then."""
    then = f", then {in_words(row['would_be'])}" if row["would_be"] else ""
    return f"what would change it: {row['would_change']}{then}"


def in_words(name: str) -> str:
    """A name of the tables as a reader wants it: at_risk is "at risk"."""
    return name.replace("_", " ")
