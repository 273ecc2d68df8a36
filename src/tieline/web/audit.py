"""The audit log: who changed what and who took personal data out, kept apart from the ledger."""

from __future__ import annotations

from typing import Any


def write(request: Any, action: str, target: str = "", detail: str = "") -> None:
    """Append one line; `detail` holds no personal value, only counts and ids."""
    from tieline.web.models import AuditEntry

    member = request.user
    AuditEntry.objects.create(
        who=getattr(member, "login", ""),
        role=getattr(member, "role", ""),
        action=action[:100],
        target=target[:200],
        detail=detail[:1000],
        address=address_of(request),
    )
    request.audited = True


def address_of(request: Any) -> str:
    """Where a request comes from.

    Behind a server of our own that is what that one says last; before it, anybody may write
    anything into the header.
    """
    from django.conf import settings

    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.TIELINE.url and forwarded:
        return str(forwarded.rsplit(",", 1)[-1].strip()[:45])
    return str(request.META.get("REMOTE_ADDR") or "")[:45]
