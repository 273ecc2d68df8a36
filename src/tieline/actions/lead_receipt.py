"""The receipt of a score: the parts it is the sum of, today or as of any day before."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tieline.actions.entities import Entity, entity, open_tables
from tieline.actions.lead_trial import TRIED
from tieline.actions.table_trial import tables_tried
from tieline.data.sql_text import literal
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.identity.judgements import Judgements
from tieline.metrics.category import SourceOwner
from tieline.metrics.score_expressions import fields_of
from tieline.metrics.scorecard import Scorecard
from tieline.metrics.stage_replay import asked_day
from tieline.workspace import Workspace
from tieline.workspace.category_settings import category_rules
from tieline.workspace.scorecards import applied, text_of

CATEGORIES_TRIED = (
    "category_figures",
    "category_readings",
    "interactions",
    "category_evidence",
    "category_shares",
    "contact_categories",
)
"""The tables that lead to the category of each contact, in their order."""
TABLES = ("as_of", "lead_scores", "score_parts")


@dataclass(frozen=True)
class Receipt:
    """Of whom it is, the row of `lead_scores`, and those of `score_parts`, most points first."""

    contact: Entity
    score: dict[str, Any]
    parts: tuple[dict[str, Any], ...]


def receipt(workspace: Workspace, name: str, contact: str, on: str = "") -> Receipt:
    """What a contact's score for the product of a scorecard is made of.

    With a day (2026-03-31) as of that day, by the version that was in force then, or by the first
    one for days before it: what a build gives that stands at this day. Raises `bad_day`,
    `day_ahead`, `no_score`, and what `entity` raises.
    """
    with workspace.ledger() as ledger:
        card = applied(name, text_of(workspace, name), Judgements(ledger).about_scorecards())
    with open_tables(workspace, *TABLES) as (snapshot, engine):
        who = entity(engine, contact, kind="contact")
        if not on:
            return _read(engine, card, who)
        day = asked_day(engine, on)
        with standing_on(workspace, snapshot, (card,), day) as tried:
            return _read(tried, card, who)


def standing_on(
    workspace: Workspace, snapshot: Snapshot, cards: Sequence[Scorecard], day: date
) -> AbstractContextManager[DuckEngine]:
    """Give an engine with the tables `TRIED` as a snapshot that stands at a day has them."""
    told = tuple(replace(version_on(card, day), earlier=()) for card in cards)
    asked = {name for card in told for one in card.criteria for name in fields_of(one)}
    # Whom somebody is to us follows from what they had done by that day, and how long ago.
    more = CATEGORIES_TRIED if "contact.category" in asked else ()
    given = {
        "scorecards": told,
        "categories": category_rules(workspace.settings.categories),
        "source_owners": [SourceOwner(one.name, one.owner) for one in workspace.sources()],
    }
    return tables_tried(snapshot, (*more, *TRIED), given, on=day)


def version_on(card: Scorecard, day: date) -> Scorecard:
    """The version that was in force on a day (UTC); the first one for days before it."""
    since = [one for one in card.versions if one.in_force_since[:10] <= day.isoformat()]
    return since[-1] if since else card.versions[0]


def _read(engine: Engine, card: Scorecard, who: Entity) -> Receipt:
    at = f"product = {literal(card.product)} AND contact_id = {literal(who.id)}"
    found = engine.arrow(f"SELECT * FROM lead_scores WHERE {at}").to_pylist()
    if not found:
        raise TielineError(
            "no_score",
            f"{who} has no score for {card.product}.",
            next_step="Only usable contacts are scored; after a change run: tieline build",
        )
    parts = engine.arrow(
        f"SELECT * FROM score_parts WHERE {at} ORDER BY points DESC, criterion"
    ).to_pylist()
    return Receipt(who, found[0], tuple(parts))
