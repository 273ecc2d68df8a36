"""The queue of leads: who waits for which seller, why, and the answer by a key or a button."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tieline.actions import lead_answer, lead_queue, undo
from tieline.data.sql_text import literal
from tieline.errors import TielineError
from tieline.metrics.hand_over import ANSWERED, ANSWERS, OPEN
from tieline.metrics.scorecard import Scorecard
from tieline.web import audit, members
from tieline.web.faults import next_step
from tieline.web.frame import say
from tieline.web.permissions import Permission, needs
from tieline.web.reader import Reading, Row, reading
from tieline.web.served import workspace
from tieline.workspace.scorecards import applied_scorecards, names

ON_A_PAGE = 25
MOST_PARTS = 4
SHOWN = {
    "open": "Wait for an answer",
    "work": "In work",
    "past": "Sent away or ended",
}
"""The three parts of the queue."""
ASKED = ("product", "whose", "show", "page")
"""What an address of the queue may say."""


@needs(Permission.LEADS, Permission.PEOPLE)
@require_GET
def leads(request: Any) -> Any:
    """The leads of a product, one's own first; those that wait, those in work, those that ended."""
    asked = {name: request.GET.get(name, "") for name in ASKED}
    show = asked["show"] if asked["show"] in SHOWN else "open"
    with lead_queue.queue_now(workspace()) as (_, engine):
        every = lead_queue.rows(engine, everything=True)
        stands = engine.arrow("SELECT as_of FROM as_of").to_pylist()[0]["as_of"]
    cards = {card.product: card for card in _cards() if card.hands_over}
    product = asked["product"] if asked["product"] in cards else ""
    rows = [row for row in every if row["product"] == product or not product]
    sellers = sorted({row["seller"] for row in rows if row["seller"]}, key=str.casefold)
    mine = [one for one in sellers if members.is_known_as(request.user, one)]
    rows = [row for row in rows if asked["whose"] in ("", row["seller"])]
    parts = {name: [row for row in rows if _part(row) == name] for name in SHOWN}
    chosen = sorted(parts[show], key=lambda row: row["seller"] not in mine)
    number = min(int(asked["page"]), 100_000) if asked["page"].isdecimal() else 1
    first = (max(number, 1) - 1) * ON_A_PAGE
    page = chosen[first : first + ON_A_PAGE]
    with reading() as found:
        _tell_more(found, page, cards)
    kept = {name: asked[name] for name in ASKED if asked[name]}
    at = request.GET.get("at", "")
    said = {
        "rows": [{**row, "mine": row["seller"] in mine} for row in page],
        "current": min(int(at[:4]) if at.isdecimal() else 0, max(len(page) - 1, 0)),
        "came_back": at.isdecimal(),
        "last": request.session.pop("lead_said", None),
        "tabs": [(name, label, len(parts[name])) for name, label in SHOWN.items()],
        "overdue": sum(row["standing"] == "overdue" for row in rows),
        "is_mine": bool(mine),
        "sellers": sellers,
        "products": sorted(cards),
        "product": product,
        "whose": asked["whose"],
        "show": show,
        "stands": stands,
        "query": urlencode(kept),
        "idle": [(one.name, lead_queue.idle(one)) for one in _idle()],
        "any_card": bool(names(workspace())),
        "total": len(chosen),
        "first": first + 1,
        "last_shown": first + len(page),
        "before": urlencode({**kept, "page": number - 1}) if number > 1 else "",
        "after": urlencode({**kept, "page": max(number, 1) + 1})
        if first + ON_A_PAGE < len(chosen)
        else "",
    }
    return render(request, "tieline/leads.html", said)


@needs(Permission.LEADS, Permission.PEOPLE)
@require_POST
def answer(request: Any) -> Any:
    """Accept, reject or recycle a lead; the queue shows it at once."""
    given = request.POST
    which, product, word = (given.get(name, "") for name in ("contact", "product", "answer"))
    if word not in ANSWERS:
        raise TielineError("no_answer", "That is no answer.", next_step="Accept, reject, recycle.")
    try:
        made = lead_answer.answer(
            workspace(), which, product, word,
            because=given.get("because", ""), reason=given.get("word", ""),
            until=given.get("until", ""), by=request.user.login, seen=given.get("seen"),
        )  # fmt: skip
    except TielineError as problem:
        audit.write(request, f"tried to {word} a lead", which, problem.code)
        say(request, f"{problem.message} {next_step(problem)}", tone="bad")
        return _back(request)
    body = made.judgement.body
    audit.write(
        request, f"lead: {word}", f"{made.contact.id} {body['product']}",
        f"{made.judgement.name} {body['because']}".strip(),
    )  # fmt: skip
    request.session["lead_said"] = {
        "text": _told(made),
        "contact": made.contact.id,
        "product": body["product"],
    }
    return _back(request)


@needs(Permission.LEADS, Permission.PEOPLE)
@require_POST
def take_back(request: Any) -> Any:
    """Take one's own last answer to a lead back: it stands as it stood before, at once."""
    which, product = request.POST.get("contact", ""), request.POST.get("product", "")
    last = lead_answer.last_of(workspace(), which, product, request.user.login)
    if last is None:
        audit.write(request, "tried to take an answer back", f"{which} {product}")
        say(request, "There is no answer of yours to take back.", tone="warn")
        return _back(request)
    ended = undo.draft(workspace(), last.name)
    contact, standing = lead_answer.take_back(
        workspace(), ended, reason="taken back in the queue", by=request.user.login
    )
    audit.write(request, "took a lead's answer back", f"{contact} {product}", last.name)
    stands = f"stands as {standing} again" if standing else "is no lead any more"
    say(request, f"Taken back: {which} {stands}.")
    return _back(request)


def _cards() -> tuple[Scorecard, ...]:
    from tieline.identity.judgements import Judgements

    with workspace().ledger() as ledger:
        return applied_scorecards(workspace(), Judgements(ledger))


def _idle() -> list[Scorecard]:
    return [one for one in lead_queue.idle_cards(workspace()) if one.of_contacts]


def _part(row: Row) -> str:
    if row["standing"] in OPEN:
        return "open"
    # Who was never answered and is no lead any more is in nobody's work.
    worked = row["standing"] in ("accepted", "unworked") and row["answer"] is not None
    return "work" if worked else "past"


def _tell_more(found: Reading, page: list[Row], cards: dict[str, Scorecard]) -> None:
    """Add to each row why they are a lead, what to ask them next, and what may be answered."""
    listed = ", ".join(literal(row["contact_id"]) for row in page) or "''"
    where = f"contact_id IN ({listed})"
    parts = found.rows(
        f"SELECT * FROM score_parts WHERE {where} AND points > 0 ORDER BY points DESC, criterion"
    )
    questions = found.rows(f"SELECT * FROM lead_questions WHERE {where} AND rank = 1")
    for row in page:
        key = (row["product"], row["contact_id"])
        row["why"] = [one for one in parts if (one["product"], one["contact_id"]) == key]
        row["more"] = max(len(row["why"]) - MOST_PARTS, 0)
        row["why"] = row["why"][:MOST_PARTS]
        row["ask"] = next(
            (one for one in questions if (one["product"], one["contact_id"]) == key), None
        )
        row["seen"] = lead_answer.answer_of(row)
        row["said"] = ANSWERED.get(row["answer"] or "", "")
        row["own_word"] = row["word"] if row["word"] not in (row["said"], row["because"]) else ""
        row["rest"] = "" if row["is_back"] else row["back_on"]
        row["hand_over"] = cards[row["product"]].hand_over if row["product"] in cards else None


def _told(made: lead_answer.Answered) -> str:
    body, hand_over = made.judgement.body, made.card.hand_over
    why = f" ({body['because'].replace('_', ' ')})" if body["because"] else ""
    told = f"{made.contact} is {ANSWERED[body['answer']]}{why}. "
    for other in made.meanwhile:
        told += f"At the same time {other.made_by} gave an answer; of both, the later one counts. "
    if body["answer"] == "accept":
        return f"{told}Do something about it within {hand_over.work_within_days} days."
    if body["until"]:
        return f"{told}They come back on {body['until']}, or when they respond again."
    return f"{told}They come back when they respond again."


def _back(request: Any) -> Any:
    """The part of the queue that was looked at, at the same place."""
    kept = {name: request.GET[name] for name in (*ASKED, "at") if request.GET.get(name)}
    return HttpResponseRedirect(f"{reverse('leads')}?{urlencode(kept)}")
