"""How people sign in with an account of their company, as the environment of the server says it.

Nothing of it stands in the workspace: the secret would be kept with the settings, and who is let in
would be decided by whoever may write a file there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from tieline.errors import Place, TielineError
from tieline.web.permissions import ROLES

BEGINS = "TIELINE_OIDC_"
PASSWORDS = "TIELINE_PASSWORDS"
"""The environment variable that turns passwords off: `off`."""
NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
OPTIONAL = ("NAME", "SCOPES", "ROLE_CLAIM", "ROLES", "TRUST_EMAIL")
_LOCAL = ("localhost", "127.0.0.1", "::1")
_ON, _OFF = ("yes", "on", "true", "1"), ("", "no", "off", "false", "0")


@dataclass(frozen=True)
class Company:
    """The provider (OpenID Connect) that says who somebody is.

    `roles` are pairs of a value of the claim `role_claim` and the role of those who have it.
    `trusts_email`: the provider states no `email_verified`, and all its addresses are checked.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = ""
    scopes: str = "openid email profile"
    role_claim: str = "groups"
    roles: tuple[tuple[str, str], ...] = ()
    trusts_email: bool = False

    def role(self, claims: Mapping[str, Any]) -> str:
        """The role that the provider's word gives; of several the highest, '' for none."""
        told = claims.get(self.role_claim)
        values = told if isinstance(told, list) else [told]
        given = {role for value, role in self.roles if value in values}
        return next((role for role in reversed(ROLES) if role in given), "")


def company(environment: Mapping[str, str] = os.environ) -> Company | None:
    """The company's sign-in, None if none is set up; TielineError `bad_single_sign_on` if half."""
    told = {
        name.removeprefix(BEGINS): value.strip()
        for name, value in environment.items()
        if name.startswith(BEGINS) and value.strip()
    }
    if not told:
        return None
    for name in told:
        if name not in (*NEEDED, *OPTIONAL):
            known = ", ".join(BEGINS + one for one in (*NEEDED, *OPTIONAL))
            raise _wrong(name, f"There is no setting {BEGINS}{name}.", f"Known are: {known}.")
    for name in NEEDED:
        if name not in told:
            raise _wrong(name, f"{BEGINS}{name} is not set.", "Set it, or none of them.")
    for package in ("authlib", "requests"):
        if find_spec(package) is None:
            raise TielineError(
                "single_sign_on_missing",
                f"Signing in with an account of the company needs the package {package}.",
                next_step="Install it: pip install 'tieline[oidc]'",
            )
    issuer = _issuer(told["ISSUER"])
    return Company(
        issuer=issuer,
        client_id=told["CLIENT_ID"],
        client_secret=told["CLIENT_SECRET"],
        name=told.get("NAME", "") or urlsplit(issuer).hostname or issuer,
        scopes=" ".join(dict.fromkeys(["openid", *told.get("SCOPES", "email profile").split()])),
        role_claim=told.get("ROLE_CLAIM", "groups"),
        roles=_roles(told.get("ROLES", "")),
        trusts_email=_switch(BEGINS + "TRUST_EMAIL", told.get("TRUST_EMAIL", "")),
    )


def passwords(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether one may sign in by a password; TielineError if nothing else were left."""
    told = environment.get(PASSWORDS, "").strip() or "on"
    if _switch(PASSWORDS, told):
        return True
    if company(environment) is None:
        raise TielineError(
            "no_way_in",
            f"{PASSWORDS} is off, and nobody could sign in by anything else.",
            place=Place(PASSWORDS),
            next_step=f"Set {', '.join(BEGINS + one for one in NEEDED)}, or turn passwords on.",
        )
    return False


def _issuer(told: str) -> str:
    parts = urlsplit(told)
    plain = parts.scheme == "http" and parts.hostname in _LOCAL
    if not parts.hostname or not (parts.scheme == "https" or plain) or parts.query:
        raise _wrong(
            "ISSUER",
            f"{told!r} is no address of a provider.",
            "Write it as the provider states it: https://login.example.com",
        )
    return told


def _roles(told: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for one in told.split(";"):
        if not one.strip():
            continue
        value, _, role = (part.strip() for part in one.rpartition("="))
        if not value or role not in ROLES:
            raise _wrong(
                "ROLES",
                f"{one.strip()!r} is no group and its role.",
                f"Write GROUP=ROLE; GROUP=ROLE. Roles are: {', '.join(ROLES)}.",
            )
        pairs.append((value, role))
    return tuple(pairs)


def _switch(name: str, told: str) -> bool:
    if told.lower() not in (*_ON, *_OFF):
        raise TielineError(
            "bad_switch", f"{name} is {told!r}.", place=Place(name), next_step="Set it on or off."
        )
    return told.lower() in _ON


def _wrong(name: str, says: str, next_step: str) -> TielineError:
    return TielineError("bad_single_sign_on", says, place=Place(BEGINS + name), next_step=next_step)
