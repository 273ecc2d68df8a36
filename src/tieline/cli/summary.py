"""The end of a build: the funnel, what was found, what to do next."""

from __future__ import annotations

from tieline.cli import opened
from tieline.cli.next_steps import TABLES as NEXT_TABLES
from tieline.cli.next_steps import Command, next_steps
from tieline.cli.screen import bar, say, show_table
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import Engine
from tieline.metrics.funnel_words import REASONS, STEPS
from tieline.workspace import Workspace

BAR = 30
"""Width of the bars of the funnel: with the words and figures it fits 80 columns."""


def show_summary(workspace: Workspace, found: Snapshot, command: Command) -> None:
    """Print the funnel, why records were set aside, the figures and the most useful next steps."""
    tables = dict.fromkeys(("funnel", "contacts", "sites", "accounts", *NEXT_TABLES))
    with opened.reader(found, *tables) as engine:
        _funnel(engine)
        _reasons(engine)
        _figures(engine)
        steps = next_steps(workspace, engine, command)
    say("What helps most now:")
    for number, step in enumerate(steps, start=1):
        say(f"  {number}. {step}")
    say()


def _funnel(engine: Engine) -> None:
    funnel = engine.arrow(
        "SELECT step, records, dropped, share FROM funnel WHERE source = 'all' ORDER BY step_number"
    ).to_pylist()
    show_table(
        ("", "records", "", "set aside"),
        [
            (STEPS[row["step"]], row["records"], bar(row["share"], BAR), row["dropped"] or None)
            for row in funnel
        ],
        right=("records", "set aside"),
    )
    say()


def _reasons(engine: Engine) -> None:
    reasons = engine.arrow(
        "SELECT status, sum(records)::BIGINT AS records FROM set_aside "
        "GROUP BY status ORDER BY records DESC, status"
    ).to_pylist()
    if reasons:
        say("Set aside, and why:")
        width = max(len(f"{row['records']:,}") for row in reasons)
        for row in reasons:
            say(f"  {row['records']:>{width},}  {REASONS[row['status']]}")
        say()


def _figures(engine: Engine) -> None:
    counts = [
        f"{_count(engine, f'SELECT count(*) FROM {table}'):,} {table}"
        for table in ("accounts", "sites", "contacts")
    ]
    usable = "FROM record_entities WHERE status = 'usable'"
    contacts = _count(engine, f"SELECT count(DISTINCT contact_id) {usable}")
    accounts = _count(engine, f"SELECT count(DISTINCT account_id) {usable}")
    say(f"Found {counts[0]}, {counts[1]} and {counts[2]}.")
    say(f"Usable are {contacts:,} contacts; the usable records belong to {accounts:,} accounts.")
    say()


def _count(engine: Engine, select: str) -> int:
    return int(engine.arrow(f"{select.replace(' FROM', ' AS n FROM', 1)}")["n"][0].as_py())


def share_set_aside(found: Snapshot) -> float:
    """The share of the records read that were set aside for a fault: to be told twice is none."""
    with opened.reader(found, "set_aside", "funnel") as engine:
        row = engine.arrow(
            "SELECT coalesce((SELECT sum(records) FROM set_aside "
            "WHERE status NOT IN ('duplicate', 'log_entry', 'address_change')), 0) "
            "/ greatest((SELECT records FROM funnel WHERE source = 'all' AND step = 'records'), 1) "
            "AS share"
        )
    return float(row["share"][0].as_py())
