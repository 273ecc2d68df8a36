"""The queue of leads as it stands now: that of the snapshot, with every answer given since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tieline
from tieline.actions.table_trial import models_tried
from tieline.data.sql_text import literal
from tieline.engine.model import Model, python_model, sql_model
from tieline.engine.snapshot import Snapshot, current, reading
from tieline.engine.tables import Engine
from tieline.errors import TielineError, did_you_mean
from tieline.identity.judgements import Judgements
from tieline.identity.stated_answers import stated_answers
from tieline.insight.lead_evidence import lead_evidence
from tieline.metrics.hand_over import OPEN
from tieline.metrics.scorecard import Scorecard
from tieline.workspace import Workspace
from tieline.workspace.scorecards import applied_scorecards

_LAYERS = Path(tieline.__file__).parent
_SHOWN = (
    "contacts",
    "accounts",
    "sites",
    "records",
    "record_entities",
    "redirects",
    "lead_scores",
    "score_parts",
    "as_of",
)


@contextmanager
def queue_now(
    workspace: Workspace, *, evidence: bool = False, without: Sequence[int] = ()
) -> Iterator[tuple[Snapshot, Engine]]:
    """An engine with `lead_queue` as the next build would make it of the answers given by now.

    With `evidence` it holds `lead_outcomes` and `lead_evidence`, too; answers numbered `without`
    are left out.

    Answers are taken in from the ledger; whatever else came since waits for that build. Raises
    `not_built` where there is no snapshot.
    """
    if current(workspace.hidden_dir) is None:
        raise TielineError("not_built", "Nothing was built yet.", next_step="Run: tieline build")
    with reading(workspace.hidden_dir) as snapshot, workspace.ledger() as ledger:
        judgements = Judgements(ledger, without=without)
        given = {
            "judgements": judgements,
            "scorecards": applied_scorecards(workspace, judgements),
        }
        with models_tried(snapshot, _models(evidence=evidence), given, also=_SHOWN) as engine:
            yield snapshot, engine


def _models(*, evidence: bool) -> list[Model]:
    """What answers change, in their order; only these are read, so that answering is quick."""
    told = [
        python_model(stated_answers),
        sql_model(_LAYERS / "identity" / "lead_answers.sql"),
        sql_model(_LAYERS / "metrics" / "lead_standings.sql"),
        sql_model(_LAYERS / "decisions" / "lead_queue.sql"),
    ]
    if evidence:
        told.append(sql_model(_LAYERS / "metrics" / "lead_outcomes.sql"))
        told.append(python_model(lead_evidence))
    return told


def card_of(workspace: Workspace, asked: str) -> Scorecard:
    """The scorecard of a product, by the product's name or its own, that hands leads over.

    Raises `unknown_product` with the one that was meant, `not_in_force` for a draft.
    """
    with workspace.ledger() as ledger:
        cards = applied_scorecards(workspace, Judgements(ledger))
    for card in cards:
        if asked.strip().casefold() in (card.product.casefold(), card.name):
            if not card.hands_over:
                raise TielineError("not_in_force", idle(card), next_step=_next_step(card))
            return card
    known = sorted(card.product for card in cards)
    hint = did_you_mean(asked, known, cutoff=0.5)
    raise TielineError(
        "unknown_product",
        f"No scorecard is about a product {asked!r}.{hint}",
        next_step=f"Known are: {', '.join(known)}."
        if known
        else "Write a scorecard first: tieline lead draft NAME --like software",
    )


def idle_cards(workspace: Workspace) -> list[Scorecard]:
    """The scorecards that hand nobody over, since they are not in force."""
    with workspace.ledger() as ledger:
        cards = applied_scorecards(workspace, Judgements(ledger))
    return [card for card in cards if not card.hands_over]


def idle(card: Scorecard) -> str:
    """Why a scorecard hands nobody over."""
    if not card.of_contacts:
        return f"{card.name} is about past cases: it hands nobody over."
    stands = "a draft" if card.state == "draft" else "proposed and not yet signed by both"
    return f"{card.name} is {stands}: only what both departments signed hands leads over."


def _next_step(card: Scorecard) -> str:
    if not card.of_contacts:
        return "Write one about your contacts: tieline lead draft NAME --like software"
    step = "propose" if card.state == "draft" else "show"
    return f"See how it stands and go on: tieline lead {step} {card.name}"


def check_seller(engine: Engine, name: str) -> None:
    """Refuse a seller who never gets a lead: TielineError `unknown_seller` with who was meant."""
    known = [row["seller"] for row in engine.dicts(
        "SELECT DISTINCT seller FROM lead_queue WHERE seller IS NOT NULL ORDER BY seller"
    )]  # fmt: skip
    if not known or name.casefold() in (one.casefold() for one in known):
        return
    hint = did_you_mean(name, known, cutoff=0.5)
    raise TielineError(
        "unknown_seller",
        f"No lead is handed over to {name!r}.{hint}",
        next_step=f"Leads are handed over to: {', '.join(known)}.",
    )


def rows(
    engine: Engine, product: str = "", seller: str = "", *, everything: bool = False
) -> list[dict[str, Any]]:
    """The leads of a queue with name, company and place, the most urgent first.

    Only those that wait for an answer or for work, unless `everything`.
    """
    wanted = ", ".join(literal(one) for one in (*OPEN, "accepted", "unworked"))
    asked = [] if everything else [f"q.standing IN ({wanted}) AND NOT (q.answer IS NULL AND "
                                   "q.standing = 'unworked')"]  # fmt: skip
    asked += [f"q.product = {literal(product)}"] if product else []
    asked += [f"lower(q.seller) = lower({literal(seller)})"] if seller else []
    where = f"WHERE {' AND '.join(asked)}" if asked else ""
    found: list[dict[str, Any]] = engine.dicts(
        "SELECT q.*, coalesce(c.full_name, c.email, c.phone) AS who, a.name AS company, s.city "
        "FROM lead_queue q LEFT JOIN contacts c ON c.contact_id = q.contact_id "
        "LEFT JOIN accounts a ON a.account_id = q.account_id "
        f"LEFT JOIN sites s ON s.site_id = q.site_id {where} ORDER BY CASE q.standing "
        "WHEN 'overdue' THEN 0 WHEN 'waiting' THEN 1 WHEN 'unworked' THEN 2 WHEN 'accepted' THEN 3 "
        "ELSE 4 END, q.answer_due_on, q.score DESC, q.product, q.contact_id"
    )
    return found


def best_parts(
    engine: Engine, product: str, contact_id: str, most: int = 3
) -> list[dict[str, Any]]:
    """The parts of a score that give most points, the largest first."""
    found: list[dict[str, Any]] = engine.dicts(
        f"SELECT criterion, points, value_seen FROM score_parts WHERE product = {literal(product)} "
        f"AND contact_id = {literal(contact_id)} AND points > 0 "
        f"ORDER BY points DESC, criterion LIMIT {int(most)}"
    )
    return found
