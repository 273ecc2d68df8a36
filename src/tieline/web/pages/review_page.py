"""The review queue: one question at a time, answered by a key and taken back by one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tieline.actions import review
from tieline.actions.implied_answers import ImpliedAnswers
from tieline.errors import TielineError
from tieline.web import audit, jobs
from tieline.web.frame import say
from tieline.web.pages.calls import review_queue
from tieline.web.permissions import Permission, may, needs
from tieline.web.reader import Reading, Row, reading
from tieline.web.served import workspace

ANSWERS: dict[str, bool | None] = {"same": True, "different": False, "unsure": None}
ENTITIES = ("contact", "account", "site")
MOST_REMEMBERED = 200
"""Answers of a session that are kept to leave out what they imply, and to be taken back."""


@needs(Permission.REVIEW, Permission.PEOPLE)
@require_GET
def question(request: Any) -> Any:
    """The next question; what the machine thinks of it stays hidden until it is answered."""
    only = request.GET.get("only", "")
    only = only if only in ENTITIES else ""
    given = request.session.get("review", [])
    with reading() as found, workspace().ledger() as ledger:
        rows = review.unanswered(
            [row for row in review_queue(found) if only in ("", row["entity"])], ledger
        )
        skipped = set(request.session.get("review_skipped", []))
        implied = _implied(given)
        waiting = [
            row
            for row in rows
            if row["place"] not in skipped and not implied.imply(row["left_id"], row["right_id"])
        ]
        asked = review.questions(found.engine, waiting[:1])[0] if waiting else None
    said = {
        "question": asked,
        "row": waiting[0] if waiting else None,
        "fields": _fields(asked) if asked else [],
        "waiting": len(waiting),
        "skipped": len(skipped),
        "answered": len(given),
        "last": given[-1] if given else None,
        "only": only,
        "entities": ENTITIES,
    }
    return render(request, "tieline/review.html", said)


@needs(Permission.REVIEW, Permission.PEOPLE)
@require_POST
def answer(request: Any) -> Any:
    """Keep an answer and ask the next question."""
    back = _back(request)
    given = request.POST.get("answer", "")
    place = request.POST.get("place", "")
    if given == "skip":
        skipped = [
            *request.session.get("review_skipped", []),
            int(place if place.isdecimal() else 0),
        ]
        request.session["review_skipped"] = skipped[-MOST_REMEMBERED:]
        audit.write(request, "skipped a question")
        return back
    if given not in ANSWERS:
        raise TielineError("no_answer", "That is no answer.", next_step="It is same or different.")
    with reading() as found, workspace().ledger() as ledger:
        row = _row(found, request.POST)
        if row is None:
            say(request, "The database was built anew meanwhile: here is the next question.")
            return back
        asked = review.questions(found.engine, [row])[0]
        kept = review.decide(
            ledger,
            asked,
            ANSWERS[given],
            by=request.user.login,
            shown={"blind": True, "probability": asked.probability},
        )
    told = {
        "left_id": row["left_id"],
        "right_id": row["right_id"],
        "same": kept.same,
        "judgement": kept.label.judgement,
        "said": review.WORDS[kept.same],
        "machine": f"{asked.probability or 0:.0%} likely the same, "
        f"{'held together' if asked.together else 'kept apart'}; {asked.reason}",
        "entity": asked.entity,
    }
    request.session["review"] = [*request.session.get("review", []), told][-MOST_REMEMBERED:]
    name = f"J{kept.label.judgement}" if kept.label.judgement else ""
    audit.write(request, f"answered: {given}", f"{row['left_id']} {row['right_id']}", name)
    return back


@needs(Permission.REVIEW, Permission.PEOPLE)
@require_POST
def take_back(request: Any) -> Any:
    """Take the last answer back: its judgement ends, and the question is asked again."""
    given = request.session.get("review", [])
    if not given:
        say(request, "There is no answer of yours to take back.", tone="warn")
        return _back(request)
    last = given[-1]
    if last["judgement"] is not None:
        with workspace().ledger() as ledger:
            ledger.end(last["judgement"], reason="taken back in review", by=request.user.login)
    request.session["review"] = given[:-1]
    audit.write(request, "took an answer back", f"J{last['judgement']}")
    say(request, f"Taken back: that they are {last['said']}.")
    return _back(request)


@needs(Permission.REVIEW, Permission.PEOPLE)
@require_POST
def done(request: Any) -> Any:
    """End a round: build with the answers, for who may; they wait for the next build else."""
    count = len(request.session.get("review", []))
    request.session["review"], request.session["review_skipped"] = [], []
    audit.write(request, "ended a round of review", detail=f"{count} answers")
    if not may(request.user, Permission.BUILD):
        say(request, f"{count} answers are kept; they count from the next build on.")
        return HttpResponseRedirect(reverse("home"))
    job = jobs.ask("build", request.user.login)
    return HttpResponseRedirect(reverse("jobs-one", args=[job.pk]))


def _back(request: Any) -> Any:
    only = request.POST.get("only", "")
    return HttpResponseRedirect(reverse("review") + (f"?only={only}" if only in ENTITIES else ""))


def _implied(given: list[Row]) -> ImpliedAnswers:
    return ImpliedAnswers.of((one["left_id"], one["right_id"], one["same"]) for one in given)


def _row(found: Reading, given: Any) -> Row | None:
    """The row of the queue that was answered, if it still is what was shown."""
    place = given.get("place", "")
    if not place.isdecimal():
        return None
    row = found.one(f"SELECT * FROM review_queue WHERE place = {int(place)}")
    shown = (given.get("left", ""), given.get("right", ""))
    return row if row and (row["left_record"], row["right_record"]) == shown else None


def _fields(asked: review.Question) -> list[Row]:
    """The two sides field by field, those that say anything."""
    rows = []
    for name in asked.left.values:
        left, right = asked.left.values[name], asked.right.values[name]
        if any((left[0], left[1], right[0], right[1])):
            differs = asked.differs(name)
            rows.append(
                {
                    "field": name,
                    "left": left,
                    "right": right,
                    "tone": {True: "differs", False: "equal", None: ""}[differs],
                    "says": {True: "differs", False: "equal", None: ""}[differs],
                }
            )
    return rows
