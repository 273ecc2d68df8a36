"""For the administrator: who may work here and as what, and the audit log."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tieline.errors import TielineError
from tieline.web import audit, members
from tieline.web.frame import say
from tieline.web.permissions import ROLES, Permission, needs

ON_A_PAGE = 100


@needs(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def people(request: Any) -> Any:
    """Everybody who may sign in; invite somebody by a one-time link."""
    from tieline.web.models import Invitation, Member

    said: dict[str, Any] = {}
    if request.method == "POST":
        role, name = (
            request.POST.get("role", ""),
            request.POST.get("login", "").strip().lower()[:80],
        )
        secret = members.invite(role=role, login=name, by=request.user.login)
        audit.write(request, "invited somebody", name or "whoever has the link", role)
        said["link"] = f"{settings.TIELINE.address}{reverse('welcome', args=[secret])}"
        said["link_role"] = role
    said |= {
        "members": Member.objects.all(),
        "invitations": Invitation.objects.filter(used_at=None),
        "roles": [(role, sorted(held)) for role, held in ROLES.items()],
        "permissions": list(Permission),
        "hours": members.LINK_HOURS,
    }
    return render(request, "tieline/people.html", said)


@needs(Permission.MANAGE)
@require_POST
def change(request: Any, number: int) -> Any:
    """Give somebody another role, or keep them out; the last administrator stays."""
    from tieline.web.models import Member

    role, active = request.POST.get("role", ""), request.POST.get("active") == "yes"
    if role not in ROLES:
        raise TielineError("unknown_role", f"There is no role {role[:40]!r}.")
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(pk=number).first()
        if member is None:
            raise TielineError("unknown_page", "There is nobody of that number.")
        others = Member.objects.filter(role="administrator", is_active=True).exclude(pk=number)
        if not others.exists() and (role != "administrator" or not active):
            raise TielineError(
                "last_administrator",
                f"{member.name} is the only administrator.",
                next_step="Make somebody else administrator first.",
            )
        was = f"{member.role}, {'active' if member.is_active else 'kept out'}"
        member.role, member.is_active = role, active
        member.save(update_fields=["role", "is_active"])
    now = f"{role}, {'active' if active else 'kept out'}"
    audit.write(request, "changed somebody's rights", member.login, f"{was} to {now}")
    say(request, f"{member.name} is {now} now.")
    return HttpResponseRedirect(reverse("people"))


@needs(Permission.MANAGE)
@require_POST
def withdraw(request: Any, number: int) -> Any:
    """Take an invitation back before it is used."""
    from tieline.web.models import Invitation

    found = Invitation.objects.filter(pk=number, used_at=None).first()
    if found is not None:
        found.delete()
        audit.write(request, "withdrew an invitation", found.login, found.role)
    say(request, "The link works no more.")
    return HttpResponseRedirect(reverse("people"))


@needs(Permission.MANAGE)
@require_GET
def log(request: Any) -> Any:
    """Every change and every export of personal data, the newest first."""
    from tieline.web.models import AuditEntry

    found = AuditEntry.objects.all()
    who, action = request.GET.get("who", ""), request.GET.get("action", "")
    if who:
        found = found.filter(who=who)
    if action:
        found = found.filter(action__icontains=action)
    before = request.GET.get("before", "")
    page = found.filter(pk__lt=int(before)) if before.isdecimal() else found
    rows = list(page[:ON_A_PAGE])
    said = {
        "rows": rows,
        "total": found.count(),
        "who": who,
        "action": action,
        "names": sorted(
            set(AuditEntry.objects.order_by().values_list("who", flat=True).distinct())
        ),
        "older": rows[-1].pk if len(rows) == ON_A_PAGE else None,
    }
    return render(request, "tieline/audit.html", said)
