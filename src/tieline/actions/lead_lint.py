"""Lint: what is wrong with a scorecard, by itself and on the data, before anybody signs it."""

from __future__ import annotations

from contextlib import suppress

from tieline.actions.lead_cases import cases_of
from tieline.actions.lead_trial import scored
from tieline.errors import TielineError
from tieline.insight.lead_leaks import leaks
from tieline.insight.scorecard_lint import ERROR, NOTE, WARNING, Finding, findings, of_leak
from tieline.metrics.score_expressions import column
from tieline.metrics.scorecard import Scorecard
from tieline.workspace import Workspace
from tieline.workspace.scorecards import names, read_scorecard, text_of

AFTER = ("account.won_deals", "site.stage")
"""Fields that a won deal itself changes."""


def lint(workspace: Workspace, name: str) -> list[Finding]:
    """All that is wrong with the text of a scorecard's file, the worst first."""
    card = read_scorecard(name, text_of(workspace, name))
    found = findings(card, scored(workspace, card))
    found += _of_cases(workspace, card) if not card.of_contacts else _of_contacts(card)
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
            f"{one.field} changes when a deal is won: of past leads it tells the outcome",
            "Good for telling who is a customer; do not back-test by it.",
        )
        for one in card.criteria
        if one.field in AFTER
    ]


def is_fit(found: list[Finding]) -> bool:
    """Whether nothing keeps it from being proposed."""
    return not any(one.level == ERROR for one in found)
