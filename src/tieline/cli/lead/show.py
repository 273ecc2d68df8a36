"""`tieline lead show`: a scorecard, who passes it, and the receipt of a contact."""

from __future__ import annotations

from typing import Annotated

import typer

from tieline.actions.entities import open_tables
from tieline.actions.lead_definition import definition
from tieline.actions.lead_receipt import receipt
from tieline.actions.lead_words import asks, points_range, stands
from tieline.cli import opened
from tieline.cli.judgement_words import signed
from tieline.cli.screen import bar, say, show_table
from tieline.data.sql_text import literal
from tieline.engine.snapshot import current
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.metrics.scorecard import INQUIRY, NONE, OUTCOMES, THRESHOLDS
from tieline.workspace import Workspace
from tieline.workspace.scorecards import ROLES, SHOWN, names

BAR = 24
TABLES = ("lead_scores", "score_parts", "site_scores", "account_scores", "scorecards")


def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The scorecard.")] = "",
    contact: Annotated[
        str, typer.Argument(metavar="[CONTACT]", help="The contact whose receipt is shown.")
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DAY", help="The receipt as of a day: 2026-03-31.")
    ] = "",
) -> None:
    """Show every scorecard; one with its criteria and who passes; or the receipt of a contact."""
    workspace = opened.workspace(context)
    if not name:
        _show_all(context, workspace)
    elif contact:
        _receipt(workspace, name, contact, on)
    else:
        _show(context, workspace, name)


def _show_all(context: typer.Context, workspace: Workspace) -> None:
    """Every scorecard and how it stands."""
    listed = names(workspace)
    if not listed:
        say("There is no scorecard yet: a response is all that is known of a lead.")
        say(f"Write one: {opened.command(context, 'lead draft NAME --like software')}")
        return
    rows: list[tuple[object, ...]] = []
    for name in listed:
        try:
            held = definition(workspace, name)
        except TielineError as problem:
            rows.append((name, "", f"its file is wrong: {problem}", ""))
            continue
        rows.append((name, held.card.product, stands(held), len(held.card.criteria)))
    show_table(("scorecard", "product", "stands", "criteria"), rows, right=("criteria",))


def _show(context: typer.Context, workspace: Workspace, name: str) -> None:
    """One scorecard: criteria, signatures, who passes."""
    held = definition(workspace, name)
    say(f"{name}, for the product {held.card.product}: {stands(held)}")
    for one in held.proposed:
        told = [
            f"{role}: {signed(one.signed_by[role]) if role in one.signed_by else 'missing'}"
            for role in ROLES
        ]
        say(
            f"  version {one.version[:SHOWN]}, proposed as {signed(one.proposal)}; "
            f"{', '.join(told)}"
        )
    say()
    show_table(
        ("criterion", "group", "points", "required for", "who finds out", "asks"),
        [
            (
                one.name,
                one.group,
                points_range(one),
                one.required_for,
                ", ".join(f"{who} {share:.0%}" for who, share in one.collected_by),
                asks(one),
            )
            for one in held.card.criteria
        ],
    )
    say()
    say("Points: " + ", ".join(f"{stage} from {p:g}" for stage, p in held.card.thresholds))
    if held.card.of_contacts and current(workspace.hidden_dir) is not None:
        with open_tables(workspace, *TABLES) as (_, engine):
            _stages(engine, held.card.product)
        say()
        receipt = opened.command(context, f"lead show {name} CONTACT")
        say(f"Why somebody stands where they do: {receipt}")


def _stages(engine: Engine, product: str) -> None:
    found = engine.arrow(
        "SELECT stage, count(*) AS people, max(version) AS version FROM lead_scores "
        f"WHERE product = {literal(product)} GROUP BY stage"
    ).to_pylist()
    if not found:
        say("The database does not know it yet: run tieline build.")
        return
    people = {row["stage"]: row["people"] for row in found}
    say()
    say(f"In the database, by version {found[0]['version']}:")
    most = max(people.values())
    show_table(
        ("stage", "people", ""),
        [
            (stage, people.get(stage, 0), bar(people.get(stage, 0) / most, BAR))
            for stage in (NONE, INQUIRY, *THRESHOLDS, *OUTCOMES)
        ],
        right=("people",),
    )
    missing = engine.arrow(
        "SELECT missing_required AS what, count(*) AS people FROM lead_scores WHERE "
        f"product = {literal(product)} AND stage <> stage_by_points AND missing_required "
        "IS NOT NULL AND stage NOT IN ('won', 'lost') GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3"
    ).to_pylist()
    for row in missing:
        say(f"{row['people']:,} would be further if this were known: {row['what']}")


def _receipt(workspace: Workspace, name: str, contact: str, on: str) -> None:
    found = receipt(workspace, name, contact, on)
    row = found.score
    say(
        f"{found.contact}: {row['stage']}, {row['score']:g} points for {row['product']} as of "
        f"{row['as_of']}"
    )
    shown = [
        (f"{one['points']:+g}", one["criterion"], one["value_seen"] or "unknown")
        for one in found.parts
    ]
    show_table(("points", "criterion", "seen"), shown, right=("points",))
    say(f"{row['score']:+g} in all, by version {row['version']} ({row['state']}).")
    if row["missing_required"]:
        say(f"Missing for the next stage: {row['missing_required']}.")
