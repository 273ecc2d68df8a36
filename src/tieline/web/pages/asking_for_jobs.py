"""Who may ask for which job."""

from __future__ import annotations

from typing import Any

from tieline.errors import TielineError
from tieline.web import jobs
from tieline.web.permissions import Permission, may


def needed_for(kind: str) -> Permission:
    """Which permission a job of this kind needs; that of an administrator if it is unknown."""
    return jobs.kind_of(kind).needs


def check_may_ask(request: Any, kind: str) -> None:
    """TielineError `not_allowed` if somebody may not ask for, or end, a job of this kind."""
    wanted = needed_for(kind)
    if not may(request.user, wanted):
        raise TielineError(
            "not_allowed",
            f"A {jobs.kind_of(kind).label.lower()} is for those who may {wanted.value}.",
            next_step="Ask an administrator.",
        )
