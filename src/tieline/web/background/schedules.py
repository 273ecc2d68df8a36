"""Schedules: asked for once at each due time, however many processes look."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tieline.web import jobs
from tieline.web.background import times


def keep(schedule: Any, now: datetime) -> None:
    """Save a schedule that is new or changed; from now on it counts as it says now."""
    schedule.next_at = (
        None if schedule.paused else times.next_due(schedule.cron, schedule.zone, now)
    )
    schedule.save()


def tick(now: datetime | None = None) -> list[Any]:
    """Ask for the jobs that are due; those asked for by this call.

    What was missed while nobody looked is asked for once, however often it was due: the row of the
    first missed time decides who asks, and the next time is counted from now.
    """
    from django.utils import timezone

    from tieline.web.models import Schedule

    now = now or timezone.now()
    due = Schedule.objects.filter(paused=False, next_at__lte=now)
    asked = [_ask(number, at, now) for number, at in due.values_list("pk", "next_at")]
    return [job for job in asked if job is not None]


def _ask(number: int, due: datetime, now: datetime) -> Any:
    """Ask for one job, unless another process did so or the schedule was changed just now."""
    from django.db import transaction

    from tieline.web.models import Schedule, ScheduleRun

    with transaction.atomic():
        held = Schedule.objects.select_for_update().filter(pk=number, paused=False, next_at=due)
        schedule = held.first()
        if schedule is None:
            return None
        run, first = ScheduleRun.objects.get_or_create(schedule=schedule, due=due)
        if first:
            run.job = jobs.ask_for(schedule)
            run.save(update_fields=["job"])
        schedule.next_at = times.next_due(schedule.cron, schedule.zone, now)
        schedule.save(update_fields=["next_at"])
        return run.job if first else None


def asked_by(schedule: Any) -> str:
    """Who is said to have asked for the job of a schedule."""
    return f"schedule: {times.words(schedule.cron)}"[:80]
