"""Keys of programs: made by an administrator, shown once, kept as a digest, good until revoked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tieline.errors import TielineError
from tieline.web.permissions import Permission

PREFIX = "tieline_"
"""So that a key that slipped into a repository is found by those who search for such."""
BYTES = 32
USE_NOTED_SECONDS = 60
"""When a key was last used is written down no more often than this."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_noted: dict[int, float] = {}


@dataclass(frozen=True)
class Caller:
    """A program, as views and the audit log see it: in the place of somebody signed in."""

    key: Any
    scopes: frozenset[Permission]

    is_authenticated = True
    is_active = True
    role = "key"

    @property
    def login(self) -> str:
        """What the audit log and judgements say of who did it."""
        return f"key {self.key.name}"


def make(name: str, scopes: Collection[str], *, by: str, stream: str = "") -> tuple[Any, str]:
    """A new key and its secret, which is told this once."""
    from tieline.web.models import ApiKey

    name = name.strip()
    stream = stream.strip() or name
    for text in (name, stream):
        if not _NAME.fullmatch(text):
            raise TielineError(
                "bad_name",
                f"{text[:60]!r} cannot name a key or a stream.",
                next_step="Use a small letter, then at most 39 small letters, digits and _: "
                "web_shop.",
            )
    unknown = sorted(set(scopes) - set(Permission.__members__))
    if unknown or not scopes:
        raise TielineError(
            "unknown_scope",
            f"There is no permission {unknown[0]!r}." if unknown else "No permission is named.",
            next_step=f"Known are: {', '.join(Permission.__members__)}.",
        )
    if ApiKey.objects.filter(name=name).exists():
        raise TielineError(
            "name_taken",
            f"There is a key {name!r}, or was one.",
            next_step="Take another name; its stream of events may go on: name the stream.",
        )
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    key = ApiKey.objects.create(
        name=name,
        stream=stream,
        digest=_digest(secret),
        hint=secret[: len(PREFIX) + 4],
        scopes=" ".join(sorted(set(scopes))),
        made_by=by,
    )
    return key, secret


def revoke(number: int, *, by: str) -> Any:
    """Have a key open nothing any more, at once; None if there is none of that number."""
    from django.utils import timezone

    from tieline.web.models import ApiKey

    found = ApiKey.objects.filter(pk=number).first()
    if found is not None and found.revoked_at is None:
        found.revoked_at, found.revoked_by = timezone.now(), by
        found.save(update_fields=["revoked_at", "revoked_by"])
    return found


def caller_of(secret: str) -> Caller | None:
    """The program of a secret; None if there is none, or none any more."""
    from tieline.web.models import ApiKey

    if not secret or len(secret) > 200:
        return None
    key = ApiKey.objects.filter(digest=_digest(secret), revoked_at=None).first()
    if key is None:
        return None
    _note_use(key)
    return Caller(key, scopes_of(key))


def scopes_of(key: Any) -> frozenset[Permission]:
    """What a key may; a permission that there is no more is none."""
    return frozenset(
        Permission[name] for name in key.scopes.split() if name in Permission.__members__
    )


def secret_in(request: Any) -> str:
    """The secret that a request brings: `Bearer SECRET`, or Basic with it as the name; '' if none.

    Segment's libraries send the second.
    """
    kind, _, told = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    told = told.strip()
    if kind.lower() == "bearer":
        return str(told)
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(told, validate=True).decode("utf-8").partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def _note_use(key: Any) -> None:
    from django.utils import timezone

    from tieline.web.models import ApiKey

    now = time.monotonic()
    if now - _noted.get(key.pk, -USE_NOTED_SECONDS) < USE_NOTED_SECONDS:
        return
    _noted[key.pk] = now
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=timezone.now())


def _digest(secret: str) -> str:
    # The secret has 256 random bits: there is nothing to guess, so one quick digest is enough.
    return hashlib.sha256(b"api key" + secret.encode("utf-8", "replace")).hexdigest()
