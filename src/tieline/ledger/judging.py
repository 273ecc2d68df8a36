"""Judgements, their endings, and labels: appended and read."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from tieline.errors import Place, TielineError
from tieline.ledger import state
from tieline.ledger.database import Database
from tieline.ledger.facts import (
    Ending,
    Judgement,
    Label,
    check_judgement,
    check_label,
    check_said,
    check_storable,
    json_text,
)

# SQLite takes 32,766 values in a statement; Django counts on 999 and splits bulk inserts itself.
_ASKED_AT_ONCE = 900
_SAID = ("number", "kind", "entity", "body", "reason", "made_by", "made_at", "evidence")
_ASKED = (*_SAID, "ending__reason", "ending__made_by", "ending__made_at")


def judge(database: Database, judgement: Judgement) -> Judgement:
    """Append it under the next number."""
    check_judgement(judgement.kind, judgement.entity, judgement.body)
    said = {"reason": judgement.reason, "name of who decides": judgement.made_by}
    check_said(said, needed=said)
    body, evidence = json_text(judgement.body), json_text(judgement.evidence)
    for record in judgement.records:
        check_storable(record)
    with database.writing() as alias:
        from tieline.ledger import models

        state.change(alias, "judgements")
        number = _next_number(models.Judgement, alias)
        models.Judgement.objects.using(alias).create(
            number=number,
            kind=judgement.kind,
            entity=judgement.entity,
            body=body,
            reason=judgement.reason,
            made_by=judgement.made_by,
            made_at=judgement.made_at,
            evidence=evidence,
        )
        models.JudgementRecord.objects.using(alias).bulk_create(
            models.JudgementRecord(judgement_id=number, record_id=record)
            for record in judgement.records
        )
    return replace(judgement, number=number, body=json.loads(body), evidence=json.loads(evidence))


def end(database: Database, number: int, ending: Ending) -> Judgement:
    """Append the end of a judgement."""
    said = {"reason": ending.reason, "name of who decides": ending.made_by}
    check_said(said, needed=said)
    with database.writing() as alias:
        from tieline.ledger import models

        state.change(alias, "judgements")
        found = judgements(database, active=False, number=number)
        if not found:
            raise unknown(number, database.place)
        if found[0].ended:
            raise TielineError(
                "already_ended",
                f"{found[0].name} was ended by {found[0].ended.made_by} on "
                f"{found[0].ended.made_at:%Y-%m-%d}.",
                place=database.place,
                next_step="Nothing is left to undo; judge again to bring it back.",
            )
        models.Ending.objects.using(alias).create(
            judgement_id=number,
            reason=ending.reason,
            made_by=ending.made_by,
            made_at=ending.made_at,
        )
    return replace(found[0], ended=ending)


def judgements(
    database: Database,
    *,
    active: bool,
    kind: str | None = None,
    number: int | None = None,
    records: Collection[str] | None = None,
) -> list[Judgement]:
    """Those asked for, by number."""
    alias = database.alias()
    from tieline.ledger import models

    with database.told():
        rows = models.Judgement.objects.using(alias).order_by("number").values_list(*_ASKED)
        if active:
            rows = rows.filter(ending=None)
        if kind is not None:
            rows = rows.filter(kind=kind)
        if number is not None:
            rows = rows.filter(number=number)
        if records is None:
            return [_judgement(row) for row in rows.iterator(chunk_size=2000)]
        named = sorted(_naming(alias, sorted(set(records))))
        return [
            _judgement(row)
            for start in range(0, len(named), _ASKED_AT_ONCE)
            for row in rows.filter(number__in=named[start : start + _ASKED_AT_ONCE])
        ]


def _naming(alias: str, records: list[str]) -> set[int]:
    from tieline.ledger import models

    rows = models.JudgementRecord.objects.using(alias).values_list("judgement_id", flat=True)
    return {
        number
        for start in range(0, len(records), _ASKED_AT_ONCE)
        for number in rows.filter(record_id__in=records[start : start + _ASKED_AT_ONCE])
    }


def _judgement(row: Sequence[Any]) -> Judgement:
    number, kind, entity, body, reason, made_by, made_at, evidence, *ending = row
    return Judgement(
        number=number,
        kind=kind,
        entity=entity,
        body=json.loads(body),
        reason=reason,
        made_by=made_by,
        made_at=made_at,
        evidence=json.loads(evidence),
        ended=Ending(*ending) if ending[0] is not None else None,
    )


def unknown(number: int, place: Place) -> TielineError:
    """The error of a number that no judgement has."""
    return TielineError(
        "unknown_judgement",
        f"There is no judgement J{number}.",
        place=place,
        next_step="See those there are: tieline judgements",
    )


def add_label(database: Database, label: Label) -> Label:
    """Append it under the next number."""
    check_label(label.left_record, label.right_record, label.entity)
    check_said(
        {"name of who decides": label.made_by}
        | {"record": label.left_record, "other record": label.right_record},
        needed=("name of who decides",),
    )
    shown = json_text(label.shown)
    with database.writing() as alias:
        from tieline.ledger import models

        state.change(alias, "labels")
        if label.judgement is not None and not judgements(
            database, active=False, number=label.judgement
        ):
            raise unknown(label.judgement, database.place)
        number = _next_number(models.Label, alias)
        models.Label.objects.using(alias).create(
            number=number,
            left_record=label.left_record,
            right_record=label.right_record,
            entity=label.entity,
            same=label.same,
            made_by=label.made_by,
            made_at=label.made_at,
            shown=shown,
            judgement_id=label.judgement,
        )
    return replace(label, number=number, shown=json.loads(shown))


def labels(database: Database, *, active: bool) -> list[Label]:
    """Labels by number; of the active ones, no judgement was ended."""
    alias = database.alias()
    from tieline.ledger import models

    with database.told():
        rows = models.Label.objects.using(alias).order_by("number")
        if active:
            rows = rows.filter(judgement__ending=None)
        return [_label(row) for row in rows]


def _label(row: Any) -> Label:
    return Label(
        number=row.number,
        left_record=row.left_record,
        right_record=row.right_record,
        entity=row.entity,
        same=row.same,
        made_by=row.made_by,
        made_at=row.made_at,
        shown=json.loads(row.shown),
        judgement=row.judgement_id,
    )


def _next_number(model: Any, alias: str) -> int:
    """The number after the last: without gaps, since the writer holds the lock of its facts."""
    from django.db.models import Max

    last = model.objects.using(alias).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
