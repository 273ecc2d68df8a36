"""Lint: what is wrong with a scorecard, by itself and on the data, before anybody signs it."""

from __future__ import annotations

from contextlib import suppress

from tieline.actions.lead_cases import cases_of
from tieline.actions.lead_trial import scored
from tieline.data.sql_text import literal
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import current, reading
from tieline.errors import TielineError
from tieline.identity.judgements import Judgements
from tieline.insight.lead_evidence import AGAINST
from tieline.insight.lead_leaks import leaks
from tieline.insight.scorecard_lint import ERROR, NOTE, WARNING, Finding, findings, of_leak
from tieline.metrics.lead_fields import AFTER_A_WIN
from tieline.metrics.score_expressions import column, fields_of
from tieline.metrics.scorecard import IN_FORCE, Scorecard
from tieline.workspace import Workspace
from tieline.workspace.scorecards import applied, names, read_scorecard, text_of


def lint(workspace: Workspace, name: str) -> list[Finding]:
    """All that is wrong with the text of a scorecard's file, the worst first."""
    card = read_scorecard(name, text_of(workspace, name))
    found = findings(card, scored(workspace, card))
    found += _of_cases(workspace, card) if not card.of_contacts else _of_contacts(card)
    found += _of_sales(workspace, card)
    if not card.marketing_owner or not card.sales_owner:
        found.append(
            Finding(
                WARNING,
                "no_owner",
                "owners",
                "it does not say who signs for marketing and for sales",
                "Write both names into the section [owners].",
            )
        )
    found += _of_others(workspace, card)
    order = (ERROR, WARNING, NOTE)
    return sorted(found, key=lambda one: order.index(one.level))


def _of_others(workspace: Workspace, card: Scorecard) -> list[Finding]:
    """Other files about the same product; what is wrong with those otherwise is not told here."""
    found = []
    for other in names(workspace):
        with suppress(TielineError):
            if (
                other != card.name
                and read_scorecard(other, text_of(workspace, other)).product == card.product
            ):
                found.append(
                    Finding(
                        ERROR,
                        "two_scorecards",
                        "product",
                        f"{other} is about the product {card.product!r}, too",
                        "A product has one scorecard: correct product, or move one file away.",
                    )
                )
    return found


def _of_cases(workspace: Workspace, card: Scorecard) -> list[Finding]:
    traces = {leak.column: leak.says for leak in leaks(cases_of(workspace, card))}
    used = {column(one.field): one for one in card.criteria}
    found = [of_leak(used[name], says) for name, says in traces.items() if name in used]
    found += [
        Finding(NOTE, "leak", name, says, "It is not used, and should not be.")
        for name, says in traces.items()
        if name not in used
    ]
    return found


def _of_contacts(card: Scorecard) -> list[Finding]:
    return [
        Finding(
            NOTE,
            "moves_with_outcome",
            one.name,
            f"{' and '.join(late)} {'changes' if len(late) == 1 else 'change'} when a deal is won: "
            "of past leads it tells the outcome",
            "Good for telling who is a customer; do not back-test by it.",
        )
        for one in card.criteria
        if (late := [name for name in fields_of(one) if name in AFTER_A_WIN])
    ]


def _of_sales(workspace: Workspace, card: Scorecard) -> list[Finding]:
    """What sellers' answers say against criteria that the file still has as they are in force."""
    snapshot = current(workspace.hidden_dir) if card.of_contacts else None
    if snapshot is None or "lead_evidence" not in snapshot.tables:
        return []
    with workspace.ledger() as ledger:
        judged = Judgements(ledger).about_scorecards()
    held = applied(card.name, text_of(workspace, card.name), judged)
    if held.state != IN_FORCE:
        return []
    kept = [one.name for one in card.criteria if one in held.criteria]
    with reading(workspace.hidden_dir) as snapshot, DuckEngine() as engine:
        engine.read_parquet("lead_evidence", snapshot.table("lead_evidence"))
        told = engine.arrow(
            f"SELECT criterion, says FROM lead_evidence WHERE product = {literal(held.product)} "
            f"AND verdict = {literal(AGAINST)} ORDER BY criterion"
        ).to_pylist()
    return [
        Finding(
            WARNING,
            "sales_rejects",
            row["criterion"],
            row["says"],
            "Give it fewer points, require what is lacking, or agree on why not: "
            f"tieline lead evidence {card.name}",
        )
        for row in told
        if row["criterion"] in kept
    ]


def is_fit(found: list[Finding]) -> bool:
    """Whether nothing keeps it from being proposed."""
    return not any(one.level == ERROR for one in found)
