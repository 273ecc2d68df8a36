"""Work in the background: asked for by a page or schedule, claimed by a worker.

The command line does it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tieline.errors import TielineError
from tieline.web.permissions import Permission

LEASE_SECONDS = float(os.environ.get("TIELINE_LEASE_SECONDS", "") or 20)
"""A worker that says nothing for so long is dead: another one takes its work over."""
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Kind:
    """A kind of job: what it is called, what it does, who may ask for it."""

    label: str
    does: str
    needs: Permission


KINDS = {
    "build": Kind("Build", "compute what changed since the last one", Permission.BUILD),
    "full_build": Kind("Whole build", "compute everything anew", Permission.BUILD),
    "backup": Kind("Backup", "write the whole workspace into one file", Permission.MANAGE),
}
"""The jobs that may be asked for, by somebody or by a schedule."""
FORGETTING = Kind("Forgetting", "erase a person from everything", Permission.JUDGE)
"""The job `forget`, which only the page of a contact asks for."""


def kind_of(name: str) -> Kind:
    """What a job is; one that this version does not know is for administrators."""
    if name == "forget":
        return FORGETTING
    return KINDS.get(name, Kind(name, "", Permission.MANAGE))


def ask(kind: str, by: str, **told: Any) -> Any:
    """Ask for a job; one that is to do the same and still waits does instead.

    `told` are more fields of the job: `folder`, `keep`, `schedule`, `retry_of`.
    """
    from tieline.web.models import Job

    if kind not in KINDS:
        raise ValueError(f"there is no job {kind!r}")
    same = {"kind": kind, "folder": told.get("folder", ""), "keep": told.get("keep", 0)}
    waiting = Job.objects.filter(**same, state="waiting").order_by("id").first()
    return waiting or Job.objects.create(asked_by=by[:80], **{**same, **told})


def ask_for(schedule: Any, by: str = "") -> Any:
    """Ask for the job of a schedule."""
    from tieline.web.background.schedules import asked_by

    told = {"folder": schedule.folder, "keep": schedule.keep, "schedule": schedule}
    return ask(schedule.kind, by or asked_by(schedule), **told)


def retry(job: Any, by: str) -> Any:
    """Ask again for a job that failed or was cancelled; it keeps its log and its end.

    TielineError `not_ended` for one that waits, runs or was done.
    """
    if job.state not in ("failed", "cancelled"):
        raise TielineError(
            "not_ended",
            f"Job {job.pk} is {job.state}: only one that failed or was cancelled is tried again.",
        )
    if job.kind == "forget":
        from tieline.web import forgetting

        return forgetting.ask_again(job, by)
    told = {"folder": job.folder, "keep": job.keep, "schedule": job.schedule, "retry_of": job.pk}
    return ask(job.kind, by, **told)


def command(job: Any, workspace: Path) -> list[str]:
    """The words of the command that does a job."""
    if job.kind == "backup":
        from tieline.web.background.backups import folder_of

        return ["backup", str(folder_of(workspace, job.folder)), "--keep", str(job.keep)]
    if job.kind == "forget":
        from tieline.web import forgetting

        return forgetting.command(job)
    return ["build", "--full"] if job.kind == "full_build" else ["build"]


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

    Only one job runs at a time: a workspace has one build. The tables hold us to it: of two workers
    that look at the same moment one is refused.
    """
    from django.db import IntegrityError, transaction
    from django.db.models import Q
    from django.utils import timezone

    from tieline.web.models import Job

    now = timezone.now()
    try:
        with transaction.atomic():
            if _somebody_works(now):
                return None
            due = Q(not_before=None) | Q(not_before__lte=now)
            waiting = Job.objects.select_for_update().filter(due, state="waiting")
            job = waiting.order_by("id").first()
            if job is None:
                return None
            job.state, job.started_at, job.attempts = (
                "running",
                job.started_at or now,
                job.attempts + 1,
            )
            job.lease_until = now + timedelta(seconds=LEASE_SECONDS)
            job.steps_done, job.step, job.not_before = 0, "", None
            job.save()
            return job
    except IntegrityError:
        return None


def _somebody_works(now: Any) -> bool:
    """Whether a worker that lives runs a job; those of dead workers wait again, or have ended."""
    from tieline.web.models import Job

    for job in Job.objects.select_for_update().filter(state="running"):
        if job.lease_until and job.lease_until > now:
            return True
        if job.cancel_asked or job.attempts >= MOST_ATTEMPTS:
            job.state, job.ended_at = "cancelled" if job.cancel_asked else "failed", now
        else:
            job.state = "waiting"
        job.save()
    return False


def extend(job: Any, steps_done: int, step: str) -> bool:
    """Say that the worker lives and how far it is; whether it may go on."""
    from django.utils import timezone

    held = _held(job)
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

    # 1 says that it was done and more was set aside than the settings allow.
    state = "cancelled" if exit_code is None else "done" if exit_code in (0, 1) else "failed"
    _held(job).update(state=state, exit_code=exit_code, ended_at=timezone.now(), lease_until=None)


def hand_back(job: Any, why: str, seconds: float = 0) -> None:
    """Let a job wait again, as if it had not been tried: its worker ends, or cannot begin yet."""
    from django.utils import timezone

    _held(job).filter(cancel_asked=True).update(
        state="cancelled", ended_at=timezone.now(), lease_until=None
    )
    _held(job).update(
        state="waiting",
        attempts=job.attempts - 1,
        lease_until=None,
        step=why[:200],
        not_before=timezone.now() + timedelta(seconds=seconds) if seconds else None,
    )


def _held(job: Any) -> Any:
    """The row of a job as long as it is this worker's."""
    from tieline.web.models import Job

    return Job.objects.filter(pk=job.pk, state="running", attempts=job.attempts)


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
