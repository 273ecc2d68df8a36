"""Answers that come back on a sheet: checked against the snapshot and the ledger, then kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tieline.actions import review
from tieline.engine.tables import Engine
from tieline.identity.questions import FIELDS
from tieline.ledger import Label, Ledger

ANSWERS: dict[str, bool | None] = {
    **dict.fromkeys(("same", "s", "yes", "y", "1", "ja", "oui"), True),
    **dict.fromkeys(("different", "d", "no", "n", "0", "nein", "non"), False),
    **dict.fromkeys(("unsure", "u", "?", "cannot tell"), None),
}
"""What people write into the answer column, in small letters."""


@dataclass(frozen=True)
class Answer:
    """One answered row of a sheet; `row` is 1-based without the header."""

    row: int
    entity: str
    left_record: str
    right_record: str
    answer: str


@dataclass
class Taken:
    """What became of the answers of a sheet: counts, and rows with a sentence each.

    `conflicts` are answers that contradict an earlier one, which they replace; `problems` are rows
    that could not be used. same + different + unsure + known + empty + problems = rows.
    """

    rows: int = 0
    same: int = 0
    different: int = 0
    unsure: int = 0
    known: int = 0
    empty: int = 0
    conflicts: list[tuple[int, str]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def take_answers(engine: Engine, ledger: Ledger, answers: Iterable[Answer], *, by: str) -> Taken:
    """Keep the answers of a sheet; a later answer wins over an earlier one about the same pair."""
    taken = Taken()
    earlier = {_key(one.entity, one.left_record, one.right_record): one for one in ledger.labels()}
    queue = {
        _key(row["entity"], row["left_record"], row["right_record"]): row
        for row in engine.arrow("SELECT * FROM review_queue").to_pylist()
    }
    for answer in answers:
        taken.rows += 1
        said = answer.answer.strip().strip(".!").lower()
        key = _key(answer.entity, answer.left_record, answer.right_record)
        if not said:
            taken.empty += 1
            continue
        row = queue.get(key) or _row(engine, answer)
        if said not in ANSWERS:
            problem = f"{answer.answer.strip()!r} is none of same, different, unsure."
            taken.problems.append((answer.row, problem))
        elif row is None:
            problem = "The database has no such pair of records; was the sheet of another one?"
            taken.problems.append((answer.row, problem))
        elif key in earlier and earlier[key].same == ANSWERS[said]:
            taken.known += 1
        else:
            if key in earlier:
                _replace(ledger, taken, answer.row, earlier[key], ANSWERS[said], by)
            asked = review.questions(engine, [row])[0]
            kept = review.decide(ledger, asked, ANSWERS[said], by=by, shown={"sheet": True})
            earlier[key] = kept.label
            _count(taken, kept.same)
    return taken


def _replace(
    ledger: Ledger, taken: Taken, row: int, before: Label, same: bool | None, by: str
) -> None:
    """End what an earlier answer said; who could not tell then contradicts nobody now."""
    if before.same is not None:
        when = f"{before.made_by} on {before.made_at:%Y-%m-%d}"
        told = f"{when} said {review.WORDS[before.same]}; now it is {review.WORDS[same]}."
        taken.conflicts.append((row, told))
    if before.judgement is not None:
        ledger.end(before.judgement, reason="answered otherwise on a sheet", by=by)


def _count(taken: Taken, same: bool | None) -> None:
    if same is None:
        taken.unsure += 1
    elif same:
        taken.same += 1
    else:
        taken.different += 1


def _row(engine: Engine, answer: Answer) -> dict[str, Any] | None:
    """A question that the queue no longer has; None if there are no such records."""
    pair = (answer.left_record, answer.right_record)
    if answer.entity not in FIELDS or pair[0] == pair[1] or not all(map(str.isalnum, pair)):
        return None
    rows = engine.arrow(
        f"SELECT record_id, {answer.entity}_id AS id FROM record_entities "
        f"WHERE record_id IN {pair} AND {answer.entity}_id IS NOT NULL"
    ).to_pylist()
    ids = {row["record_id"]: row["id"] for row in rows}
    if len(ids) < 2:
        return None
    return {
        "entity": answer.entity,
        "left_record": pair[0],
        "right_record": pair[1],
        "left_id": ids[pair[0]],
        "right_id": ids[pair[1]],
        "together": ids[pair[0]] == ids[pair[1]],
        "apart": None,
        "probability": None,
        "reason": "",
    }


def _key(entity: str, left: str, right: str) -> tuple[str, str, str]:
    return (entity, min(left, right), max(left, right))
