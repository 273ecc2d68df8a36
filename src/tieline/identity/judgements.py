"""The judgements in force, as tables: what people decided about records, apart from the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tieline.ledger.facts import OF_SCORECARDS

if TYPE_CHECKING:
    from tieline.ledger import Judgement, Ledger

TEXTS = ("override", "note")
"""Judgements that say something, beside about which records."""


@dataclass(frozen=True)
class Judgements:
    """What a build reads of a ledger: its judgements in force, and others that are only tried.

    `tried` are added as the newest ones, those numbered `without` are left out: so a dry run sees
    what the database would be like.
    """

    ledger: Ledger
    tried: Sequence[Judgement] = ()
    without: Sequence[int] = ()

    def fingerprint(self) -> str:
        """Equal for equal judgements in force; other facts of the ledger may change it too."""
        tried = [[j.number, j.kind, j.entity, j.body] for j in self.tried]
        held = self.ledger.fingerprint("judgements")
        told = json.dumps([tried, list(self.without), held], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def heard(self) -> dict[str, Any]:
        """Which facts a build knows: the number of the newest judgement, and those that ended.

        What is newer or ended since is not in its snapshot yet.
        """
        held = self.ledger.judgements(active=False)
        return {
            "judgement": max((one.number for one in held), default=0),
            "ended": [one.number for one in held if one.ended is not None],
        }

    def records(self) -> pa.Table:
        """One row per record of a judgement: number, kind, entity, part, record_id."""
        table = self.ledger.judged_records()
        if self.without:
            kept = [n not in set(self.without) for n in table["number"].to_pylist()]
            table = table.filter(pa.array(kept, pa.bool_()))
        rows = [
            {"number": j.number, "kind": j.kind, "entity": j.entity, "part": part, "record_id": one}
            for j in self.tried
            for part, records in parts(j.body)
            for one in records
        ]
        return pa.concat_tables([table, pa.Table.from_pylist(rows, schema=table.schema)])

    def about_scorecards(self) -> list[Judgement]:
        """Proposals and signatures in force, oldest first."""
        held = [one for kind in OF_SCORECARDS for one in self.of_kind(kind)]
        return sorted(held, key=lambda judgement: judgement.number)

    def of_kind(self, kind: str) -> list[Judgement]:
        """Those of one kind in force, oldest first."""
        held = [j for j in self.ledger.judgements(kind=kind) if j.number not in self.without]
        return held + [judgement for judgement in self.tried if judgement.kind == kind]

    def texts(self) -> pa.Table:
        """One row per judgement that says something: its field, value or text, by whom and when."""
        found = [judgement for kind in TEXTS for judgement in self.of_kind(kind)]
        rows = [
            {
                "number": j.number,
                "kind": j.kind,
                "entity": j.entity,
                "field": j.body.get("field"),
                "text": j.body.get("value") if j.kind == "override" else j.body.get("text"),
                "made_by": j.made_by,
                "made_at": j.made_at.replace(tzinfo=None),
            }
            for j in found
        ]
        return pa.Table.from_pylist(rows, schema=_TEXTS)


_TEXTS = pa.schema(
    [
        ("number", pa.int64()),
        ("kind", pa.string()),
        ("entity", pa.string()),
        ("field", pa.string()),
        ("text", pa.string()),
        ("made_by", pa.string()),
        ("made_at", pa.timestamp("us")),
    ]
)


def parts(body: object) -> list[tuple[str, list[str]]]:
    """The lists of records of a judgement's body, each with the name of its part."""
    assert isinstance(body, dict)
    if "groups" in body:
        return [(f"group_{n}", list(group)) for n, group in enumerate(body["groups"], 1)]
    return [(name, list(body[name])) for name in ("apart", "rest", "records") if name in body]


def judged_records(*, judgements: Judgements) -> pa.Table:
    """The records that judgements in force speak of.

    question: About which records did people decide what?
    row: One record of one part of one judgement.
    key: number, part, record_id
    owner: analyst
    columns:
      number: The number of the judgement; a greater one is newer and stronger.
      kind: merge, split, distinct, pin, override, set_aside, restore, note, consent or
        lead_answer.
      entity: contact, site or account.
      part: The part of the judgement the record stands in (group_1, group_2, apart, rest, records).
      record_id: The record.
    """
    return judgements.records()


def judgement_texts(*, judgements: Judgements) -> pa.Table:
    """What judgements in force say.

    question: Which values and notes did people write down?
    row: One judgement that gives a value or is a note.
    key: number
    owner: analyst
    columns:
      number: The number of the judgement; a greater one is newer and stronger.
      kind: override or note.
      entity: contact, site or account.
      field: The field that is given another value.
      text: The value, empty for none; or the note.
      made_by: Who wrote it.
      made_at: When, UTC.
    """
    return judgements.texts()
