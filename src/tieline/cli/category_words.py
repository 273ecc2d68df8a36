"""Who a contact is to us, in words: the category, how sure it is, and what speaks for it."""

from __future__ import annotations

from tieline.cli.screen import say
from tieline.metrics.category_story import CategoryStory

MOST = 8


def say_category(story: CategoryStory) -> None:
    """Say the category, its rivals, the evidence in bits, and how it changed."""
    row = story.category
    say()
    say("Who this is to us")
    say(f"  {_name(row['category'])}, {row['probability']:.0%} sure")
    say(f"  because: {row['because']}")
    others = [
        f"{_name(share['category'])} {share['probability']:.0%}"
        for share in story.shares
        if share["category"] != row["category"] and share["probability"] >= 0.01
    ]
    if others:
        say(f"  or else: {', '.join(others[:4])}")
    shown = [one for one in story.evidence if one["bits"] >= 0.05]
    for one in shown[:MOST]:
        say(f"    {one['bits']:+5.1f} bits for {_name(one['category'])}: {one['because']}")
    if len(shown) > MOST:
        say(f"    and {len(shown) - MOST} more")
    if len(story.history) > 1:
        say("  over time:")
        for change in story.history[-MOST:]:
            since = "the beginning" if change["since"].year == 1 else str(change["since"])
            cause = {"time": "nothing newer was done", "first known": "as first known"}.get(
                change["changed_by"], change["changed_by"].replace("_", " ")
            )
            say(f"    from {since}: {_name(change['category'])} ({cause})")


def _name(category: str) -> str:
    return category.replace("_", " ")
