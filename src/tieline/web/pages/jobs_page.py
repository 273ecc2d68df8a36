"""The page of jobs: start a build, see how far it is, read its log, cancel it, try again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tieline.errors import TielineError
from tieline.web import audit, jobs
from tieline.web.frame import say
from tieline.web.permissions import Permission, needs

MOST = 40


@needs(Permission.READ)
@require_GET
def all_jobs(request: Any) -> Any:
    """What runs, what waits, what was done."""
    from tieline.web.models import Job

    return render(request, "tieline/jobs.html", {"jobs": Job.objects.all()[:MOST]})


@needs(Permission.READ)
@require_GET
def one_job(request: Any, number: int) -> Any:
    """One job with its progress and its log; asked for again while it runs."""
    job = _job(number)
    said = {"job": job, "log": jobs.log_tail(settings.TIELINE.workspace / ".tieline", number)}
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
def cancel(request: Any, number: int) -> Any:
    """End a job; the last database stays as it was."""
    if jobs.cancel(_job(number).pk):
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
