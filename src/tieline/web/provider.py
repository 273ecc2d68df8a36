"""The conversation with the company's provider: OpenID Connect, authorization code with PKCE."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from tieline.errors import TielineError
from tieline.web.single_sign_on import Company

log = logging.getLogger("tieline.web")

LEEWAY_SECONDS = 60
"""So far may the clocks of provider and server be apart; RFC 7519, section 4.1.4: a few minutes."""
TIMEOUT_SECONDS = 5
"""How long an answer of the provider is waited for: a thread of the server waits with it."""
KEPT_SECONDS = 3600
"""After so long its addresses are asked for again; unknown keys are at once."""
PAUSE_SECONDS = 10
"""So long nobody asks a provider that did not answer: else all threads would wait for it."""
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "Ed25519", "EdDSA")  # fmt: skip
"""By a private key of the provider's own. Never `none`, nor a secret that both sides hold."""


@dataclass(frozen=True)
class Arrival:
    """Who the provider says somebody is; `email` is in small letters and checked by it."""

    subject: str
    email: str
    full_name: str
    role: str


class _Kept:
    """The client of this process, with what the provider says of itself."""

    lock = threading.Lock()
    client: Any = None
    until = 0.0
    quiet_until = 0.0


def begin(company: Company, request: Any, back: str) -> Any:
    """Send the browser to the provider; state, nonce and the code's verifier stay in its session.

    `back` is the full address that the provider sends it to.
    """
    client = _client(company)
    return client.authorize_redirect(request, back)


def arrive(company: Company, request: Any) -> Arrival:
    """Who came back; TielineError `not_proved` for whatever is not as this session asked for it."""
    if request.GET.get("error"):
        said = (request.GET.get("error_description") or request.GET["error"])[:200]
        raise TielineError(
            "provider_refused", f"{company.name} did not let you in: {said}", next_step="Try again."
        )
    if request.GET.get("iss", company.issuer) != company.issuer:
        # RFC 9207: an answer of another provider.
        raise _not_proved("the answer is another provider's")
    client = _client(company)
    import requests

    options = {
        "iss": {"essential": True, "value": company.issuer},
        "aud": {"essential": True, "value": company.client_id},
    }
    try:
        token = client.authorize_access_token(
            request, claims_options=options, leeway=LEEWAY_SECONDS
        )
    except requests.RequestException as problem:
        raise _down(company, problem) from None
    except Exception as problem:
        # Whatever a wrong answer makes of the library: it proves nothing.
        log.warning("sign-in with %s: %s: %s", company.name, type(problem).__name__, problem)
        raise _not_proved(_reason(problem)) from None
    claims = token.get("userinfo")
    if not claims:
        raise _not_proved("it carries no ID token")
    return _arrival(company, claims)


def speaks(company: Company) -> None:
    """Ask the provider for its addresses; TielineError `provider_down` if it gives none."""
    _client(company)


def _arrival(company: Company, claims: Any) -> Arrival:
    email = str(claims.get("email") or "").strip().lower()
    checked = claims.get("email_verified", company.trusts_email)
    if not email or checked not in (True, "true"):
        raise TielineError(
            "email_unchecked",
            f"{company.name} does not say that an e-mail address of yours was checked.",
            next_step="Have it checked there; whoever runs it has to state email_verified.",
        )
    return Arrival(
        subject=f"{company.issuer}#{claims['sub']}",
        email=email,
        full_name=str(claims.get("name") or "").strip()[:120],
        role=company.role(claims),
    )


def _client(company: Company) -> Any:
    """The client, after the provider told where everything is."""
    now = time.monotonic()
    with _Kept.lock:
        if _Kept.client is not None and now < _Kept.until:
            return _Kept.client
        if now < _Kept.quiet_until:
            raise _down(company, "it did not answer just now")
    try:
        made = _discovered(company)
    except TielineError:
        with _Kept.lock:
            _Kept.quiet_until = time.monotonic() + PAUSE_SECONDS
        raise
    with _Kept.lock:
        _Kept.client, _Kept.until = made, time.monotonic() + KEPT_SECONDS
    return made


def _discovered(company: Company) -> Any:
    from authlib.integrations.django_client import OAuth

    client = OAuth().register(
        "company",
        client_id=company.client_id,
        client_secret=company.client_secret,
        server_metadata_url=f"{company.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": company.scopes,
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )
    try:
        told = client.load_server_metadata()
        addresses = [told[one] for one in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    except Exception as problem:
        # No answer, no JSON, no addresses in it.
        raise _down(company, problem) from None
    secure = company.issuer.startswith("http://") or all(
        str(one).startswith("https://") for one in addresses
    )
    if told.get("issuer") != company.issuer or not secure:
        raise _down(company, f"it calls itself {told.get('issuer')!r}, not {company.issuer!r}")
    named = told.get("id_token_signing_alg_values_supported", ["RS256"])
    told["id_token_signing_alg_values_supported"] = [one for one in named if one in SIGNATURES]
    ways = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" not in ways and "client_secret_post" in ways:
        client.client_kwargs["token_endpoint_auth_method"] = "client_secret_post"
    return client


def _reason(problem: Exception) -> str:
    """In words, which of the checks an answer failed."""
    from authlib.integrations.base_client import MismatchingStateError
    from joserfc import errors

    if isinstance(problem, MismatchingStateError):
        return "it was not asked for from this browser, or long ago"
    if isinstance(problem, errors.ExpiredTokenError):
        return "its time is over"
    if isinstance(problem, errors.ClaimError):
        return f"its {problem.claim} is another one"
    if isinstance(problem, errors.JoseError):
        return "its signature is not the provider's"
    return "the provider did not stand by it"


def _not_proved(reason: str) -> TielineError:
    return TielineError(
        "not_proved",
        f"The answer of the provider proves nothing: {reason}.",
        next_step="Sign in once more. If that comes again, tell whoever runs the pages.",
    )


def _down(company: Company, problem: object) -> TielineError:
    log.warning("sign-in with %s: %s", company.name, problem)
    return TielineError(
        "provider_down",
        f"{company.name} does not answer, or not as a provider of sign-ins does.",
        next_step="Try again in a minute. The log of tieline serve says what happened.",
    )
