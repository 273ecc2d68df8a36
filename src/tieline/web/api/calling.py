"""Who calls, and what they may: every operation names its permissions; without, it is nobody's."""

from __future__ import annotations

from typing import Any

from ninja.security import HttpBearer

from tieline.errors import TielineError
from tieline.web.api import keys, limits
from tieline.web.permissions import Permission, may


class TooMany(TielineError):
    """A key asks for more than its share; `seconds` says when it may go on."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "too_many",
            "This key asks for more than its share.",
            next_step=f"Go on in {seconds} seconds; read large tables in bulk.",
        )
        self.seconds = seconds


class Needs(HttpBearer):
    """A key with all of these permissions, as `Authorization: Bearer KEY`."""

    def __init__(self, *permissions: Permission) -> None:
        super().__init__()
        self.permissions = permissions

    def __call__(self, request: Any) -> Any:
        """The program that calls; it stands where somebody signed in would."""
        secret = keys.secret_in(request)
        caller = keys.caller_of(secret)
        if caller is None:
            raise TielineError(
                "unknown_key" if secret else "no_key",
                "This key opens nothing." if secret else "There is no key in the request.",
                next_step="Send the header Authorization: Bearer KEY; an administrator makes keys "
                "on the page Keys.",
            )
        if not self.permissions or not may(caller, *self.permissions):
            lacking = [one.name for one in self.permissions if one not in caller.scopes]
            raise TielineError(
                "not_allowed",
                f"The key {caller.key.name} may not do this.",
                next_step=f"It takes a key with {', '.join(lacking)}." if lacking else "",
            )
        seconds = limits.REQUESTS.wait(caller.key.pk)
        if seconds:
            raise TooMany(seconds)
        request.user = caller
        # Then the guard writes a line into the audit log for each change.
        request.allowed = True
        return caller

    def authenticate(self, request: Any, token: str) -> Any:
        """Never asked: `__call__` reads the header itself."""
        return None
