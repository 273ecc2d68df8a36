"""Schedules: jobs that are asked for by themselves, set up, paused, changed and deleted here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tieline.errors import TielineError
from tieline.web import audit, faults, jobs
from tieline.web.background import backups, schedules, times
from tieline.web.frame import say
from tieline.web.pages.asking_for_jobs import check_may_ask, needed_for
from tieline.web.permissions import Permission, may, needs

COMING = 4
MOST_SCHEDULES = 50
"""More than that is a mistake, or somebody who means harm: each is looked at every second."""


def schedule_rows(member: Any) -> list[dict[str, Any]]:
    """Every schedule as the page Jobs shows it."""
    from tieline.web.models import Schedule

    rows = []
    for one in Schedule.objects.all():
        run = one.runs.select_related("job").first()
        done = [job for job in (run.job if run else None, one.jobs.first()) if job]
        last = max(done, key=lambda job: job.pk, default=None)
        rows.append(
            {
                "schedule": one,
                "does": what(one),
                "when": times.words(one.cron),
                "next": in_zone(one.next_at, one.zone),
                "last": in_zone(last.asked_at if last else run.due if run else None, one.zone),
                "job": last,
                "may": may(member, needed_for(one.kind)),
            }
        )
    return rows


@needs(Permission.BUILD)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> Any:
    """Set a schedule up."""
    from tieline.web.models import Schedule

    if request.method != "POST":
        given = {"kind": "build", "often": "day", "zone": _usual_zone(), "keep": "14"}
        return _form(request, None, {**times.fields("0 6 * * *"), **given, "folder": "nightly"})
    try:
        if Schedule.objects.count() >= MOST_SCHEDULES:
            raise TielineError(
                "too_many", f"There are {MOST_SCHEDULES} already.", next_step="Delete one first."
            )
        one = _filled(request, Schedule(made_by=request.user.login))
    except TielineError as problem:
        return _form(request, None, request.POST, problem)
    schedules.keep(one, timezone.now())
    audit.write(request, "set a schedule up", f"schedule {one.pk}", _told(one))
    say(request, f"{_told(one)}. It begins {in_zone(one.next_at, one.zone)}.")
    return HttpResponseRedirect(reverse("jobs"))


@needs(Permission.BUILD)
@require_http_methods(["GET", "POST"])
def change(request: Any, number: int) -> Any:
    """Change a schedule; what it was due for before is not made up for."""
    one = _schedule(number)
    if request.method != "POST":
        shown = {"kind": one.kind, "zone": one.zone, "folder": one.folder or "nightly"}
        return _form(request, one, {**times.fields(one.cron), **shown, "keep": str(one.keep or 14)})
    check_may_ask(request, one.kind)
    try:
        with transaction.atomic():
            one = _filled(request, _schedule(number, hold=True))
            schedules.keep(one, timezone.now())
    except TielineError as problem:
        return _form(request, one, request.POST, problem)
    audit.write(request, "changed a schedule", f"schedule {number}", _told(one))
    say(request, f"{_told(one)}, from now on.")
    return HttpResponseRedirect(reverse("jobs"))


@needs(Permission.BUILD)
@require_POST
def pause(request: Any, number: int) -> Any:
    """Have a schedule rest, or go on; what it was due for meanwhile is not made up for."""
    with transaction.atomic():
        one = _schedule(number, hold=True)
        check_may_ask(request, one.kind)
        one.paused = request.POST.get("go_on") != "yes"
        schedules.keep(one, timezone.now())
    done = "paused a schedule" if one.paused else "let a schedule go on"
    audit.write(request, done, f"schedule {number}", _told(one))
    say(request, "It rests until somebody lets it go on." if one.paused
        else f"It goes on: next {in_zone(one.next_at, one.zone)}.")  # fmt: skip
    return HttpResponseRedirect(reverse("jobs"))


@needs(Permission.BUILD)
@require_POST
def run_now(request: Any, number: int) -> Any:
    """Ask for the job of a schedule at once, whenever it is due."""
    one = _schedule(number)
    check_may_ask(request, one.kind)
    job = jobs.ask_for(one, by=request.user.login)
    audit.write(request, "asked for the job of a schedule", f"job {job.pk}", _told(one))
    return HttpResponseRedirect(reverse("jobs-one", args=[job.pk]))


@needs(Permission.BUILD)
@require_POST
def delete(request: Any, number: int) -> Any:
    """Delete a schedule; its jobs and backups stay."""
    one = _schedule(number)
    check_may_ask(request, one.kind)
    told = _told(one)
    one.delete()
    audit.write(request, "deleted a schedule", f"schedule {number}", told)
    say(request, f"Deleted: {told}. What it did stays.")
    return HttpResponseRedirect(reverse("jobs"))


def what(schedule: Any) -> str:
    """What a schedule does."""
    label = jobs.KINDS[schedule.kind].label
    if schedule.kind != "backup":
        return label
    return f"{label} into {schedule.folder}, the newest {schedule.keep} stay"


def in_zone(moment: datetime | None, zone: str) -> str:
    """A moment as the clocks there show it; '' if there is none."""
    return "" if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M %Z}"


def _told(schedule: Any) -> str:
    return f"{what(schedule)}, {times.words(schedule.cron)}, {schedule.zone}"


def _filled(request: Any, schedule: Any) -> Any:
    """The schedule as the form says; TielineError for what it says wrong."""
    given = request.POST
    kind = given.get("kind", "")
    if kind not in jobs.KINDS:
        raise TielineError("unknown_job", "It is not said what is to be done.")
    check_may_ask(request, kind)
    schedule.kind, schedule.folder, schedule.keep = kind, "", 0
    if kind == "backup":
        schedule.folder = given.get("folder", "").strip()
        schedule.keep = backups.number_kept(given.get("keep", ""))
        backups.folder_of(settings.TIELINE.workspace, schedule.folder)
    schedule.cron = times.cron_of(given)
    schedule.zone = str(times.named_zone(given.get("zone", "").strip()))
    return schedule


def _form(request: Any, schedule: Any, given: Any, problem: TielineError | None = None) -> Any:
    said: dict[str, Any] = {
        "schedule": schedule,
        "given": {name: given.get(name, "") for name in
                  ("kind", "often", "minute", "time", "weekday", "cron", "zone", "folder", "keep")},
        "times": {name: given.get(f"time_{name}", given.get("time", "06:00"))
                  for name in ("day", "weekdays", "week")},
        "kinds": [(name, one) for name, one in jobs.KINDS.items() if may(request.user, one.needs)],
        "weekdays": [(str(n % 7), times.WEEKDAYS[n % 7]) for n in range(1, 8)],
        "zones": times.zones(),
        "backups_root": backups.root(settings.TIELINE.workspace),
        "problem": problem,
    }  # fmt: skip
    if schedule is not None:
        coming = times.following(schedule.cron, schedule.zone, datetime.now(UTC), COMING)
        said["coming"] = [in_zone(one, schedule.zone) for one in coming]
    status = 200 if problem is None else faults.STATUS.get(problem.code, 400)
    return render(request, "tieline/schedule.html", said, status=status)


def _usual_zone() -> str:
    """The time zone of the schedule that was made last, or of the machine."""
    from tieline.web.models import Schedule

    last = Schedule.objects.order_by("-id").first()
    return str(last.zone) if last else times.zone_of_machine()


def _schedule(number: int, *, hold: bool = False) -> Any:
    from tieline.web.models import Schedule

    found = Schedule.objects.select_for_update() if hold else Schedule.objects
    one = found.filter(pk=number).first()
    if one is None:
        raise TielineError("unknown_page", f"There is no schedule {number}.")
    return one
