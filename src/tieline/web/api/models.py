"""What the API, the collector and the webhooks keep: keys, counts, given answers, deliveries."""

from __future__ import annotations

from django.db import models


class ApiKey(models.Model):
    """What a program proves itself by; only the digest of its secret is kept.

    `scopes` are names of permissions with a space between; `stream` is what its events are known
    by; `hint` are the first letters of the secret, to tell keys apart.
    """

    name = models.CharField(max_length=40, unique=True)
    stream = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.CharField(max_length=200)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        """By name."""

        ordering = ("name",)


class EventDay(models.Model):
    """What one key sent on one day (UTC): events that were new, known, forgotten, set aside."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    new = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    forgotten = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)

    class Meta:
        """The newest first."""

        ordering = ("-day",)
        constraints = (
            models.UniqueConstraint(fields=("key", "day"), name="one_count_of_a_key_and_day"),
        )


class GivenAnswer(models.Model):
    """The answer to one request with an idempotency key; `status` is None while it is made.

    It may name people, so those of yesterday are deleted.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.IntegerField(null=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        """A token is one request's for good."""

        constraints = (
            models.UniqueConstraint(fields=("key", "token"), name="one_answer_to_a_token"),
        )


class Webhook(models.Model):
    """An address that changes are posted to.

    `topics` are names of topics with a space between; the secret is made of `salt` and the key of
    the pages, so that it is kept nowhere. `step` is the last one of the change feed that was dealt
    out.
    """

    url = models.CharField(max_length=500)
    topics = models.CharField(max_length=200)
    salt = models.CharField(max_length=32)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    step = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        """In the order they were made."""

        ordering = ("id",)


class Delivery(models.Model):
    """One post of one part of one step to one webhook, and what became of it."""

    STATES = ("waiting", "done", "failed")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    step = models.BigIntegerField()
    part = models.IntegerField()
    state = models.CharField(max_length=8, default="waiting", db_index=True)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    status = models.IntegerField(null=True)
    said = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first; a part is dealt out once."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("webhook", "step", "part"), name="a_part_is_sent_once"),
        )
