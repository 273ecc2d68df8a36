"""Which past leads a figure is of, and what flatters it, in words."""

from __future__ import annotations

from tieline.actions.lead_past import Past
from tieline.cli.screen import say


def say_past(found: Past) -> None:
    """How many past leads there are; of contacts, what is known as of when."""
    cases, won = len(found.cases.won), int(found.cases.won.sum())
    say(f"{cases:,} past leads, {won:,} of them won ({won / cases:.0%}).")
    if found.deals is None:
        return
    say(f"They are those of {found.deals:,} contacts with a closed deal who responded before it.")
    say("What they did counts up to the day before the closing. What is known of them and their")
    say("company is as of today: what was learned since flatters the figures.")
    if found.not_tested:
        say(f"Not tested, since a won deal itself changes it: {', '.join(found.not_tested)}. "
            "All points here are without it.")  # fmt: skip
