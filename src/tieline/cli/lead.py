"""`tieline lead`: when a person is a lead; draft, check, agree on, sign and test it."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from tieline.cli import opened
from tieline.cli.screen import say
from tieline.errors import TielineError

if TYPE_CHECKING:
    from tieline.actions.lead_draft import Drafted
    from tieline.ledger import Judgement
    from tieline.workspace import Workspace

ACTIONS = ("show", "draft", "lint", "propose", "sign", "backtest", "fields")


class _Past(NamedTuple):
    """What the options say of a file of past leads."""

    cases: Path | None
    outcome: str
    won: str
    order: str


def run(
    context: typer.Context,
    action: Annotated[
        str, typer.Argument(metavar="ACTION", help=f"What to do: {', '.join(ACTIONS)}.")
    ] = "show",
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The scorecard.")] = "",
    contact: Annotated[
        str, typer.Argument(metavar="[CONTACT]", help="With show: the receipt of this contact.")
    ] = "",
    like: Annotated[
        str, typer.Option(metavar="KIND", help="Draft one for software, equipment or services.")
    ] = "",
    product: Annotated[
        str, typer.Option(metavar="PRODUCT", help="What it is about; else its name.")
    ] = "",
    cases: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draft points from past leads in a file.")
    ] = None,
    outcome: Annotated[
        str, typer.Option(metavar="COLUMN", help="With --cases: the column of the outcome.")
    ] = "",
    won: Annotated[str, typer.Option(metavar="TEXT", help="What is a good end there.")] = "1",
    order: Annotated[
        str, typer.Option(metavar="COLUMN", help="With --cases: a column that grows with time.")
    ] = "",
    role: Annotated[
        str, typer.Option("--as", metavar="DEPARTMENT", help="Sign for marketing or sales.")
    ] = "",
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever asks later.")
    ] = "agreed",
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who it is; else TIELINE_USER or login.")
    ] = "",
    despite: Annotated[
        bool, typer.Option("--despite", help="Propose it in spite of what lint calls an error.")
    ] = False,
) -> None:
    """Agree on when a person is a lead, as files and signatures of marketing and sales.

    draft writes a first scorecard into scorecards/NAME.toml, lint says what is wrong with it,
    propose puts its text forward, sign signs it; with both signatures it is in force. show tells
    how it stands and who passes, backtest how good it would have been on past leads.
    """
    # Imported here: each loads the models.
    from tieline.cli import lead_words as words

    if action not in ACTIONS:
        near = get_close_matches(action, ACTIONS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise TielineError(
            "unknown_action",
            f"There is no {action!r}.{hint}",
            next_step=f"Write: tieline lead ACTION NAME, with one of {', '.join(ACTIONS)}.",
        )
    if action == "fields":
        words.show_fields()
        return
    workspace = opened.workspace(context)
    past = _Past(cases, outcome, won, order)
    if not name:
        if action != "show":
            raise TielineError(
                "no_scorecard",
                "It is not said which scorecard.",
                next_step=f"Write: tieline lead {action} NAME",
            )
        words.show_all(context, workspace)
    elif action == "show":
        words.show(context, workspace, name, contact)
    elif action == "lint":
        words.show_lint(context, workspace, name)
    elif action == "backtest":
        words.show_backtest(workspace, name)
    elif action == "draft":
        words.show_draft(context, name, _drafted(workspace, name, like, product, past))
    else:
        made = _judged(workspace, action, name, role, reason, by, despite)
        words.show_judged(context, workspace, name, made)
    if action in ("draft", "lint"):
        say()
        say(f"The file: {workspace.path / 'scorecards' / f'{name}.toml'}")


def _drafted(workspace: Workspace, name: str, like: str, product: str, past: _Past) -> Drafted:
    from tieline.actions import lead_draft

    if past.cases is None:
        return lead_draft.from_starter(workspace, name, like or "software", product)
    if not past.outcome:
        raise TielineError(
            "no_outcome",
            "It is not said which column tells the outcome.",
            next_step="Add --outcome COLUMN, and --won TEXT for what is a good end.",
        )
    return lead_draft.from_cases(
        workspace, name, past.cases, past.outcome, won=past.won, order=past.order, product=product
    )


def _judged(
    workspace: Workspace, action: str, name: str, role: str, reason: str, by: str, despite: bool
) -> Judgement:
    from tieline.actions import lead_definition

    if action == "propose":
        return lead_definition.propose(workspace, name, reason=reason, by=by, despite=despite)
    return lead_definition.sign(workspace, name, role, reason=reason, by=by)
