"""`tieline outlook`: which relationships can grow, which are at risk, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions.entities import TABLES as ENTITY_TABLES
from tieline.actions.entities import entity
from tieline.cli import opened
from tieline.cli.outlook_section import change, in_words, say_reasons, say_threads
from tieline.cli.screen import bar, say, show_table
from tieline.engine.tables import Engine
from tieline.errors import TielineError, did_you_mean
from tieline.insight.outlook_rule import OUTLOOKS

TABLES = ("outlooks", "outlook_reasons", "account_signals", "single_threads")
BAR = 24


def run(
    context: typer.Context,
    account: Annotated[
        str, typer.Argument(metavar="ACCOUNT", help="Only this account, with every rule.")
    ] = "",
    outlook: Annotated[
        str,
        typer.Option(metavar="OUTLOOK", help=f"List the accounts of one: {', '.join(OUTLOOKS)}."),
    ] = "",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many to list.")] = 10,
) -> None:
    """Show which relationships can grow, which are at risk, and why.

    The first rule that holds decides; what speaks against it, and what would change it, is told.
    """
    if outlook and outlook not in OUTLOOKS:
        hint = did_you_mean(outlook.replace(" ", "_"), OUTLOOKS)
        raise TielineError(
            "unknown_outlook",
            f"There is no outlook {outlook!r}.{hint}",
            next_step=f"They are: {', '.join(OUTLOOKS)}.",
        )
    found = opened.snapshot(context)
    for name in TABLES:
        opened.table(found, name)
    with opened.reader(found, *dict.fromkeys((*TABLES, *ENTITY_TABLES))) as engine:
        if account:
            of_account(engine, entity(engine, account, kind="account").id)
        elif outlook:
            _listed(engine, outlook, limit)
        else:
            _all(engine, context)


def _all(engine: Engine, context: typer.Context) -> None:
    rows = engine.arrow(
        "SELECT outlook, rule, count(*) AS accounts FROM outlooks GROUP BY outlook, rule "
        "ORDER BY accounts DESC, rule"
    ).to_pylist()
    if not rows:
        say("There is no account to tell of.")
        return
    whole = sum(row["accounts"] for row in rows)
    for outlook in OUTLOOKS:
        mine = [row for row in rows if row["outlook"] == outlook]
        share = sum(row["accounts"] for row in mine) / whole
        shown = f"{in_words(outlook):<16} {bar(share, BAR):<{BAR}} {share:>4.0%}"
        why = ", ".join(f"{row['accounts']:,} {in_words(row['rule'])}" for row in mine)
        say(f"  {shown}  {why}")
    lost = engine.arrow(
        "SELECT count(DISTINCT account_id) AS n FROM single_threads WHERE alarm <> 'only_one'"
    )["n"][0].as_py()
    one = engine.arrow(
        "SELECT count(DISTINCT account_id) AS n FROM single_threads WHERE alarm = 'only_one'"
    )["n"][0].as_py()
    say()
    say(f"{_accounts(one)} on one key player; {_accounts(lost, 'have')} lost the last one.")
    say(f"The accounts, with reasons: {opened.command(context, 'outlook --outlook at_risk')}")


def _accounts(count: int, verb: str = "hang") -> str:
    if count == 1:
        return f"1 account {verb.replace('have', 'has').replace('hang', 'hangs')}"
    return f"{count:,} accounts {verb}"


def _listed(engine: Engine, outlook: str, limit: int) -> None:
    rows = engine.arrow(
        "SELECT o.account_id, a.name, o.reasons, o.would_change, o.would_be FROM outlooks o "
        "JOIN accounts a USING (account_id) JOIN account_signals s USING (account_id) "
        f"WHERE o.outlook = '{outlook}' "
        "ORDER BY s.won DESC, s.furthest_rank DESC, s.contacts DESC, o.account_id"
    ).to_pylist()
    for row in rows[:limit]:
        say(f"{row['name']} ({row['account_id']})")
        say(f"  {row['reasons']}")
        say(f"  {change(row)}")
    say(f"{min(limit, len(rows)):,} of {len(rows):,} accounts, those with most to lose first.")


def of_account(engine: Engine, account: str) -> None:
    """The outlook of one account: every rule that holds, and the single threads."""
    rows = engine.arrow(f"SELECT * FROM outlooks WHERE account_id = '{account}'").to_pylist()
    if not rows:
        say("The account is set aside: it has no outlook.")
        return
    row = rows[0]
    say(f"Outlook: {in_words(row['outlook'])}")
    say_reasons(row)
    held = engine.arrow(
        f"SELECT * FROM outlook_reasons WHERE account_id = '{account}' ORDER BY place"
    ).to_pylist()
    say()
    say("Rules that hold; the first decides")
    show_table(
        ("rule", "says", "because"), [(one["rule"], one["outlook"], one["because"]) for one in held]
    )
    found = engine.arrow(
        f"SELECT * FROM single_threads WHERE account_id = '{account}' ORDER BY product"
    )
    say_threads(found.to_pylist())
