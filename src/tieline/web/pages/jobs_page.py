"""The page of jobs: start one, see how far it is, read its log, cancel it, try it again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tieline.errors import TielineError
from tieline.web import audit, jobs
from tieline.web.background import signs
from tieline.web.background.clearing import KEPT_DAYS
from tieline.web.background.endings import ending
from tieline.web.frame import say
from tieline.web.pages.asking_for_jobs import check_may_ask, needed_for
from tieline.web.pages.schedules_page import schedule_rows
from tieline.web.permissions import Permission, may, needs

MOST = 40


@needs(Permission.READ)
@require_GET
def all_jobs(request: Any) -> Any:
    """What runs, what waits, what was done, and what comes by itself."""
    from tieline.web.models import Job

    said = {
        "jobs": Job.objects.all()[:MOST],
        "schedules": schedule_rows(request.user),
        "kept_days": KEPT_DAYS,
        "nobody_works": not signs.living().exists(),
    }
    return render(request, "tieline/jobs.html", said)


@needs(Permission.READ)
@require_GET
def one_job(request: Any, number: int) -> Any:
    """One job with its progress and its log; asked for again while it runs."""
    from tieline.web.models import Job

    job = _job(number)
    log = jobs.log_tail(settings.TIELINE.workspace / ".tieline", number)
    said = {
        "job": job,
        "log": log,
        "ending": ending(job, log),
        "again": Job.objects.filter(retry_of=number).order_by("-id").first(),
        "may_ask": may(request.user, needed_for(job.kind)),
        "nobody_works": job.open and not signs.living().exists(),
    }
    if request.headers.get("X-Part"):
        response = render(request, "tieline/job_part.html", said)
        if not job.open:
            response.headers["X-Done"] = "1"
        return response
    return render(request, "tieline/job.html", said)


@needs(Permission.BUILD)
@require_POST
def start_build(request: Any) -> Any:
    """Ask for a build."""
    job = jobs.ask("build", request.user.login)
    audit.write(request, "asked for a build", f"job {job.pk}")
    return HttpResponseRedirect(reverse("jobs-one", args=[job.pk]))


@needs(Permission.BUILD)
@require_POST
def retry(request: Any, number: int) -> Any:
    """Ask for the same again; the job that failed keeps its log."""
    job = _job(number)
    check_may_ask(request, job.kind)
    again = jobs.retry(job, request.user.login)
    audit.write(request, "tried a job again", f"job {again.pk}", f"after job {number}")
    return HttpResponseRedirect(reverse("jobs-one", args=[again.pk]))


@needs(Permission.BUILD)
@require_POST
def cancel(request: Any, number: int) -> Any:
    """End a job; the last database stays as it was."""
    job = _job(number)
    check_may_ask(request, job.kind)
    if jobs.cancel(number):
        audit.write(request, "cancelled a job", f"job {number}")
        say(request, "It ends within seconds; the last database stays as it was.")
    else:
        say(request, "It had ended already.", tone="warn")
    return HttpResponseRedirect(reverse("jobs-one", args=[number]))


def _job(number: int) -> Any:
    from tieline.web.models import Job

    job = Job.objects.filter(pk=number).first()
    if job is None:
        raise TielineError("unknown_page", f"There is no job {number}.")
    return job
