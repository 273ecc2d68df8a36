"""Events become responses: a build starts by itself soon after they came in.

It waits until no more come for a moment, so that a batch is one build, but not for ever where they
never stop; and it leaves a rest after each build, so that a large market is not built all day.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta

from tieline.ledger import Ledger
from tieline.web import jobs
from tieline.workspace import Workspace

SETTING = "TIELINE_BUILD_AFTER_EVENTS"
"""The environment variable: seconds of quiet before a build, or `never`."""
QUIET_SECONDS = 2.0
LONGEST_SECONDS = 30.0
"""So long events that never stop put a build off."""
REST = 1.0
"""Times the last build for events took, before the next one starts: half the time is others'."""
BY = "events that came in"
FILE = "events_followed"


class Follower:
    """Looks at the ledger, and asks for a build when events wait for one."""

    def __init__(self, workspace: Workspace, quiet_seconds: float) -> None:
        self._workspace = workspace
        self._quiet = quiet_seconds
        self._ledger: Ledger | None = None
        self._seen = ""
        self._seen_at = self._first_at = 0.0

    def look(self) -> bool:
        """Whether a build was asked for now. Called every second; it reads one small row."""
        if self._quiet < 0:
            return False
        if self._ledger is None:
            self._ledger = self._workspace.ledger()
        token, now = self._ledger.fingerprint("events"), time.monotonic()
        if token == self._followed(token):
            self._seen, self._first_at = token, 0.0
            return False
        if token != self._seen:
            self._seen, self._seen_at = token, now
            self._first_at = self._first_at or now
        quiet = now - self._seen_at >= self._quiet
        if not (quiet or now - self._first_at >= LONGEST_SECONDS) or _resting():
            return False
        jobs.ask("build", BY)
        # After asking: who dies in between asks once more, and a build that finds nothing is short.
        (self._workspace.hidden_dir / FILE).write_text(token, "ascii")
        self._first_at = 0.0
        return True

    def _followed(self, token: str) -> str:
        """What the last build that was asked for followed; a ledger without events needs none."""
        try:
            return (self._workspace.hidden_dir / FILE).read_text("ascii")
        except FileNotFoundError:
            assert self._ledger is not None
            return "" if self._ledger.events_up_to(2**62) else token


def follower(workspace: Workspace) -> Follower:
    """The follower of a workspace, as the environment has it."""
    told = os.environ.get(SETTING, "").strip()
    if told == "never":
        return Follower(workspace, -1.0)
    try:
        return Follower(workspace, min(max(float(told or QUIET_SECONDS), 0.0), 3600.0))
    except ValueError:
        return Follower(workspace, QUIET_SECONDS)


def _resting() -> bool:
    """Whether the last build for events took so long that others come first."""
    from django.utils import timezone

    from tieline.web.models import Job

    last = Job.objects.filter(asked_by=BY, ended_at__isnull=False).order_by("-id").first()
    if last is None or last.started_at is None:
        return False
    took: timedelta = last.ended_at - last.started_at
    return bool(timezone.now() < last.ended_at + REST * took)
