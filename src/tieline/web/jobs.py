"""Work in the background: asked for by a page, claimed by a worker, done by the command line."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

LEASE_SECONDS = 20
"""A worker that says nothing for so long is dead: another one takes its work over."""
MOST_ATTEMPTS = 3
KINDS = {"build": ("build",), "forget": ()}
"""The jobs there are, and the words of the command that does each; `forgetting` has its own."""


def ask(kind: str, by: str) -> Any:
    """Ask for a job; one of its kind that still waits does instead."""
    from tieline.web.models import Job

    if kind not in KINDS:
        raise ValueError(f"there is no job {kind!r}")
    waiting = Job.objects.filter(kind=kind, state="waiting").order_by("id").first()
    return waiting or Job.objects.create(kind=kind, asked_by=by)


def command(job: Any) -> list[str]:
    """The words of the command that does a job."""
    if job.kind == "forget":
        from tieline.web.forgetting import command

        return command(job)
    return list(KINDS[job.kind])


def cancel(number: int) -> bool:
    """Ask that a job ends; one that has not begun ends at once. Whether there was one."""
    from django.utils import timezone

    from tieline.web.models import Job

    ended = {"state": "cancelled", "ended_at": timezone.now()}
    if Job.objects.filter(pk=number, state="waiting").update(**ended):
        return True
    return bool(Job.objects.filter(pk=number, state="running").update(cancel_asked=True))


def claim() -> Any:
    """Take the oldest job that waits, or that a dead worker left; None if there is none.

    Only one job runs at a time: a workspace has one build.
    """
    from django.db import transaction
    from django.utils import timezone

    from tieline.web.models import Job

    now = timezone.now()
    with transaction.atomic():
        running = Job.objects.select_for_update().filter(state="running")
        for job in running:
            if job.lease_until and job.lease_until > now:
                return None
            if job.cancel_asked or job.attempts >= MOST_ATTEMPTS:
                job.state, job.ended_at = "cancelled" if job.cancel_asked else "failed", now
            else:
                job.state = "waiting"
            job.save()
        job = Job.objects.select_for_update().filter(state="waiting").order_by("id").first()
        if job is None:
            return None
        job.state, job.started_at, job.attempts = "running", job.started_at or now, job.attempts + 1
        job.lease_until = now + timedelta(seconds=LEASE_SECONDS)
        job.steps_done, job.step = 0, ""
        job.save()
        return job


def extend(job: Any, steps_done: int, step: str) -> bool:
    """Say that the worker lives and how far it is; whether it may go on."""
    from django.utils import timezone

    from tieline.web.models import Job

    held = Job.objects.filter(pk=job.pk, state="running", attempts=job.attempts)
    told = held.update(
        lease_until=timezone.now() + timedelta(seconds=LEASE_SECONDS),
        steps_done=steps_done,
        steps=job.steps,
        step=step[:200],
    )
    return bool(told) and not held.filter(cancel_asked=True).exists()


def finish(job: Any, exit_code: int | None) -> None:
    """Write down how a job ended; None says that it was cancelled."""
    from django.utils import timezone

    from tieline.web.models import Job

    # 1 says that it was done and more was set aside than the settings allow.
    state = "cancelled" if exit_code is None else "done" if exit_code in (0, 1) else "failed"
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        state=state, exit_code=exit_code, ended_at=timezone.now(), lease_until=None
    )


def log_path(hidden: Path, number: int) -> Path:
    """Where the log of a job lies."""
    folder = hidden / "jobs"
    folder.mkdir(exist_ok=True)
    return folder / f"{number}.log"


def log_tail(hidden: Path, number: int, most: int = 40_000) -> str:
    """The end of a job's log, as text; '' where there is none."""
    try:
        with log_path(hidden, number).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - most, 0))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
