"""Missing information as a plan: what to do about each field, and what to ask a lead next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tieline.actions.entities import entity, open_tables
from tieline.actions.lead_cases import cases_of
from tieline.actions.lead_closed import closed, column_of
from tieline.actions.lead_trial import filled
from tieline.data.kinds.registry import REGISTRY
from tieline.data.sql_text import literal
from tieline.errors import TielineError
from tieline.insight.field_verdicts import FieldPlan, planned
from tieline.insight.field_worth import Worth, worths
from tieline.insight.lead_cases import Cases
from tieline.insight.lead_resamples import Figure
from tieline.insight.scorecard_learning import too_few
from tieline.metrics import score_expressions as sql
from tieline.metrics.lead_fields import AFTER_A_WIN
from tieline.metrics.scorecard import CASES, Criterion, Scorecard
from tieline.workspace import Workspace
from tieline.workspace.offers import list_plan
from tieline.workspace.scorecards import read_scorecard, text_of

SOLD = {
    "function": ("contact.function", "contact.title", "contact.department"),
    "level": ("contact.level", "contact.power", "contact.title"),
    "country": ("account.country", "site.country"),
    "segment": ("account.industry", "account.employees", "account.revenue"),
}
"""The fields that a list tells which is sold by function, level, country or segment: what one may
choose the records by stands in them. Segments are mostly of industry and size."""
REGISTERED = (
    "account.legal_form",
    "account.country",
    "account.family",
    "account.industry",
    "site.country",
    "site.region",
    "site.city",
    "site.postcode",
)
"""What company registers know."""


@dataclass(frozen=True)
class Plan:
    """The fields of a scorecard, the best to have first; how good points from all of them are.

    `cases` is how many past leads tell it, `auc` that of points proposed from all fields, None
    where they tell nothing, which `missing` then says. `left_out` names criteria left out of that,
    since a won deal changes them.
    """

    card: Scorecard
    fields: tuple[FieldPlan, ...]
    cases: int
    auc: Figure | None
    missing: str
    left_out: tuple[str, ...]


def plan(workspace: Workspace, name: str) -> Plan:
    """What to do about every field that a scorecard asks."""
    card = read_scorecard(name, text_of(workspace, name))
    cases, left_out = _cases(workspace, card)
    missing, auc, found = too_few(cases), None, dict[str, Worth]()
    if not missing:
        auc, found = _worths(cases, card)
        if auc[1] <= 0.5:
            missing = (
                f"points proposed from all fields by {len(cases.won):,} past leads have an AUC of "
                f"{auc[1]:.3f} to {auc[2]:.3f}, no surer than guessing"
            )
            auc, found = None, {}
    known = _known(workspace, card, cases)
    sellers = _sellers(workspace)
    asked: dict[str, list[Criterion]] = {}
    for one in card.criteria:
        for field in () if one.is_activity else sql.fields_of(one):
            asked.setdefault(field, []).append(one)
    told = [
        planned(
            field,
            tuple(one.name for one in criteria),
            known[field],
            None if field in AFTER_A_WIN else found.get(field),
            seller=_seller(field, sellers),
            askers=_askers(criteria),
            required_for=next((one.required_for for one in criteria if one.required_for), ""),
        )
        for field, criteria in asked.items()
    ]
    told.sort(key=lambda one: -(one.worth.cost[0] if one.worth else 0.0))
    return Plan(card, tuple(told), len(cases.won), auc, missing, left_out)


def questions(workspace: Workspace, name: str, contact: str) -> tuple[str, list[dict[str, Any]]]:
    """The next questions of one lead, as the last build tells them, and who it is."""
    card = read_scorecard(name, text_of(workspace, name))
    if not card.of_contacts:
        raise TielineError(
            "no_contacts",
            f"{name} is about past leads of a file: it scores no contact.",
            next_step=f"What to do about its fields: tieline lead plan {name}",
        )
    with open_tables(workspace, "lead_questions", "lead_scores") as (_, engine):
        who = entity(engine, contact, kind="contact")
        at = f"product = {literal(card.product)} AND contact_id = {literal(who.id)}"
        score = engine.arrow(f"SELECT stage FROM lead_scores WHERE {at}").to_pylist()
        if not score:
            raise TielineError(
                "no_score",
                f"{who} has no score for {card.product}.",
                next_step="Only usable contacts are scored; after a change run: tieline build",
            )
        found = engine.arrow(f"SELECT * FROM lead_questions WHERE {at} ORDER BY rank").to_pylist()
    return f"{who}: {score[0]['stage']}", found


def _cases(workspace: Workspace, card: Scorecard) -> tuple[Cases, tuple[str, ...]]:
    if not card.of_contacts:
        return cases_of(workspace, card), ()
    found = closed(workspace, card)
    return found.cases, found.left_out


def _worths(cases: Cases, card: Scorecard) -> tuple[Figure, dict[str, Worth]]:
    names = dict.fromkeys(
        name.removeprefix(CASES) for one in card.criteria for name in column_of(one)
    )
    auc, found = worths(cases, [name for name in names if name in cases.columns])
    prefix = "" if card.of_contacts else CASES
    none = (0.0, 0.0, 0.0)
    # What has the same answer everywhere, or another one in every case, tells nothing.
    told = {prefix + name: Worth(name, 0.0, none, none, 0.0, 0.0) for name in names}
    return auc, {**told, **{prefix + one.field: one for one in found}}


def _known(workspace: Workspace, card: Scorecard, cases: Cases) -> dict[str, float]:
    """The share of the cases, or of those who responded, of whom each field is known."""
    fields = {name for one in card.criteria if not one.is_activity for name in sql.fields_of(one)}
    if not card.of_contacts:
        return {name: float(_column(cases, name).is_filled.mean()) for name in fields}
    return filled(workspace, card, sorted(fields))


def _column(cases: Cases, field: str) -> Any:
    name = field.removeprefix(CASES)
    if name not in cases.columns:
        raise TielineError(
            "unknown_field",
            f"There is no column {name!r} in the past leads.",
            next_step="See what is wrong: tieline lead lint NAME",
        )
    return cases.columns[name]


def _sellers(workspace: Workspace) -> dict[str, str]:
    """What can be bought, or is known by a register, with who has it."""
    told: dict[str, str] = {}
    for offer in list_plan(workspace).offers:
        for chosen in offer.selectable if not offer.problem else ():
            for field in SOLD.get(chosen, ()):
                of = f" of {offer.vendor}" if offer.vendor != offer.name else ""
                told.setdefault(field, f"the offer {offer.name}{of}")
    for source in workspace.sources():
        if source.kind == REGISTRY.name:
            for field in REGISTERED:
                told.setdefault(field, f"the register {source.name}")
    return told


def _seller(field: str, sellers: Mapping[str, str]) -> str:
    """Who has a field; a column of past cases is known by the last word of a field's name."""
    if not field.startswith(CASES):
        return sellers.get(field, "")
    words = set(field.removeprefix(CASES).split("_"))
    return next((who for name, who in sellers.items() if name.split(".")[1] in words), "")


def _askers(criteria: list[Criterion]) -> str:
    best: dict[str, float] = {}
    for one in criteria:
        for who, share in one.collected_by:
            if share > 0:
                best[who] = max(share, best.get(who, 0.0))
    ordered = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{who} {share:.0%}" for who, share in ordered)
