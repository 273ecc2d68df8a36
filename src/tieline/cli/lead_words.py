"""What `tieline lead` says."""

from __future__ import annotations

import typer

from tieline.actions.entities import entity, open_tables
from tieline.actions.lead_backtest import backtest
from tieline.actions.lead_definition import Definition, definition
from tieline.actions.lead_draft import Drafted
from tieline.actions.lead_lint import is_fit, lint
from tieline.cli import opened
from tieline.cli.judgement_words import signed
from tieline.cli.screen import bar, say, show_table
from tieline.data.sql_text import literal
from tieline.engine.snapshot import current
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.ledger import Judgement
from tieline.metrics.lead_fields import FIELDS
from tieline.metrics.scorecard import INQUIRY, NONE, OUTCOMES, THRESHOLDS, Criterion, Scorecard
from tieline.workspace import Workspace
from tieline.workspace.scorecards import ROLES, SHOWN, names

BAR = 24
TABLES = ("lead_scores", "score_parts", "site_scores", "account_scores", "scorecards")


def show_fields() -> None:
    """The fields a scorecard may ask."""
    show_table(("field", "holds", "meaning"), [(f.name, f.kind, f.meaning) for f in FIELDS])
    say()
    say("What people did is asked by kinds and topics of their responses: tieline show "
        "response_kinds")  # fmt: skip


def show_all(context: typer.Context, workspace: Workspace) -> None:
    """Every scorecard and how it stands."""
    listed = names(workspace)
    if not listed:
        say("There is no scorecard yet: a response is all that is known of a lead.")
        say(f"Write one: {opened.command(context, 'lead draft NAME --like software')}")
        return
    rows = []
    for name in listed:
        held = definition(workspace, name)
        rows.append((name, held.card.product, _stands(held), len(held.card.criteria)))
    show_table(("scorecard", "product", "stands", "criteria"), rows, right=("criteria",))


def show(context: typer.Context, workspace: Workspace, name: str, contact: str) -> None:
    """One scorecard: criteria, signatures, who passes; or the receipt of a contact."""
    held = definition(workspace, name)
    if contact:
        _receipt(workspace, held.card, contact)
        return
    say(f"{name}, for the product {held.card.product}: {_stands(held)}")
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
                _range(one),
                one.required_for,
                ", ".join(f"{who} {share:.0%}" for who, share in one.collected_by),
                _asks(one),
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


def _receipt(workspace: Workspace, card: Scorecard, contact: str) -> None:
    with open_tables(workspace, *TABLES) as (_, engine):
        who = entity(engine, contact, kind="contact")
        at = f"product = {literal(card.product)} AND contact_id = {literal(who.id)}"
        found = engine.arrow(f"SELECT * FROM lead_scores WHERE {at}").to_pylist()
        if not found:
            raise TielineError(
                "no_score",
                f"{who} has no score for {card.product}.",
                next_step="Only usable contacts are scored; after a change run: tieline build",
            )
        row = found[0]
        parts = engine.arrow(
            f"SELECT * FROM score_parts WHERE {at} ORDER BY points DESC, criterion"
        ).to_pylist()
    say(f"{who}: {row['stage']}, {row['score']:g} points for {card.product} as of {row['as_of']}")
    shown = [
        (f"{one['points']:+g}", one["criterion"], one["value_seen"] or "unknown") for one in parts
    ]
    show_table(("points", "criterion", "seen"), shown, right=("points",))
    say(f"{row['score']:+g} in all, by version {row['version']} ({row['state']}).")
    if row["missing_required"]:
        say(f"Missing for the next stage: {row['missing_required']}.")


def show_lint(context: typer.Context, workspace: Workspace, name: str) -> None:
    """What is wrong with it."""
    found = lint(workspace, name)
    show_table(
        ("", "what", "where", "why", "what to do"),
        [(one.level, one.code, one.criterion, one.says, one.next_step) for one in found],
    )
    if is_fit(found):
        say("It can be proposed: " + opened.command(context, f"lead propose {name}"))


def show_draft(context: typer.Context, name: str, done: Drafted) -> None:
    """What was drafted."""
    of = f" from {done.cases:,} past leads" if done.cases else ""
    say(f"Drafted {name}{of}: {done.criteria} criteria. Change it as you agree, then:")
    say(f"  {opened.command(context, f'lead lint {name}')}")
    if done.left_out:
        say()
        say("Left out, since they seem to be written after the outcome:")
        for leak in done.left_out:
            say(f"  {leak.column}: {leak.says}")


def show_judged(context: typer.Context, workspace: Workspace, name: str, made: Judgement) -> None:
    """A proposal or a signature, and how the scorecard stands then."""
    say(f"{signed(made)}: {name} {_stands(definition(workspace, name))}.")
    say(f"Undo: {opened.command(context, f'undo {made.name}')}")


def show_backtest(workspace: Workspace, name: str) -> None:
    """How good it would have been."""
    found = backtest(workspace, name)
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


def _stands(held: Definition) -> str:
    told = []
    if held.in_force:
        since = held.in_force.in_force_since
        told.append(f"version {held.in_force.version[:SHOWN]} is in force since {since} UTC")
    if held.open:
        missing = [role for role in ROLES if role not in held.open.signed_by]
        told.append(
            f"version {held.open.version[:SHOWN]} is proposed and waits for {' and '.join(missing)}"
        )
    known = {one.version for one in (held.in_force, held.open) if one}
    if held.version not in known:
        told.append(f"the file, version {held.version[:SHOWN]}, is a draft")
    return "; ".join(told)


def _range(one: Criterion) -> str:
    least, most = one.range()
    return f"{least:g} to {most:g}" if least and most else f"{least or most:g}"


def _asks(one: Criterion) -> str:
    if one.is_activity:
        half = f", half after {one.half_life_days:g} days" if one.half_life_days else ""
        return f"responses: {', '.join((*one.kinds, *one.topics))}{half}"
    return one.when or one.field
