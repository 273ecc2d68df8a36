"""Old jobs and their logs are cleared away."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

KEPT_DAYS = 90
"""So long jobs and their logs stay: a quarter, with which last one can be compared."""
EVERY_SECONDS = 3600.0
MOST_AT_ONCE = 500


class Clearing:
    """Clears every hour."""

    def __init__(self, hidden: Path) -> None:
        self._hidden = hidden
        self._done = 0.0

    def look(self) -> None:
        """Clear, if the last time was an hour ago."""
        if self._done and time.monotonic() - self._done < EVERY_SECONDS:
            return
        self._done = time.monotonic()
        clear(self._hidden)


def clear(hidden: Path) -> int:
    """Delete jobs that ended long ago, with log, and the times of schedules; how many jobs."""
    from django.utils import timezone

    from tieline.web.jobs import log_path
    from tieline.web.models import Job, ScheduleRun

    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = list(Job.objects.filter(ended_at__lt=before).values_list("pk", flat=True)[:MOST_AT_ONCE])
    for number in old:
        log_path(hidden, number).unlink(missing_ok=True)
    Job.objects.filter(pk__in=old).delete()
    ScheduleRun.objects.filter(due__lt=before).delete()
    return len(old)
