"""What the pages keep for themselves: people, links, the audit log, saved views, jobs.

Nothing of it is part of a snapshot; facts about the market go to the ledger.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Member(AbstractBaseUser):
    """A person who works with the pages; `role` is one of `permissions.ROLES`."""

    login = models.CharField(max_length=80, unique=True)
    full_name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    seen_snapshot = models.CharField(max_length=64, blank=True)
    # The account of the company's provider that is theirs: issuer#sub.
    subject = models.CharField(max_length=600, blank=True, db_index=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "login"

    class Meta:
        """By name."""

        ordering = ("login",)

    @property
    def name(self):
        """What others know the person by."""
        return self.full_name or self.login


class Invitation(models.Model):
    """A one-time link; only the digest of its secret is kept."""

    digest = models.CharField(max_length=64, unique=True)
    login = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=20)
    made_by = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SignInAttempt(models.Model):
    """One try to sign in, for the limits on guessing; those of yesterday are deleted."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    login = models.CharField(max_length=80, db_index=True)
    address = models.CharField(max_length=45, db_index=True)
    succeeded = models.BooleanField()


class AuditEntry(models.Model):
    """One change, or one export of personal data; never changed or deleted."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    who = models.CharField(max_length=80, db_index=True)
    role = models.CharField(max_length=20)
    action = models.CharField(max_length=100, db_index=True)
    target = models.CharField(max_length=200)
    detail = models.CharField(max_length=1000)
    address = models.CharField(max_length=45)

    class Meta:
        """The newest first."""

        ordering = ("-id",)


class SavedView(models.Model):
    """A list as somebody wants it again: its filters, order and columns."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="views")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)

    class Meta:
        """By name, each once."""

        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("member", "page", "name"), name="one_view_of_a_name"),
        )


class SourceCorrection(models.Model):
    """One change of how a list is understood: what its settings said before and after."""

    source = models.CharField(max_length=200, db_index=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField()
    after = models.JSONField()
    taken_back_by = models.CharField(max_length=80, blank=True)

    class Meta:
        """The newest first."""

        ordering = ("-id",)


class WaitingUpload(models.Model):
    """A file that somebody sent and has not said yet what is to become of it; theirs alone."""

    token = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        """The newest first."""

        ordering = ("-id",)


class ErasureRequest(models.Model):
    """What the job of forgetting a person is told: the contact's id, and why, without a name."""

    job_number = models.BigIntegerField(unique=True)
    contact = models.CharField(max_length=20, db_index=True)
    reason = models.CharField(max_length=500)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The newest first."""

        ordering = ("-id",)


class SettingsText(models.Model):
    """A text of tieline.toml that was replaced on the page Settings, to be taken back."""

    text = models.TextField()
    replaced_at = models.DateTimeField(auto_now_add=True)
    replaced_by = models.CharField(max_length=80)

    class Meta:
        """The newest first."""

        ordering = ("-id",)


class Job(models.Model):
    """Work in the background, claimed by a worker for as long as its lease lasts."""

    STATES = ("waiting", "running", "done", "failed", "cancelled")

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="waiting", db_index=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    steps_done = models.IntegerField(default=0)
    steps = models.IntegerField(default=0)
    step = models.CharField(max_length=200, blank=True)
    exit_code = models.IntegerField(null=True)
    folder = models.CharField(max_length=40, blank=True)
    keep = models.IntegerField(default=0)
    schedule = models.ForeignKey(
        "web.Schedule", on_delete=models.SET_NULL, null=True, related_name="jobs"
    )
    retry_of = models.BigIntegerField(null=True)
    not_before = models.DateTimeField(null=True)

    class Meta:
        """The newest first; one runs at a time, whatever two workers think."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("state",), condition=models.Q(state="running"), name="one_running_job"
            ),
        )

    @property
    def label(self):
        """What it is called."""
        from tieline.web.jobs import kind_of

        return kind_of(self.kind).label

    @property
    def open(self):
        """Whether it is still to be done or under way."""
        return self.state in ("waiting", "running")

    @property
    def share(self):
        """How much of it is done, 0 to 1; None where that is not known."""
        if self.state == "done":
            return 1.0
        return min(self.steps_done / self.steps, 1.0) if self.steps else None


# Django looks for models here; the others stand beside the code that uses them.
from tieline.web.api.models import (  # noqa: E402
    ApiKey,
    Delivery,
    EventDay,
    GivenAnswer,
    Webhook,
)
from tieline.web.background.models import Schedule, ScheduleRun, Worker  # noqa: E402

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Delivery",
    "ErasureRequest",
    "EventDay",
    "GivenAnswer",
    "Invitation",
    "Job",
    "Member",
    "SavedView",
    "Schedule",
    "ScheduleRun",
    "SettingsText",
    "SignInAttempt",
    "SourceCorrection",
    "WaitingUpload",
    "Webhook",
    "Worker",
]
