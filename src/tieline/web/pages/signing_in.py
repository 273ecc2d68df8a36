"""Signing in and out, and the one-time links by which people choose their password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tieline.web import audit, members
from tieline.web.permissions import Permission, needs, open_to_all

NO_PASSWORDS = "No password opens these pages: one signs in with an account of the company."


@open_to_all("whoever is to sign in is nobody yet")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def sign_in(request: Any) -> Any:
    """Name and password; after too many wrong ones, none is looked at for a while."""
    after = inside(request, request.POST.get("next") or request.GET.get("next") or "/")
    said: dict[str, Any] = {"next": after, "login": request.POST.get("login", "")[:80]}
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(after)
        said["no_administrator"] = not members.has_administrator()
        return render(request, "tieline/sign_in.html", said)
    if not settings.TIELINE_PASSWORDS:
        said["problem"] = NO_PASSWORDS
        return render(request, "tieline/sign_in.html", said, status=403)
    name, address = said["login"], audit.address_of(request)
    wait = members.wait_seconds(name, address)
    if wait:
        said["problem"] = f"Too many wrong tries. Wait {-(-wait // 60)} minutes, then try again."
        response = render(request, "tieline/sign_in.html", said, status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    member = authenticate(request, login=name, password=request.POST.get("password", ""))
    members.note_attempt(name, address, succeeded=member is not None)
    if member is None:
        said["problem"] = "Name or password is wrong."
        return render(request, "tieline/sign_in.html", said, status=403)
    login(request, member)
    audit.write(request, "signed in")
    return HttpResponseRedirect(after)


@needs(Permission.READ)
@require_POST
def sign_out(request: Any) -> Any:
    """End the session."""
    audit.write(request, "signed out")
    logout(request)
    return HttpResponseRedirect("/sign-in")


@open_to_all("the link itself is the permission, once")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "again")
def welcome(request: Any, secret: str) -> Any:
    """Choose a name and a password with a one-time link."""
    found = members.invitation(secret)
    said = {
        "invitation": found,
        "secret": secret,
        "login": found.login or request.POST.get("login", "")[:80],
        "full_name": request.POST.get("full_name", "")[:120],
    }
    if request.method == "GET":
        return render(request, "tieline/welcome.html", said)
    if not settings.TIELINE_PASSWORDS:
        return render(
            request, "tieline/welcome.html", said | {"problems": [NO_PASSWORDS]}, status=403
        )
    try:
        member = _join(found, said["login"], said["full_name"], request.POST)
    except ValidationError as problem:
        said["problems"] = problem.messages
        return render(request, "tieline/welcome.html", said, status=400)
    login(request, member, backend="tieline.web.members.ByPassword")
    audit.write(request, "chose a password by a one-time link", member.login)
    return HttpResponseRedirect("/")


@needs(Permission.READ)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("now", "password", "again")
def own_password(request: Any) -> Any:
    """Change one's own password; other sessions of the same person end."""
    said: dict[str, Any] = {}
    if request.method == "POST":
        try:
            if not settings.TIELINE_PASSWORDS or not request.user.has_usable_password():
                raise ValidationError(NO_PASSWORDS)
            if not request.user.check_password(request.POST.get("now", "")):
                raise ValidationError("The password you have now is another one.")
            request.user.set_password(_password(request.POST, request.user))
            request.user.save()
        except ValidationError as problem:
            said["problems"] = problem.messages
        else:
            from django.contrib.auth import update_session_auth_hash

            update_session_auth_hash(request, request.user)
            audit.write(request, "changed own password")
            said["done"] = True
    return render(request, "tieline/own_password.html", said)


@open_to_all("a load balancer asks it; it tells nothing")
@require_safe
def health(request: Any) -> Any:
    """Whether the pages answer."""
    return HttpResponse("ok\n", content_type="text/plain")


def _join(found: Any, name: str, full_name: str, given: Any) -> Any:
    from tieline.web.models import Invitation, Member

    name = name.strip().lower()
    if not name or not all(c.isalnum() or c in "._@+-" for c in name):
        raise ValidationError("A name to sign in with: letters, digits and . _ @ + - only.")
    member = Member.objects.filter(login=name).first()
    if member is not None and found.login != name:
        raise ValidationError("Somebody has that name already.")
    if member is None:
        member = Member(login=name, role=found.role)
    member.full_name = full_name.strip() or member.full_name
    member.set_password(_password(given, member))
    try:
        with transaction.atomic():
            # Two who follow the same link at once: one of them comes too late.
            if not Invitation.objects.filter(pk=found.pk, used_at=None).update(
                used_at=timezone.now()
            ):
                raise ValidationError("This link was used just now.")
            member.save()
    except IntegrityError:
        raise ValidationError("Somebody has that name already.") from None
    return member


def _password(given: Any, member: Any) -> str:
    from django.contrib.auth.password_validation import validate_password

    password = str(given.get("password", ""))
    if password != given.get("again", ""):
        raise ValidationError("The two passwords differ.")
    validate_password(password, member)
    return password


def inside(request: Any, address: str) -> str:
    """The address to go on to, if it is one of ours."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else "/"
