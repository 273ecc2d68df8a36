"""A write that is sent twice is done once: the Idempotency-Key header names it.

The same key with the same request gets the same answer for a day, with another request 422. It is
written down before the deed, and the deed carries its name: so a server that dies in the middle
neither does it twice nor forgets that it did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse

from tieline.errors import TielineError
from tieline.web.api import faults

KEPT_HOURS = 24
DEAD_SECONDS = 120
"""A request that was begun longer ago and has no answer died with its server (gunicorn gives none
more time than this)."""
LONGEST = 255


def once(
    request: Any,
    do: Callable[[str], HttpResponse],
    done_before: Callable[[str], HttpResponse | None],
) -> HttpResponse:
    """Do it, or give the answer that was given before.

    `do` gets the name of the deed to write into it, '' where the caller gave no key;
    `done_before(name)` is the answer of a deed that a server that died has done, None if it did
    not come so far.
    """
    from django.db import IntegrityError, transaction
    from django.utils import timezone

    from tieline.web.models import GivenAnswer

    token = request.META.get("HTTP_IDEMPOTENCY_KEY", "").strip()
    if not token:
        return _told(do, "")
    if len(token) > LONGEST:
        raise TielineError("bad_request", f"The Idempotency-Key is longer than {LONGEST} letters.")
    key = request.user.key
    name = f"{key.pk}:{hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()[:32]}"
    digest = _digest(request)
    GivenAnswer.objects.filter(made_at__lt=timezone.now() - timedelta(hours=KEPT_HOURS)).delete()
    try:
        with transaction.atomic():
            given = GivenAnswer.objects.create(key=key, token=token, digest=digest)
    except IntegrityError:
        given = GivenAnswer.objects.get(key=key, token=token)
        known = _known(given, digest)
        if known is not None:
            return known
        made = done_before(name) or _told(do, name)
    else:
        made = _told(do, name)
    if made.status_code >= 500:
        GivenAnswer.objects.filter(pk=given.pk).delete()
        return made
    GivenAnswer.objects.filter(pk=given.pk).update(
        status=made.status_code, body=made.content.decode("utf-8")
    )
    return made


def _known(given: Any, digest: str) -> HttpResponse | None:
    """The answer given before; None if whoever was to give it has died."""
    from django.utils import timezone

    from tieline.web.models import GivenAnswer

    if given.digest != digest:
        raise TielineError(
            "other_request",
            "This Idempotency-Key was sent before with another request.",
            next_step="Take a new key for each new request.",
        )
    if given.status is not None:
        known = HttpResponse(given.body, status=given.status, content_type="application/json")
        known.headers["Idempotent-Replayed"] = "true"
        return known
    now = timezone.now()
    dead = now - timedelta(seconds=DEAD_SECONDS)
    # Whoever moves the moment takes the request over; another one that tries finds it moved.
    if GivenAnswer.objects.filter(pk=given.pk, made_at__lt=dead, status=None).update(made_at=now):
        return None
    raise TielineError(
        "still_running",
        "The same request is under way.",
        next_step="Send it again in a few seconds.",
    )


def _told(do: Callable[[str], HttpResponse], name: str) -> HttpResponse:
    try:
        return do(name)
    except TielineError as problem:
        return faults.told(problem)


def _digest(request: Any) -> str:
    parts = (request.method, request.get_full_path(), request.body)
    told = b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return hashlib.sha256(told).hexdigest()
