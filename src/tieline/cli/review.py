"""`tieline review`: answer the questions in which the machine is unsure."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from tieline.actions import review
from tieline.actions.drafts import name_of_user
from tieline.actions.implied_answers import ImpliedAnswers
from tieline.actions.review import Decision, Question, Side
from tieline.cli import opened, review_sheet
from tieline.cli.keys import Keys
from tieline.cli.screen import say, show_table, warn
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import Engine
from tieline.errors import TielineError
from tieline.ledger import Ledger
from tieline.pipeline import build
from tieline.workspace import Workspace

ENTITIES = ("contact", "account", "site")
KEYS = {"s": True, "d": False, "u": None}
READ_AHEAD = 20
HELP = "s same   d different   u cannot tell   b back   q quit"
MANY = 20
"""Questions of a session where no limit is named: two minutes at ten a minute."""


@dataclass
class Session:
    """Who answers, whether they see the score, what they have decided so far."""

    ledger: Ledger
    by: str
    show_score: bool
    decisions: list[Decision] = field(default_factory=list)
    ids: list[tuple[str, str]] = field(default_factory=list)
    read: dict[int, Question] = field(default_factory=dict)

    def question(self, engine: Engine, rows: list[dict[str, Any]], place: int) -> Question:
        """The question of a place in the queue; those after it are read with it."""
        if place not in self.read:
            ahead = rows[place : place + READ_AHEAD]
            self.read.update(enumerate(review.questions(engine, ahead), start=place))
        return self.read[place]

    def implied(self) -> ImpliedAnswers:
        """What the answers so far imply."""
        return ImpliedAnswers.of(
            (*ids, decision.same) for ids, decision in zip(self.ids, self.decisions, strict=True)
        )


def run(
    context: typer.Context,
    entity: Annotated[
        str | None, typer.Option(metavar="ENTITY", help=f"Only {', '.join(ENTITIES)}.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most N questions.")] = MANY,
    show_score: Annotated[
        bool, typer.Option("--show-score", help="Show beforehand what the machine thinks.")
    ] = False,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Ask again what somebody could not tell.")
    ] = False,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who answers.")] = "",
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the questions as a CSV sheet.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="Read an answered sheet.")
    ] = None,
) -> int:
    """Answer the questions in which the machine is unsure, the most worthwhile first.

    Two sides are shown field by field; the keys are s same, d different, u cannot tell, b back,
    q quit. What the machine thinks is shown after the answer. Every answer is kept at once and can
    be taken back with tieline undo; the database is built when you quit. Answers also teach: see
    tieline retrain.
    """
    if entity is not None and entity not in ENTITIES:
        raise TielineError(
            "unknown_entity",
            f"There is no entity {entity!r}.",
            next_step=f"Known are: {', '.join(ENTITIES)}.",
        )
    if export is not None and answers is not None:
        raise TielineError(
            "two_tasks",
            "A sheet is either written or read.",
            next_step="Name --export or --import, not both.",
        )
    found = opened.snapshot(context)
    workspace = opened.workspace(context)
    name = name_of_user(by)
    with opened.reader(found, *review.TABLES) as engine, workspace.ledger() as ledger:
        rows = review.open_questions(engine, ledger, entity=entity, unsure=unsure)
        if export is not None:
            review_sheet.write(engine, rows[:limit], export)
            return 0
        if answers is not None:
            changed = review_sheet.read(engine, ledger, answers, by=name)
        elif not rows:
            say("There is nothing to ask: the machine is sure, or every question is answered.")
            return 0
        else:
            with Keys() as keys:
                changed = _ask(Session(ledger, name, show_score), keys, engine, rows, limit)
    if not changed:
        return 0
    _build(workspace, found)
    return 0


def _ask(
    session: Session, keys: Keys, engine: Engine, rows: list[dict[str, Any]], limit: int
) -> bool:
    """Ask until the limit, the end or q; whether anything is to be built."""
    started = time.monotonic()
    place = 0
    asked: list[int] = []
    while place < len(rows) and len(session.decisions) < limit:
        row = rows[place]
        if session.implied().imply(row["left_id"], row["right_id"]):
            place += 1
            continue
        shown = session.question(engine, rows, place)
        _show(session, shown, min(limit, len(rows)))
        key = _key(keys)
        if key in (None, "q"):
            break
        if key == "b":
            if not asked:
                say("There is nothing to take back.")
                continue
            place = asked.pop()
            session.ids.pop()
            review.take_back(session.ledger, session.decisions.pop(), by=session.by)
            say("Taken back.")
            continue
        _decide(session, shown, KEYS[str(key)], (row["left_id"], row["right_id"]))
        asked.append(place)
        place += 1
    _summary(session, time.monotonic() - started)
    return any(decision.same is not None for decision in session.decisions)


def _key(keys: Keys) -> str | None:
    while (key := keys.key()) is not None and key not in (*KEYS, "b", "q"):
        if key or not keys.at_terminal:
            warn(f"{key or 'An empty line'} is no answer. {HELP}")
    return key


def _decide(session: Session, asked: Question, same: bool | None, ids: tuple[str, str]) -> None:
    seen = {"blind": not session.show_score, "probability": asked.probability}
    decision = review.decide(session.ledger, asked, same, by=session.by, shown=seen)
    session.decisions.append(decision)
    session.ids.append(ids)
    say(f"{review.WORDS[same].capitalize()}. {_opinion(asked)}")


def _opinion(asked: Question) -> str:
    now = "held together" if asked.together else "kept apart"
    return f"The machine: {asked.probability or 0:.0%} likely the same, {now}; {asked.reason}."


def _show(session: Session, asked: Question, questions: int) -> None:
    say()
    say(f"Question {len(session.decisions) + 1} of {questions}: the same {asked.entity}?")
    if session.show_score:
        say(_opinion(asked))
    rows: list[tuple[str, ...]] = []
    for name in asked.left.values:
        left, right = _text(asked.left, name), _text(asked.right, name)
        if left or right:
            mark = {True: "<>", False: "=", None: ""}[asked.differs(name)]
            rows.append((name, left, mark, right))
    rows.append(("from", _origin(asked.left), "", _origin(asked.right)))
    show_table(("", "one", "", "other"), rows)
    say(HELP)


def _text(side: Side, name: str) -> str:
    own, others = side.values[name]
    also = f"(also: {'; '.join(others)})" if others else ""
    return " ".join(part for part in (own, also) if part)


def _origin(side: Side) -> str:
    more = f" and {len(side.records) - 1} more" if len(side.records) > 1 else ""
    dated = f", {side.record_at}" if side.record_at else ""
    return f"{side.source} row {side.row_number}{dated}{more}"


def _build(workspace: Workspace, before: Snapshot) -> None:
    """Build with the answers, and tell how many contacts, sites and accounts there are now."""
    say("Building with the answers ...")
    after = build(workspace)
    counts = [
        f"{_rows(before, name):,} -> {_rows(after, name):,} {name}"
        for name in ("accounts", "sites", "contacts")
    ]
    say(f"Built snapshot {after.id}: {', '.join(counts)}.")


def _rows(snapshot: Snapshot, table: str) -> int:
    return int(snapshot.manifest["tables"][table]["rows"])


def _summary(session: Session, seconds: float) -> None:
    answers = [decision.same for decision in session.decisions]
    if not answers:
        say("No question was answered.")
        return
    changed = sum(
        decision.same is not None and decision.same != decision.question.together
        for decision in session.decisions
    )
    say()
    say(
        f"Answered {len(answers)}: {answers.count(True)} the same, {answers.count(False)} not the "
        f"same, {answers.count(None)} cannot tell; {changed} of them other than the machine had it."
    )
    if len(answers) > 1 and seconds >= 1:
        say(f"That was {len(answers) * 60 / seconds:.1f} answers a minute.")
