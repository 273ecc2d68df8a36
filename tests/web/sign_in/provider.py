"""A provider of sign-ins: OpenID Connect as Authlib's server speaks it, tokens signed by PyJWT.

`python provider.py PORT`. People sign in on its page by choosing who they are. A test makes it lie:
`POST /lie` with `{"nonce": "another"}` changes that claim of the ID tokens it gives out from then
on; `"signed_by": "somebody"` signs with another key, `"none"` with none.
"""

from __future__ import annotations

import json
import sys
import time
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
import jwt
from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import path

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 0
ISSUER = f"http://localhost:{PORT}"
CLIENT, SECRET = "tieline-of-the-tests", "a-secret-of-the-tests"
PEOPLE = {
    "ada": {"email": "Ada@Company.Example", "email_verified": True, "name": "Ada Example",
            "groups": ["everybody", "Marketing = all"]},
    "bob": {"email": "bob@company.example", "email_verified": True, "name": "Bob Example",
            "groups": ["everybody"]},
    "eve": {"email": "ada@company.example", "email_verified": False, "name": "Eve Example"},
    "mat": {"email": "mat@company.example", "email_verified": True, "name": "Mat Example",
            "groups": ["Marketing = all"]},
    "second": {"email": "ada@company.example", "email_verified": True, "name": "Another Ada"},
}  # fmt: skip
KEYS = {name: rsa.generate_private_key(65537, 2048) for name in ("ours", "somebody")}
codes: dict[str, Code] = {}
lies: dict[str, object] = {}


class Client(ClientMixin):
    """The one program that may ask."""

    def get_client_id(self):
        return CLIENT

    def get_allowed_scope(self, scope):
        return scope

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri.endswith("/sign-in/company/back")

    def check_client_secret(self, client_secret):
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"


class Code(SimpleNamespace, AuthorizationCodeMixin):
    """A code that was given out, once."""

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return int(time.time())

    def get_acr(self):
        return None

    def get_amr(self):
        return None


class Grant(grants.AuthorizationCodeGrant):
    """Codes in memory."""

    def save_authorization_code(self, code, request):
        told = request.payload.data
        codes[code] = Code(
            code=code,
            user=request.user,
            scope=request.scope,
            redirect_uri=request.payload.redirect_uri,
            nonce=told.get("nonce"),
            code_challenge=told.get("code_challenge"),
            code_challenge_method=told.get("code_challenge_method"),
        )

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, authorization_code):
        del codes[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class Tokens(OpenIDCode):
    """ID tokens, true ones unless a test wants others."""

    def exists_nonce(self, nonce, request):
        return any(one.nonce == nonce for one in codes.values())

    def encode_id_token(self, token, request):
        now = int(time.time())
        claims = {
            **{"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300},
            **{"sub": f"number of {request.user}", "nonce": request.authorization_code.nonce},
            **PEOPLE[request.user],
        }
        for name in ("exp", "iat"):
            claims[name] += lies.get(f"{name}_by", 0)
        claims |= {name: value for name, value in lies.items() if name in ("nonce", "aud", "iss")}
        key = lies.get("signed_by", "ours")
        if key == "none":
            return jwt.encode(claims, None, "none")
        if key == "secret":
            return jwt.encode(claims, SECRET * 2, "HS256", {"kid": "ours"})
        return jwt.encode(claims, KEYS[key], "RS256", {"kid": "ours"})


class Server(AuthorizationServer):
    """Knows its one client; access tokens open nothing."""

    def query_client(self, client_id):
        return Client() if client_id == CLIENT else None

    def save_token(self, token, request):
        pass


def discovery(request):
    return JsonResponse(
        {
            "issuer": lies.get("issuer", ISSUER),
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
    )


def keys(request):
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS["ours"].public_key()))
    return JsonResponse({"keys": [public | {"kid": "ours", "use": "sig", "alg": "RS256"}]})


def authorize(request):
    if request.method == "POST":
        return server.create_authorization_response(request, grant_user=request.POST["who"])
    server.get_consent_grant(request)
    assert request.GET["code_challenge_method"] == "S256"
    buttons = "".join(f'<button name="who" value="{one}">I am {one}</button>' for one in PEOPLE)
    refuse = f"{request.GET['redirect_uri']}?error=access_denied&state={request.GET['state']}"
    return HttpResponse(
        f'<!doctype html><html lang="en"><link rel="icon" href="data:,"><h1>Who are you?</h1>'
        f'<form method="post">{buttons}</form><a href="{refuse}">No</a>'
    )


def token(request):
    return server.create_token_response(request)


def lie(request):
    lies.clear()
    lies.update(json.loads(request.body))
    return HttpResponse("")


urlpatterns = [
    path(".well-known/openid-configuration", discovery),
    path("keys", keys),
    path("authorize", authorize),
    path("token", token),
    path("lie", lie),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *said):
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


if __name__ == "__main__":
    import os

    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    settings.configure(
        ROOT_URLCONF=__name__, ALLOWED_HOSTS=["localhost"], SECRET_KEY="x", DEBUG=True
    )
    django.setup()
    server = Server(None, None)
    server.register_grant(Grant, [Tokens(require_nonce=True), CodeChallenge(required=True)])
    from django.core.wsgi import get_wsgi_application

    make_server("localhost", PORT, get_wsgi_application(), Threads, Quiet).serve_forever()
