"""Every fact of one ledger in another: how a workspace moves to PostgreSQL, or back."""

from __future__ import annotations

from itertools import islice
from typing import Any

from tieline.errors import TielineError
from tieline.ledger import remembering, state
from tieline.ledger.database import Database

# In the order in which one refers to the other; the fields of a model that the database numbers by
# itself are left out, so that its own counting goes on from there.
_MODELS = ("Judgement", "JudgementRecord", "Ending", "Label", "Certificate", "Tombstone")
_AT_ONCE = 5_000
_SQL_EVENTS = f"SELECT {remembering.COLUMNS} FROM ledger_events ORDER BY number"


def copy(source: Database, target: Database) -> dict[str, int]:
    """Copy all or nothing into a ledger without facts; how many facts of each kind it then holds.

    The salt comes along, for old tombstones to catch, and so does the fingerprint: for a build,
    nothing has changed.
    """
    source.alias()
    with target.writing() as alias:
        for facts in state.FACTS:
            state.lock(alias, facts)
        held = state.counts(target)
        if any(held.values()):
            raise TielineError(
                "ledger_not_empty",
                "The ledger holds facts already, so that none can be taken over.",
                place=target.place,
                next_step="Name an empty database, or an empty schema of one with ?schema=NAME.",
            )
        with source.told():
            for model in _MODELS:
                _copy_rows(model, source.alias(), alias)
            _copy_events(source, target)
            _copy_state(source.alias(), alias)
    target.bind_again()
    return state.counts(target)


def _copy_rows(name: str, source: str, target: str) -> None:
    from django.db.models import AutoField, BigAutoField

    from tieline.ledger import models

    model: Any = getattr(models, name)
    kept = [
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, AutoField | BigAutoField)
    ]
    rows = model.objects.using(source).order_by("pk").values(*kept).iterator(chunk_size=_AT_ONCE)
    while some := list(islice(rows, _AT_ONCE)):
        model.objects.using(target).bulk_create(model(**row) for row in some)


def _copy_events(source: Database, target: Database) -> None:
    with source.connection().chunked_cursor() as cursor:
        cursor.execute(_SQL_EVENTS)
        while rows := cursor.fetchmany(remembering.AT_ONCE):
            remembering.append(target, rows)


def _copy_state(source: str, target: str) -> None:
    from tieline.ledger import models

    salt = models.Salt.objects.using(source).get().value
    models.Salt.objects.using(target).update(value=salt)
    for facts, token in models.State.objects.using(source).values_list("facts", "token"):
        models.State.objects.using(target).filter(facts=facts).update(token=token)
