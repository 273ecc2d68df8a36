"""The ledger's tables. Read and written through `Ledger` alone; rows are added, never changed.

JSON is kept as text, so that both databases hold and give back the same bytes. A changed model
needs a migration: `python -m tieline.ledger.migrations`.
"""

# ruff: noqa: D106
# What a Meta is, Django says.

from __future__ import annotations

from django.db import models


class State(models.Model):
    """One row per kind of fact: a token that is new after every change of these facts.

    A writer takes its row first: so writers of one kind wait for each other, and what was written
    first also becomes visible first (sequences alone do not promise that).
    """

    facts = models.TextField(primary_key=True)
    token = models.TextField()

    class Meta:
        db_table = "ledger_state"


class Salt(models.Model):
    """One row: what the digests of forgotten values are made with."""

    id = models.SmallIntegerField(primary_key=True)
    value = models.BinaryField()

    class Meta:
        db_table = "ledger_salt"


class Judgement(models.Model):
    """One decision of a person; see `facts.Judgement`."""

    number = models.BigIntegerField(primary_key=True)
    kind = models.TextField()
    entity = models.TextField()
    body = models.TextField()
    reason = models.TextField()
    made_by = models.TextField()
    made_at = models.DateTimeField()
    evidence = models.TextField()

    class Meta:
        db_table = "ledger_judgements"


class JudgementRecord(models.Model):
    """One record that a judgement names: the way from a record to its judgements."""

    id = models.BigAutoField(primary_key=True)
    judgement = models.ForeignKey(Judgement, models.PROTECT, related_name="+")
    record_id = models.TextField()

    class Meta:
        db_table = "ledger_judgement_records"
        # `db_index` would make PostgreSQL keep a second index for LIKE, which nobody asks.
        indexes = (models.Index(fields=["record_id"], name="ledger_judged_record"),)


class Ending(models.Model):
    """The end of one judgement, a row of its own; see `facts.Ending`."""

    judgement = models.OneToOneField(
        Judgement, models.PROTECT, primary_key=True, related_name="ending"
    )
    reason = models.TextField()
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_endings"


class Event(models.Model):
    """One touch or response; see `facts.Event`. Times are ISO 8601 text in UTC, of one width."""

    number = models.BigAutoField(primary_key=True)
    stream = models.TextField()
    message_id = models.TextField()
    type = models.TextField()
    occurred_at = models.TextField()
    received_at = models.TextField()
    body = models.TextField()

    class Meta:
        db_table = "ledger_events"
        constraints = (
            models.UniqueConstraint(fields=["stream", "message_id"], name="ledger_event_once"),
        )


class Certificate(models.Model):
    """What one erasure removed; see `facts.Certificate`."""

    number = models.BigIntegerField(primary_key=True)
    body = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_certificates"


class Tombstone(models.Model):
    """One salted digest of a forgotten value; see `facts.Tombstone`."""

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    digest = models.TextField()
    forgotten_at = models.DateTimeField()
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+")

    class Meta:
        db_table = "ledger_tombstones"
        constraints = (
            models.UniqueConstraint(fields=["kind", "digest"], name="ledger_tombstone_once"),
        )


class Label(models.Model):
    """One answer whether two records are the same; see `facts.Label`."""

    number = models.BigIntegerField(primary_key=True)
    left_record = models.TextField()
    right_record = models.TextField()
    entity = models.TextField()
    same = models.BooleanField(null=True)
    made_by = models.TextField()
    made_at = models.DateTimeField()
    shown = models.TextField()
    judgement = models.ForeignKey(Judgement, models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "ledger_labels"
