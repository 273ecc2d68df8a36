"""Who signs in: passwords, one-time links, and the limits on guessing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from tieline.errors import TielineError
from tieline.web.permissions import ROLES

LINK_HOURS = 72
FAILURES_OF_A_NAME = 5
FAILURES_OF_AN_ADDRESS = 30
WINDOW_MINUTES = 10
"""So many failures within so many minutes, and no more tries are looked at.

A name is guessed from many addresses, an address guesses many names: both are counted. A thousand
guesses a day at a name do not reach a password of twelve characters.
"""


class ByPassword:
    """Django's way to ask who somebody is."""

    def authenticate(self, request: Any, login: str = "", password: str = "") -> Any:
        """The member of that name and password, None if there is none; both take as long."""
        from django.conf import settings

        from tieline.web.models import Member

        if not settings.TIELINE_PASSWORDS:
            return None
        member = Member.objects.filter(login=login.strip().lower()).first()
        if member is None:
            Member().set_password(password)
            return None
        return member if member.check_password(password) and member.is_active else None

    def get_user(self, number: int) -> Any:
        """The member of a session, None once they may not sign in any more."""
        from tieline.web.models import Member

        return Member.objects.filter(pk=number, is_active=True).first()


def wait_seconds(login: str, address: str) -> int:
    """How long no further try is looked at; 0 if one may be made now."""
    from django.utils import timezone

    from tieline.web.models import SignInAttempt

    now = timezone.now()
    window = timedelta(minutes=WINDOW_MINUTES)
    failed = SignInAttempt.objects.filter(succeeded=False, at__gt=now - window)
    for found, most in (
        (failed.filter(login=login.strip().lower()[:80]), FAILURES_OF_A_NAME),
        (failed.filter(address=address), FAILURES_OF_AN_ADDRESS),
    ):
        times = list(found.order_by("-at").values_list("at", flat=True)[:most])
        if len(times) == most:
            return int((times[-1] + window - now).total_seconds()) + 1
    return 0


def note_attempt(login: str, address: str, *, succeeded: bool) -> None:
    """Write down a try to sign in; those of yesterday are deleted."""
    from django.utils import timezone

    from tieline.web.models import SignInAttempt

    name = login.strip().lower()[:80]
    if succeeded:
        SignInAttempt.objects.filter(login=name, address=address).delete()
    SignInAttempt.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
    SignInAttempt.objects.create(login=name, address=address, succeeded=succeeded)


def invite(*, role: str, login: str = "", by: str = "") -> str:
    """The secret of a new one-time link.

    Earlier unused links for the same person end, and so do those of the terminal with each new one
    of it.
    """
    from django.utils import timezone

    from tieline.web.models import Invitation

    if role not in ROLES:
        raise TielineError(
            "unknown_role",
            f"There is no role {role!r}.",
            next_step=f"Known are: {', '.join(ROLES)}.",
        )
    if login or not by:
        Invitation.objects.filter(login=login, made_by=by, used_at=None).delete()
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(
        digest=_digest(secret),
        login=login,
        role=role,
        made_by=by,
        expires_at=timezone.now() + timedelta(hours=LINK_HOURS),
    )
    return secret


def invitation(secret: str) -> Any:
    """The invitation of a link; TielineError `spent_link` if it was used or is too old."""
    from django.utils import timezone

    from tieline.web.models import Invitation

    found = Invitation.objects.filter(
        digest=_digest(secret), used_at=None, expires_at__gt=timezone.now()
    ).first()
    if found is None:
        raise TielineError(
            "spent_link",
            "This link was used already, replaced by a newer one, or is too old.",
            next_step="Ask an administrator for a new one; whoever runs the server gets one by "
            "tieline serve --new-link.",
        )
    return found


def has_administrator() -> bool:
    """Whether somebody can manage the pages."""
    from tieline.web.models import Member

    return bool(Member.objects.filter(role="administrator", is_active=True).exists())


def known_as(member: Any) -> tuple[str, ...]:
    """The names that are somebody's: the one to sign in with, and their own.

    A name by which another member goes, too, is nobody's: else whoever takes it could sign for them
    and get their leads.
    """
    from tieline.web.models import Member

    others = {
        name.strip().casefold()
        for told in Member.objects.exclude(pk=member.pk).values_list("login", "full_name")
        for name in told
    }
    mine = dict.fromkeys((member.login, member.full_name.strip()))
    return tuple(name for name in mine if name and name.casefold() not in others)


def is_known_as(member: Any, name: str) -> bool:
    """Whether a name in a file is that of a member; large and small letters are the same."""
    return name.strip().casefold() in (one.casefold() for one in known_as(member))


def _digest(secret: str) -> str:
    return hashlib.sha256(b"link" + secret.encode()).hexdigest()
