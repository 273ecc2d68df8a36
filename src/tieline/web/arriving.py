"""Which member somebody is whom the company's provider names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tieline.errors import TielineError
from tieline.web import members
from tieline.web.provider import Arrival
from tieline.web.single_sign_on import Company


@dataclass(frozen=True)
class Entry:
    """A member who may come in, and what that changed, in words for the audit log."""

    member: Any
    changes: tuple[tuple[str, str], ...] = ()


def enter(company: Company, arrival: Arrival, secret: str = "") -> Entry:
    """The member of an arrival; made if they were invited. TielineError `stranger` for nobody.

    An account of the provider belongs to one member for good (`subject`): an address that the
    company gives to somebody else later does not give them the member. `secret` is that of the
    one-time link by which somebody came, '' for none.
    """
    from django.db import transaction

    if company.roles and not arrival.role:
        raise TielineError(
            "no_role",
            f"{company.name} does not count you among those who work with these pages.",
            next_step="Ask whoever manages the groups there.",
        )
    with transaction.atomic():
        return _entry(company, arrival, secret)


def _entry(company: Company, arrival: Arrival, secret: str) -> Entry:
    from tieline.web.models import Member

    member = Member.objects.select_for_update().filter(subject=arrival.subject).first()
    named = Member.objects.select_for_update().filter(login=arrival.email).first()
    changes: list[tuple[str, str]] = []
    if member is None:
        invited = _invited(arrival, secret, is_member=named is not None)
        if named is not None and named.subject and invited is None:
            raise TielineError(
                "another_account",
                f"{arrival.email} belongs to another account at {company.name} here.",
                next_step="Ask an administrator to invite that name again.",
            )
        member = named or _made(company, arrival, invited)
        member.subject = arrival.subject
        if invited is not None:
            invited.save(update_fields=["used_at"])
        changes.append(("was joined to an account of the company", member.login))
    if not member.is_active:
        raise TielineError(
            "kept_out", f"{member.login} is kept out.", next_step="Ask an administrator."
        )
    if company.roles and member.role != arrival.role and not _is_last(member):
        changes.append(("got a role by their group", f"{member.role} to {arrival.role}"))
        member.role = arrival.role
    member.full_name = member.full_name or arrival.full_name
    member.save()
    return Entry(member, tuple(changes))


def _invited(arrival: Arrival, secret: str, *, is_member: bool) -> Any:
    """The invitation of an arrival, marked as used, not saved; None for none."""
    from django.utils import timezone

    from tieline.web.models import Invitation

    now = timezone.now()
    if secret:
        found = members.invitation(secret)
        if found.login and found.login != arrival.email:
            raise TielineError(
                "another_s_link",
                f"This link is for {found.login}; the provider names you {arrival.email}.",
                next_step="Ask an administrator for a link of your own.",
            )
        # A link for whoever has it makes a member; it is no way into one who is there.
        found = None if is_member and not found.login else found
    else:
        waiting = Invitation.objects.filter(used_at=None, expires_at__gt=now)
        found = waiting.filter(login=arrival.email).first()
    if found is not None:
        found.used_at = now
    return found


def _made(company: Company, arrival: Arrival, invited: Any) -> Any:
    from tieline.web.models import Member

    if invited is None:
        raise TielineError(
            "stranger",
            f"Nobody here is called {arrival.email}, and nobody invited that address.",
            next_step="Ask an administrator to invite it.",
        )
    if len(arrival.email) > Member._meta.get_field("login").max_length:
        raise TielineError("long_name", "Your e-mail address is too long for a name here.")
    member = Member(login=arrival.email, role=invited.role)
    member.set_unusable_password()
    return member


def _is_last(member: Any) -> bool:
    """Whether nobody else could manage the pages: such a one stays administrator."""
    from tieline.web.models import Member

    others = Member.objects.filter(role="administrator", is_active=True).exclude(pk=member.pk)
    return member.role == "administrator" and not others.exists()
