"""`tieline retrain`: learn the weights of the evidence anew, from the lists and from answers."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tieline.actions.retrain import OnLabels, Report, back, keep, retraining
from tieline.cli import build, opened
from tieline.cli.screen import err, say, show_table
from tieline.engine.snapshot import Snapshot, current
from tieline.errors import TielineError

FEW = 50
"""With fewer answers the figures on them are told to be rough: one answer is two points of F1."""


def run(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do; keep nothing.")
    ] = False,
    go_back: Annotated[
        bool, typer.Option("--back", help="Take the weights from before the last retraining.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Keep the weights even if they judge answers worse.")
    ] = False,
) -> int:
    """Learn anew how much each agreement weighs, from the lists and your answers, then build.

    The weights are learned by the first build and stay as they are, so that the same lists give the
    same database. After adding many more records, or answering questions of tieline review, learn
    them anew; what that changes is shown first. --back takes it back.
    """
    workspace = opened.workspace(context)
    if go_back:
        _told(back(workspace, said=_said))
        return 0
    if current(workspace.hidden_dir) is None:
        if dry_run:
            opened.snapshot(context)
        say("Nothing was built yet: the first build learns the weights.")
        return build.run(context)
    made = retraining(workspace, said=_said)
    _show(made.report)
    if dry_run:
        say()
        say("Nothing was kept. To keep it: " + opened.command(context, "retrain"))
        return 0
    if made.report.worse and not yes:
        _confirm()
    say()
    _told(keep(workspace, made, said=_said))
    say("To take it back: " + opened.command(context, "retrain --back"))
    return 0


def _said(text: str) -> None:
    err.print(f"           {text}", markup=False, soft_wrap=True)


def _told(snapshot: Snapshot) -> None:
    counts = ", ".join(
        f"{int(snapshot.manifest['tables'][name]['rows']):,} {name}"
        for name in ("accounts", "sites", "contacts")
    )
    say(f"Built snapshot {snapshot.id}: {counts}.")


def _confirm() -> None:
    """Ask whether worse weights are wanted; TielineError `worse_on_answers` where nobody can."""
    if sys.stdin and sys.stdin.isatty() and typer.confirm("Keep them all the same?"):
        return
    raise TielineError(
        "worse_on_answers",
        "The new weights judge your answers worse than the old ones, by more than chance; they "
        "were not kept.",
        next_step="Look at the answers they get wrong, or keep them with: tieline retrain --yes",
    )


def _show(report: Report) -> None:
    if not report.on_labels:
        say("There are no answers to learn from yet: the weights are learned from the lists alone.")
        say("Answers are given with: tieline review")
    for one in report.on_labels:
        _on_labels(one)
    say()
    say("What becomes of the groups")
    show_table(
        ("", "before", "after", "joined", "divided"),
        [(f"{g.kind}s", g.before, g.after, g.joined, g.divided) for g in report.groups],
        right=("before", "after", "joined", "divided"),
    )
    for group in report.groups:
        for example in group.examples:
            say(f"  {example}")
    if any(group.examples for group in report.groups):
        say("  (in brackets: how many records)")
    say()
    if not report.moved:
        say("No weight changes.")
        return
    say("Weights in bits that change most")
    show_table(
        ("", "outcome", "before", "after"),
        [
            (f"{m.entity}, {m.field}", m.says, f"{m.before:+.2f}", f"{m.after:+.2f}")
            for m in report.moved
        ],
        right=("before", "after"),
    )


def _on_labels(one: OnLabels) -> None:
    say()
    apart = one.labels - one.pairs
    say(
        f"On {one.pairs:,} answer{'s' * (one.pairs != 1)} about {one.entity}s"
        + (f" (of {one.labels:,}; {apart:,} could not be used)" if apart else "")
    )
    figures = ("precision", "recall", "f1", "brier")
    show_table(
        ("", "before", "after"),
        [
            (
                "F1" if name == "f1" else "Brier score (0 is best)" if name == "brier" else name,
                _figure(getattr(one.before, name)),
                _figure(getattr(one.after, name)),
            )
            for name in figures
        ],
        right=("before", "after"),
    )
    say("  Is it as sure as it should be? Per probability said, the share that is the same:")
    rows: dict[tuple[float, float], list[str]] = {}
    for column, side in enumerate((one.before, one.after)):
        for low, high, pairs, _, same in side.reliability:
            rows.setdefault((low, high), ["", ""])[column] = f"{same:.0%} of {pairs:,}"
    show_table(
        ("  said", "before", "after"),
        [(f"  {low:.0%} to {high:.0%}", *cells) for (low, high), cells in sorted(rows.items())],
        right=("before", "after"),
    )
    say("  Counted as the same is what is said to be so with 50 % or more.")
    say("  After: every pair is judged by weights that it did not teach (in five parts).")
    if not one.fresh:
        say("  Before: all of these answers had taught the old weights, so they look too good.")
    if one.pairs < FEW:
        say("  These are few answers; the figures are rough.")
    if one.worse:
        say("  The new weights are worse here, by more than chance.")


def _figure(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"
