"""Review: people answer questions of the queue; an answer is a judgement and a label at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tieline.data.sql_text import literal
from tieline.engine.tables import Engine
from tieline.identity.questions import FIELDS
from tieline.ledger import Label, Ledger

TABLES = ("review_queue", "records", "standard_records", "record_entities", "record_identifiers")
"""The snapshot tables that questions are read from."""
MOST_OTHERS = 3
"""Other values of a side that are shown beside those of its typical record."""
IDENTIFIERS = "identifiers"
"""The field that shows the identifiers of a record, each with its scheme."""
WORDS = {True: "the same", False: "not the same", None: "cannot tell"}
"""What the answers mean."""


@dataclass(frozen=True)
class Side:
    """One group of records: the typical record, where it stands, and what the group says.

    `values` has, for each field, what the typical record says (or None) and what others of the
    group say instead; `records` are all records of the group, the oldest first.
    """

    record: str
    source: str
    row_number: int
    record_at: str | None
    records: tuple[str, ...]
    values: dict[str, tuple[str | None, tuple[str, ...]]]


@dataclass(frozen=True)
class Question:
    """Are these two sides the same? What the machine thinks of it is not for showing beforehand.

    `probability` is None where the queue did not ask: somebody brought the question.
    """

    entity: str
    left: Side
    right: Side
    together: bool
    probability: float | None
    reason: str

    def differs(self, field: str) -> bool | None:
        """Whether the typical records differ in a field; None where one of them does not say."""
        left, right = self.left.values[field][0], self.right.values[field][0]
        return None if left is None or right is None else left.casefold() != right.casefold()


@dataclass(frozen=True)
class Decision:
    """An answer as it was kept: `same` is None for "cannot tell"."""

    question: Question
    same: bool | None
    label: Label


def open_questions(
    engine: Engine, ledger: Ledger, *, entity: str | None = None, unsure: bool = False
) -> list[dict[str, Any]]:
    """The rows of the queue that nobody has answered since it was made, in its order.

    With `unsure` those that somebody could not tell are asked again.
    """
    rows = [row for row in queue(engine) if not entity or row["entity"] == entity]
    return unanswered(rows, ledger, unsure=unsure)


def queue(engine: Engine) -> list[dict[str, Any]]:
    """All rows of the queue in its order, answered ones too."""
    return engine.dicts("SELECT * FROM review_queue ORDER BY place")


def unanswered(
    rows: Sequence[dict[str, Any]], ledger: Ledger, *, unsure: bool = False
) -> list[dict[str, Any]]:
    """Those rows of the queue that nobody has answered; with `unsure` see `open_questions`."""
    answered = {
        _pair(label.entity, label.left_record, label.right_record)
        for label in ledger.labels()
        if not (unsure and label.same is None)
    }
    if not answered:
        return list(rows)
    return [
        row
        for row in rows
        if _pair(row["entity"], row["left_record"], row["right_record"]) not in answered
    ]


def questions(engine: Engine, rows: Sequence[dict[str, Any]]) -> list[Question]:
    """Rows of the queue with all that a person needs to answer them.

    A hundred at once cost little more than one where the tables have no index.
    """
    told: dict[int, Question] = {}
    for entity in FIELDS:
        places = [place for place, row in enumerate(rows) if row["entity"] == entity]
        if not places:
            continue
        chosen = [rows[place] for place in places]
        sides = _sides(engine, entity, chosen)
        said = _said(
            engine, entity, sorted({one for pair in sides for side in pair for one in side})
        )
        for place, row, (left, right) in zip(places, chosen, sides, strict=True):
            told[place] = Question(
                entity=entity,
                left=_side(entity, row["left_record"], left, said),
                right=_side(entity, row["right_record"], right, said),
                together=row["together"],
                probability=row["probability"],
                reason=row["reason"],
            )
    return [told[place] for place in range(len(rows))]


def decide(
    ledger: Ledger, asked: Question, same: bool | None, *, by: str, shown: dict[str, Any]
) -> Decision:
    """Keep an answer: a judgement about the records of both sides, and the label that teaches.

    Who cannot tell judges nothing; the label keeps the question from coming back at once. `shown`
    is what the person saw of the machine's opinion; no value of the records belongs there.
    """
    number = None
    if same is not None:
        number = ledger.judge(
            "merge" if same else "distinct",
            asked.entity,
            {"groups": [list(asked.left.records), list(asked.right.records)]},
            reason="reviewed: the same" if same else "reviewed: not the same",
            by=by,
            evidence={"probability": asked.probability, "reason": asked.reason},
        ).number
    label = ledger.label(
        asked.left.record,
        asked.right.record,
        asked.entity,
        same=same,
        by=by,
        shown=shown,
        judgement=number,
    )
    return Decision(asked, same, label)


def take_back(ledger: Ledger, decision: Decision, *, by: str) -> None:
    """End the judgement of an answer, and with it what the answer teaches."""
    if decision.label.judgement is not None:
        ledger.end(decision.label.judgement, reason="taken back in review", by=by)


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(map(literal, ids))


def _pair(entity: str, left: str, right: str) -> tuple[str, str, str]:
    return (entity, *sorted((left, right)))  # type: ignore[return-value]


def _sides(
    engine: Engine, entity: str, rows: Sequence[dict[str, Any]]
) -> list[tuple[list[str], list[str]]]:
    """The records of both sides of each question, the oldest first.

    Where the two are one entity and nobody says how it would divide, each stands for itself.
    """
    ids = sorted({row[f"{side}_id"] for row in rows for side in ("left", "right")})
    members: dict[str, list[str]] = {}
    for found in engine.dicts(
        f"SELECT e.{entity}_id AS id, e.record_id FROM record_entities e JOIN records r "
        f"USING (record_id) WHERE e.{entity}_id IN ({_listed(ids)}) ORDER BY r.arrival"
    ):
        members.setdefault(found["id"], []).append(found["record_id"])
    sides = []
    for row in rows:
        left, right = members[row["left_id"]], members[row["right_id"]]
        if row["together"]:
            apart = set(row["apart"] or ())
            inside = [record for record in left if record in apart]
            rest = [record for record in left if record not in apart]
            first = row["left_record"] in apart
            left, right = (inside, rest) if first else (rest, inside)
            if not apart:
                left, right = [row["left_record"]], [row["right_record"]]
        sides.append((left, right))
    return sides


def _said(engine: Engine, entity: str, records: list[str]) -> dict[str, dict[str, Any]]:
    """What records say, field by field."""
    texts = ", ".join(
        f"nullif({sql.format('s')}, '')::VARCHAR AS \"{field}\""
        for field, sql in FIELDS[entity].items()
    )
    if not records:
        return {}
    listed = _listed(records)
    rows = engine.dicts(
        f"SELECT s.record_id, s.source, s.row_number, s.record_at::VARCHAR AS record_at, {texts} "
        f"FROM standard_records s WHERE s.record_id IN ({listed})"
    )
    ids = engine.dicts(f"SELECT * FROM record_identifiers WHERE record_id IN ({listed})")
    owner = "company" if entity == "account" else "person"
    named: dict[str, list[tuple[str, str]]] = {}
    for one in ids:
        if one["owner"] == owner:
            named.setdefault(one["record_id"], []).append((one["scheme"], one["value"]))
    return {
        row["record_id"]: row
        | {
            IDENTIFIERS: ", ".join(" ".join(o) for o in sorted(named.get(row["record_id"], ())))
            or None
        }
        for row in rows
    }


def _side(entity: str, record: str, records: list[str], said: dict[str, dict[str, Any]]) -> Side:
    typical = said[record]
    others = [said[one] for one in records if one in said and one != record]
    fields = [*FIELDS[entity], *([IDENTIFIERS] if entity != "site" else [])]
    return Side(
        record=record,
        source=typical["source"],
        row_number=typical["row_number"],
        record_at=typical["record_at"],
        records=tuple(records),
        values={field: _values(typical, others, field) for field in fields},
    )


def _values(
    typical: dict[str, Any], others: list[dict[str, Any]], field: str
) -> tuple[str | None, tuple[str, ...]]:
    own: str | None = typical[field]
    said: dict[str, str] = {}
    for row in others:
        text = row[field]
        if text and (own is None or text.casefold() != own.casefold()):
            said.setdefault(text.casefold(), text)
    return own, tuple(list(said.values())[:MOST_OTHERS])
