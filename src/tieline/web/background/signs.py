"""Who does the work: each worker writes down that it lives, so that its absence can be told."""

from __future__ import annotations

import os
import socket
import time
from datetime import timedelta
from typing import Any

EVERY_SECONDS = 10.0
LATE_SECONDS = 60
"""A worker that was not heard of for so long is told as gone."""
FORGOTTEN_HOURS = 24


class Sign:
    """The sign of life of this process."""

    def __init__(self, *, alone: bool) -> None:
        self.name = f"{socket.gethostname()[:100]}:{os.getpid()}"
        self._alone = alone
        self._given = 0.0

    def give(self) -> None:
        """Say that we live, every few seconds at most."""
        if self._given and time.monotonic() - self._given < EVERY_SECONDS:
            return
        from django.utils import timezone

        from tieline.web.models import Worker

        now = timezone.now()
        Worker.objects.update_or_create(
            name=self.name, defaults={"alone": self._alone, "seen_at": now}
        )
        Worker.objects.filter(seen_at__lt=now - timedelta(hours=FORGOTTEN_HOURS)).delete()
        self._given = time.monotonic()

    def take_back(self) -> None:
        """Say that we end."""
        from tieline.web.models import Worker

        Worker.objects.filter(name=self.name).delete()


def living() -> Any:
    """The workers that were heard of lately."""
    from django.utils import timezone

    from tieline.web.models import Worker

    return Worker.objects.filter(seen_at__gt=timezone.now() - timedelta(seconds=LATE_SECONDS))
