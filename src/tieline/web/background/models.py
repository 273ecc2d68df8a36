"""What work in the background keeps: schedules, when each asked for a job, who does the work."""

from __future__ import annotations

from django.db import models


class Schedule(models.Model):
    """A job that is asked for again and again.

    `cron` says when, in the time zone `zone`; `next_at` is the next time, empty while it is
    paused. `folder` and `keep` say where a backup goes and how many stay there.
    """

    kind = models.CharField(max_length=20)
    folder = models.CharField(max_length=40, blank=True)
    keep = models.IntegerField(default=0)
    cron = models.CharField(max_length=100)
    zone = models.CharField(max_length=60)
    paused = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, db_index=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order they were made."""

        ordering = ("id",)


class ScheduleRun(models.Model):
    """A time a schedule was due, and the job it asked for.

    There is one row for each: whoever writes it asks for the job, and nobody else.
    """

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="runs")
    due = models.DateTimeField()
    job = models.ForeignKey("web.Job", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        """The newest first, each once."""

        ordering = ("-due",)
        constraints = (
            models.UniqueConstraint(fields=("schedule", "due"), name="one_run_of_a_due_time"),
        )


class Worker(models.Model):
    """A process that does jobs, and when it was last heard of."""

    name = models.CharField(max_length=120, unique=True)
    alone = models.BooleanField(default=False)
    began_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
