"""`tieline lead backtest`: how good a scorecard would have been on past leads."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions.lead_backtest import backtest
from tieline.cli import opened
from tieline.cli.screen import say, show_table


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
) -> None:
    """Hold a scorecard against past leads whose outcome is known, beside what they propose."""
    found = backtest(opened.workspace(context), name)
    usual = found.won / found.cases
    say(f"{found.cases:,} past leads, {found.won:,} of them won ({usual:.0%}).")
    say()
    show_table(
        ("told by", "AUC", "95 %", "lift of the best fifth", "95 %", "Brier", "calibration error"),
        [
            (
                one.name,
                f"{one.auc[0]:.3f}",
                f"{one.auc[1]:.3f} to {one.auc[2]:.3f}",
                f"{one.lift[0]:.2f}",
                f"{one.lift[1]:.2f} to {one.lift[2]:.2f}",
                f"{one.brier:.3f}",
                f"{one.calibration:.3f}",
            )
            for one in found.measured
        ],
        right=("AUC", "lift of the best fifth", "Brier", "calibration error"),
    )
    if len(found.measured) > 1:
        say("Proposed points and regression are told of leads they never saw (five folds).")
        say("If the points of this scorecard were taken from these leads, its own figures flatter.")
    say()
    show_table(
        ("threshold", "points", "leads", "of all", "won", "precision", "95 %", "lift", "won found"),
        [
            (
                one.threshold,
                f"{one.points:g}",
                one.cases,
                f"{one.share:.0%}",
                one.won,
                f"{one.precision[0]:.0%}",
                f"{one.precision[1]:.0%} to {one.precision[2]:.0%}",
                f"{one.lift:.2f}",
                f"{one.found:.0%}",
            )
            for one in found.passed
        ],
        right=("points", "leads", "of all", "won", "precision", "lift", "won found"),
    )
    if found.left_out:
        say()
        say("Left out of what is proposed, since they seem to be written after the outcome: "
            + ", ".join(leak.column for leak in found.left_out))  # fmt: skip
