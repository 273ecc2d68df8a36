"""What a ledger says about itself: the tokens of its facts, its salt, its erasures."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from tieline.ledger.database import Database
from tieline.ledger.facts import Certificate, Tombstone, check_storable, json_text

FACTS = ("judgements", "events", "tombstones", "labels")
READ_BY_BUILDS = ("judgements", "events", "tombstones")

_COUNTED = {
    "judgements": "Judgement",
    "endings": "Ending",
    "events": "Event",
    "labels": "Label",
    "certificates": "Certificate",
    "tombstones": "Tombstone",
}


def lock(alias: str, facts: str) -> None:
    """Wait until no other transaction writes these facts, and let none until this one ends."""
    from tieline.ledger.models import State

    State.objects.using(alias).select_for_update().get(facts=facts)


def change(alias: str, facts: str) -> None:
    """Take the lock of these facts, and give them a new token.

    A random one: a count would be the same again after a backup was put back and other facts were
    written.
    """
    from tieline.ledger.models import State

    State.objects.using(alias).filter(facts=facts).update(token=secrets.token_hex(16))


def fingerprint(database: Database, kinds: Collection[str]) -> str:
    """One hash of the tokens asked for; facts that were never written have none."""
    unknown = set(kinds) - set(FACTS)
    if unknown:
        raise ValueError(f"no such facts: {', '.join(sorted(unknown))}")
    tokens: dict[str, str] = {}
    if database.exists():
        alias = database.alias()
        from tieline.ledger.models import State

        with database.told():
            tokens = dict(State.objects.using(alias).values_list("facts", "token"))
    said = [(kind, tokens.get(kind, "")) for kind in sorted(set(kinds))]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def counts(database: Database) -> dict[str, int]:
    """How many facts of each kind there are; counted, so it takes its time with millions."""
    if not database.exists():
        return dict.fromkeys(_COUNTED, 0)
    alias = database.alias()
    from tieline.ledger import models

    with database.told():
        return {
            kind: getattr(models, model).objects.using(alias).count()
            for kind, model in _COUNTED.items()
        }


def salt(database: Database) -> bytes:
    """The 32 bytes that were drawn when the ledger was made."""
    alias = database.alias()
    from tieline.ledger.models import Salt

    with database.told():
        return bytes(Salt.objects.using(alias).get().value)


def tombstones(database: Database) -> list[Tombstone]:
    """Every tombstone in order of writing."""
    alias = database.alias()
    from tieline.ledger import models

    with database.told():
        rows = models.Tombstone.objects.using(alias).order_by("id")
        return [
            Tombstone(*row)
            for row in rows.values_list("kind", "digest", "forgotten_at", "certificate_id")
        ]


def add_tombstones(
    database: Database, body: dict[str, Any], digests: Iterable[tuple[str, str]], at: datetime
) -> Certificate:
    """One certificate and its tombstones, in one transaction."""
    text = json_text(body)
    with database.writing() as alias:
        from django.db.models import Max

        from tieline.ledger import models

        change(alias, "tombstones")
        rows = models.Certificate.objects.using(alias)
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        rows.create(number=number, body=text, made_at=at)
        stones = []
        for kind, digest in digests:
            check_storable(kind + digest)
            stones.append(
                models.Tombstone(kind=kind, digest=digest, forgotten_at=at, certificate_id=number)
            )
        models.Tombstone.objects.using(alias).bulk_create(stones, ignore_conflicts=True)
    return Certificate(number, json.loads(text), at)


def certificates(database: Database) -> list[Certificate]:
    """Every certificate in order of writing."""
    alias = database.alias()
    from tieline.ledger import models

    with database.told():
        rows = models.Certificate.objects.using(alias).order_by("number")
        return [Certificate(row.number, json.loads(row.body), row.made_at) for row in rows]
