"""`tieline lead simulate`: how many leads, how many of them good, how many hours of sellers."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions.lead_backtest import Simulation, simulate
from tieline.cli import opened
from tieline.cli.lead.past_words import say_past
from tieline.cli.screen import say, show_table
from tieline.insight.threshold_simulation import Simulated


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
    hours: Annotated[
        float, typer.Option(metavar="PER_LEAD", min=0.0, help="Hours a seller needs for a lead.")
    ] = 1.0,
    capacity: Annotated[
        float | None,
        typer.Option(metavar="HOURS", min=0.0, help="Hours that sellers have in a month."),
    ] = None,
) -> None:
    """Show what each threshold would have meant on past leads, and the best for the capacity."""
    found = simulate(opened.workspace(context), name, hours, capacity)
    say_past(found.past)
    a_month = found.months is not None
    if found.months is not None:
        say(f"They came in {found.months:.1f} months; leads and hours are also told of a month.")
    else:
        say("Their days are not known, so that the hours are those of all of them together.")
    say()
    heads = ["points", "threshold", "leads", "good", "precision", "95 %", "good found",
             *(["a month"] if a_month else []), "hours a month" if a_month else "hours",
             *(["open today"] if found.open_leads is not None else []), ""]  # fmt: skip
    show_table(
        heads,
        [_row(one, found) for one in found.rows],
        right=tuple(one for one in heads if one not in ("threshold", "95 %", "")),
    )
    say()
    _say_best(found, capacity)


def _row(one: Simulated, found: Simulation) -> tuple[str, ...]:
    share, low, high = one.precision
    return (
        f"{one.points:g}",
        one.named,
        f"{one.leads:,}",
        f"{one.good:,}",
        f"{share:.0%}",
        f"{low:.0%} to {high:.0%}",
        f"{one.found:.0%}",
        *([] if one.a_month is None else [f"{one.a_month:,.1f}"]),
        f"{one.hours:,.0f}",
        *([] if found.open_leads is None else [f"{found.open_leads[one.points]:,}"]),
        "best" if one.is_best else "",
    )


def _say_best(found: Simulation, capacity: float | None) -> None:
    span = "a month" if found.months is not None else "for all of them"
    best = next((one for one in found.rows if one.is_best), None)
    if capacity is None:
        say("Say how many hours sellers have in a month to see the best threshold: --capacity 160")
    elif best is None:
        say(f"No threshold leaves so few leads that {capacity:g} hours {span} are enough.")
    else:
        say(
            f"With {capacity:g} hours {span} the best threshold is {best.points:g} points: it "
            f"finds {best.found:.0%} of the good leads, and {best.precision[0]:.0%} of what it "
            "passes on is good."
        )
