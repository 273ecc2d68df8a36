"""Forgetting a person as work in the background: asked for once, done by the command line.

What the pages keep for themselves is cleared here; everything else is `tieline forget`'s to clear.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from tieline.actions.erasure.journal import Journal, unfinished
from tieline.actions.forget import Draft
from tieline.ledger import Certificate
from tieline.workspace import Workspace

NAMED = "(it named somebody who was forgotten)"


def ask(contact: str, *, reason: str, by: str) -> Any:
    """Ask for the job; one for the same contact that is still open does instead."""
    from django.db import transaction

    from tieline.web.models import ErasureRequest, Job

    with transaction.atomic():
        going = open_job(contact)
        if going is not None:
            return going
        job = Job.objects.create(kind="forget", asked_by=by)
        ErasureRequest.objects.create(
            job_number=job.pk, contact=contact, reason=reason[:500], made_by=by
        )
        return job


def ask_again(job: Any, by: str) -> Any:
    """Ask again for what failed or was cancelled."""
    from tieline.web.models import ErasureRequest, Job

    first = _asked_first(job)
    going = open_job(ErasureRequest.objects.get(job_number=first).contact)
    return going or Job.objects.create(kind="forget", asked_by=by[:80], retry_of=first)


def open_job(contact: str) -> Any:
    """The job that waits or runs for a contact; None if there is none."""
    from django.db.models import Q

    from tieline.web.models import ErasureRequest, Job

    asked = list(
        ErasureRequest.objects.filter(contact=contact).values_list("job_number", flat=True)
    )
    of_contact = Q(pk__in=asked) | Q(retry_of__in=asked)
    return Job.objects.filter(of_contact, state__in=("waiting", "running")).first()


def command(job: Any) -> list[str]:
    """The words of the command that does the job; a job tried again is told what the first was."""
    from tieline.web.models import ErasureRequest

    asked = ErasureRequest.objects.get(job_number=_asked_first(job))
    told = [f"--reason={asked.reason}", f"--by={asked.made_by}"]
    return ["forget", "--yes", *told, "--", asked.contact]


def _asked_first(job: Any) -> int:
    return int(job.retry_of or job.pk)


def begun(workspace: Workspace, contact: str) -> Journal | None:
    """What was begun and not finished for a contact."""
    found = unfinished(workspace, contact)
    return found[0] if found else None


def certificate(workspace: Workspace, contact: str) -> Certificate | None:
    """The newest certificate of a contact who was forgotten."""
    with workspace.ledger() as ledger:
        found = [one for one in ledger.certificates() if one.body.get("contact") == contact]
    return found[-1] if found else None


def clear_own(draft: Draft) -> int:
    """Delete what the pages keep that may name the person: given answers, saved searches.

    A line of the audit log stays, without what it names.
    """
    from django.db import connection

    from tieline.web.models import AuditEntry, GivenAnswer, SavedView

    values = draft.plan.values
    words = {*values.emails, *filter(None, [draft.person.label])}
    words |= {
        f"{first} {last}" for given, family in values.names for first in given for last in family
    }
    gone = 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # What is deleted must not stay in the free pages of the file.
            cursor.execute("PRAGMA secure_delete = ON")
        for word in sorted(words):
            gone += GivenAnswer.objects.filter(body__icontains=word).delete()[0]
            for text in {word, quote_plus(word)}:
                gone += SavedView.objects.filter(query__icontains=text).delete()[0]
                gone += SavedView.objects.filter(name__icontains=text).delete()[0]
            for field in ("target", "detail"):
                said = AuditEntry.objects.filter(**{f"{field}__icontains": word})
                gone += said.update(**{field: NAMED})
        if gone and connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone
