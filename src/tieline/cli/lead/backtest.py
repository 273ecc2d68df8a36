"""`tieline lead backtest`: how good a scorecard would have been on past leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from tieline.actions.lead_backtest import Backtest, backtest
from tieline.cli import opened
from tieline.cli.lead.past_words import say_past
from tieline.cli.screen import say, show_table
from tieline.insight.lead_parts import Part
from tieline.insight.lead_resamples import Figure
from tieline.insight.points_compared import OPPOSITE


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The scorecard.")],
    by: Annotated[
        str,
        typer.Option(metavar="COLUMN", help="Tell it apart by a column, or by segment."),
    ] = "",
) -> None:
    """Hold a scorecard against past leads whose outcome is known, beside what they propose."""
    found = backtest(opened.workspace(context), name, by)
    say_past(found.past)
    say()
    _ways(found)
    say()
    _thresholds(found)
    say()
    _calibration(found)
    if found.periods:
        say()
        _parts("period", found.periods)
    if found.segments:
        say()
        _parts(by, found.segments)
    say()
    _beside(found)
    say()
    say(f"Cases they part over: {opened.command(context, f'lead disagreements {name}')}")
    say(f"What a threshold means for sellers: {opened.command(context, f'lead simulate {name}')}")


def _ways(found: Backtest) -> None:
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
    say("Proposed points and regression are told of leads they never saw (five folds).")
    say("If the points of this scorecard were taken from these leads, its own figures flatter.")
    if found.past.leaking:
        say("Left out of what is proposed, since they seem to be written after the outcome: "
            + ", ".join(found.past.leave_out))  # fmt: skip


def _thresholds(found: Backtest) -> None:
    show_table(
        ("threshold", "points", "leads", "of all", "won", "precision", "95 %", "lift", "won found"),
        [
            (
                one.threshold,
                f"{one.points:g}",
                one.cases,
                f"{one.share:.0%}",
                one.won,
                *_share(one.precision),
                f"{one.lift:.2f}",
                f"{one.found:.0%}",
            )
            for one in found.passed
        ],
        right=("points", "leads", "of all", "won", "precision", "lift", "won found"),
    )


def _calibration(found: Backtest) -> None:
    say("Do the chances come true? What a score meant for other leads, beside what was won:")
    show_table(
        ("points from", "to", "predicted", "leads", "won", "95 %"),
        [
            (
                f"{one.lowest:g}",
                f"{one.highest:g}",
                f"{one.predicted:.0%}",
                one.cases,
                *_share(one.share),
            )
            for one in found.tenths
        ],
        right=("points from", "to", "predicted", "leads", "won"),
    )


def _parts(what: str, parts: Sequence[Part]) -> None:
    show_table(
        (what, "leads", "won", "95 %", "AUC", "95 %", "lift of the best fifth", "95 %"),
        [
            (one.name, one.cases, *_share(one.share), *_figure(one.auc, 3), *_figure(one.lift, 2))
            for one in parts
        ],
        right=("leads", "won", "AUC", "lift of the best fifth"),
    )


def _beside(found: Backtest) -> None:
    say("The points agreed on beside those that the past leads propose:")
    show_table(
        ("criterion", "agreed", "proposed", "correlation", ""),
        [
            (
                one.criterion,
                f"{one.agreed[0]:g} to {one.agreed[1]:g}",
                "" if one.proposed is None else f"{one.proposed[0]:g} to {one.proposed[1]:g}",
                "" if one.together is None else f"{one.together:.2f}",
                one.verdict,
            )
            for one in found.compared
        ],
        right=("agreed", "proposed", "correlation"),
    )
    against = [one.criterion for one in found.compared if one.verdict == OPPOSITE]
    told = next((one for one in found.measured if one.name == "proposed points"), None)
    if told is None or told.auc[1] <= 0.5:
        say("But these past leads propose nothing that is surer than guessing.")
    elif against:
        say(f"Judgement and data point in opposite directions: {', '.join(against)}.")


def _share(figure: Figure) -> tuple[str, str]:
    return f"{figure[0]:.0%}", f"{figure[1]:.0%} to {figure[2]:.0%}"


def _figure(figure: Figure | None, places: int) -> tuple[str, str]:
    if figure is None:
        return "", "too few"
    return f"{figure[0]:.{places}f}", f"{figure[1]:.{places}f} to {figure[2]:.{places}f}"
