"""`tieline lead`: when a person is a lead; draft, check, agree on, sign and test it."""

from __future__ import annotations

import typer

from tieline.cli.commands import lazy_group

COMMANDS = {
    "show": "Show a scorecard, who passes it, or the receipt of a contact.",
    "fields": "Show what a scorecard may ask.",
    "draft": "Write a first scorecard, by a starter or from past leads.",
    "lint": "Check a scorecard before anybody signs it.",
    "propose": "Put the text of a scorecard forward for signing.",
    "sign": "Sign the proposed text for marketing or sales.",
    "queue": "Show the leads that wait for a seller.",
    "accept": "Take up a lead.",
    "reject": "Send a lead away, with a reason.",
    "recycle": "Send a lead back for later.",
    "evidence": "Show what sales' answers say about each criterion.",
    "plan": "Show what to ask, buy, infer or drop; what to ask a lead.",
    "backtest": "Show how good a scorecard is on past leads.",
    "disagreements": "Show the past leads that judgement and data part over.",
    "simulate": "Show what each threshold means in leads and hours.",
}
"""Every command in the order of use; each is `run` in the file of its name."""

group = typer.Typer(
    name="lead",
    cls=lazy_group("tieline.cli.lead", COMMANDS, "lead "),
    help="Agree on when a person is a lead, as files and signatures of marketing and sales.",
    epilog="Start with: tieline lead draft NAME --like software",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
)


@group.callback()
def _all(context: typer.Context) -> None:
    """Show every scorecard and how it stands, where no command is named."""
    if context.invoked_subcommand is None:
        # Imported here: it loads the models.
        from tieline.cli.lead.show import run

        run(context)
