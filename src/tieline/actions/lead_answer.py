"""Answer a lead: accept it, reject it with a reason, or send it back for later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tieline.actions.drafts import Draft, checked_reason, name_of_user
from tieline.actions.entities import Entity, entity, open_tables
from tieline.actions.lead_queue import card_of, queue_now
from tieline.data.sql_text import literal
from tieline.engine.tables import Engine
from tieline.errors import TielineError, did_you_mean
from tieline.identity.stated_answers import KIND
from tieline.ledger import Judgement
from tieline.metrics.hand_over import ANSWERED, RECYCLE, REJECT
from tieline.metrics.scorecard import NONE, OUTCOMES, Scorecard
from tieline.workspace import Workspace

OTHER = "other"
"""The reason that needs a word."""


@dataclass(frozen=True)
class Answered:
    """What was written down, of whom, by which scorecard; the row of the queue as it was before.

    `meanwhile` are answers that others gave to the same lead between the look and the word.
    """

    judgement: Judgement
    contact: Entity
    card: Scorecard
    before: dict[str, Any]
    meanwhile: tuple[Judgement, ...] = ()


def answer(
    workspace: Workspace,
    which: str,
    product: str,
    given: str,
    *,
    because: str = "",
    reason: str = "",
    until: str = "",
    by: str = "",
    today: dt.date | None = None,
    seen: str | None = None,
) -> Answered:
    """Append an answer to the ledger; the queue shows it at once, tables after the next build.

    `seen` is what `answer_of` said of the lead when it was looked at, None for whatever it is now.
    TielineError `not_in_queue`, `already_answered`, `answered_meanwhile`, `unknown_reason`,
    `no_word`, `bad_day`.
    """
    card = card_of(workspace, product)
    because = _checked_because(card, because) if given == REJECT else ""
    if because == OTHER and not reason.strip():
        raise TielineError(
            "no_word",
            "The reason other says nothing by itself.",
            next_step='Say in a few words why: --reason "..."',
        )
    why = checked_reason(reason or because or ANSWERED[given])
    with workspace.ledger() as ledger:
        known = {one.number for one in ledger.judgements(kind=KIND)}
    with queue_now(workspace) as (snapshot, engine):
        who = entity(engine, which, kind="contact")
        before = _queued(engine, card, who)
        _check_new(before, who, given, because)
        if seen is not None and seen != answer_of(before):
            raise TielineError(
                "answered_meanwhile",
                f"{who} was {ANSWERED.get(before['answer'], 'put back')} since you looked, by "
                f"{before['answered_by'] or 'whoever took an answer back'}.",
                next_step="Look at it as it stands now, and answer again if you differ.",
            )
        rest = _rest(engine, card, until, today) if given == RECYCLE else ""
        parts = engine.arrow(
            f"SELECT criterion, points FROM score_parts WHERE product = {literal(card.product)} "
            f"AND contact_id = {literal(who.id)} ORDER BY criterion"
        ).to_pylist()
    body = {
        "records": list(who.records),
        "product": card.product,
        "version": card.version,
        "answer": given,
        "because": because,
        "until": rest,
    }
    evidence = {
        "snapshot": snapshot.id,
        "ids": [who.id],
        "score": before["score"],
        "parts": {row["criterion"]: row["points"] for row in parts},
    }
    with workspace.ledger() as ledger:
        made = ledger.judge(
            KIND, "contact", body, reason=why, by=name_of_user(by), evidence=evidence
        )
        others = tuple(
            one
            for one in ledger.judgements(kind=KIND, records=who.records)
            if one.number not in {*known, made.number} and one.body["product"] == card.product
        )
    return Answered(made, who, card, before, others)


def answer_of(row: dict[str, Any]) -> str:
    """The last answer of a row of the queue in a few words, to tell whether it is still the same.

    Days are not told apart: an answer taken back and given again by the same person is the same.
    """
    return " ".join(str(row[name] or "") for name in ("answer", "because", "answered_by"))


def last_of(workspace: Workspace, which: str, product: str, by: str) -> Judgement | None:
    """The last answer that somebody gave to a lead and that holds; None if there is none."""
    with open_tables(workspace) as (_, engine):
        who = entity(engine, which, kind="contact")
    with workspace.ledger() as ledger:
        mine = [
            one
            for one in ledger.judgements(kind=KIND, records=list(who.records))
            if one.made_by == by and one.body["product"] == product
        ]
    return mine[-1] if mine else None


def take_back(
    workspace: Workspace, draft: Draft, *, reason: str, by: str = "", dry: bool = False
) -> tuple[str, str]:
    """End an answer; the contact's id, and where the lead stands then ('' for no lead any more).

    Nothing is built, as for the answer itself. With `dry` nothing is written down either.
    """
    why, who = checked_reason(reason), name_of_user(by)
    with queue_now(workspace, without=[draft.ends or 0]) as (_, engine):
        listed = ", ".join(literal(record) for record in draft.body["records"])
        found = engine.arrow(
            "SELECT e.contact_id, q.standing FROM record_entities e LEFT JOIN lead_queue q "
            f"ON q.contact_id = e.contact_id AND q.product = {literal(draft.body['product'])} "
            f"WHERE e.record_id IN ({listed}) AND e.contact_id IS NOT NULL "
            "GROUP BY ALL ORDER BY count(*) DESC, e.contact_id LIMIT 1"
        ).to_pylist()
    if not dry and draft.ends is not None:
        with workspace.ledger() as ledger:
            ledger.end(draft.ends, reason=why, by=who)
    return (found[0]["contact_id"], found[0]["standing"] or "") if found else ("", "")


def _checked_because(card: Scorecard, because: str) -> str:
    known = card.hand_over.reasons
    if because in known:
        return because
    hint = did_you_mean(because.strip().lower().replace(" ", "_"), known, cutoff=0.5)
    raise TielineError(
        "unknown_reason",
        f"{because!r} is no reason of {card.name}.{hint}"
        if because.strip()
        else "It is not said why.",
        next_step=f"Add --because REASON, one of: {', '.join(known)}.",
    )


def _rest(engine: Engine, card: Scorecard, until: str, today: dt.date | None) -> str:
    if not until.strip():
        first = today or dt.datetime.now(dt.UTC).date()
        return (first + dt.timedelta(days=card.hand_over.recycle_after_days)).isoformat()
    try:
        day = dt.date.fromisoformat(until.strip())
    except ValueError:
        raise TielineError(
            "bad_day", f"{until!r} is no day.", next_step="Write it like 2027-03-01."
        ) from None
    stands: dt.date | None = engine.arrow("SELECT as_of FROM as_of").to_pylist()[0]["as_of"]
    if stands is not None and day <= stands:
        raise TielineError(
            "bad_day",
            f"{day} is over: the database stands at {stands}.",
            next_step="Name a later day, or leave --until out for "
            f"{card.hand_over.recycle_after_days} days.",
        )
    return day.isoformat()


def _check_new(before: dict[str, Any], who: Entity, given: str, because: str) -> None:
    if before["outcome"]:
        raise TielineError(
            "already_answered",
            f"{who} was {before['outcome']} already: there is nothing left to answer.",
            next_step="It comes back when they respond again.",
        )
    same = before["answer"] == given and (before["because"] or "") == because
    if same and not before["is_back"]:
        raise TielineError(
            "already_answered",
            f"{who} was {ANSWERED[given]} by {before['answered_by']} on {before['answered_on']}.",
            next_step=f"See who decided what: tieline judgements {who.id}",
        )


def _queued(engine: Engine, card: Scorecard, who: Entity) -> dict[str, Any]:
    """The row of a lead in the queue; TielineError `not_in_queue` saying why there is none."""
    at = f"product = {literal(card.product)} AND contact_id = {literal(who.id)}"
    found: list[dict[str, Any]] = engine.arrow(f"SELECT * FROM lead_queue WHERE {at}").to_pylist()
    if found:
        return found[0]
    scores = engine.arrow(f"SELECT * FROM lead_scores WHERE {at}").to_pylist()
    raise TielineError(
        "not_in_queue",
        f"{who} is not in the queue of {card.product}: {_absent(card, scores)}.",
        next_step=f"See what they have and lack: tieline lead show {card.name} {who.id}",
    )


def _absent(card: Scorecard, scores: list[dict[str, Any]]) -> str:
    stage = card.hand_over.from_stage
    if not scores:
        return "they have no score, since no record of theirs may be used"
    row = scores[0]
    if row["state"] != card.state:
        return "the database does not know that the scorecard is in force; run tieline build"
    if row["stage"] == NONE:
        return "they never responded"
    if row["stage"] in OUTCOMES:
        return f"the newest deal with them was {row['stage']}, before leads were handed over"
    needed = dict(card.thresholds)[stage]
    if row["score"] < needed:
        return f"they have {row['score']:g} points, and {stage} takes {needed:g}"
    return f"for {stage} it must be known: {row['missing_required']}"
