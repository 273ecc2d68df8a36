"""Keys: made by an administrator, shown once, kept as a digest; every operation asks for one."""

import json
import re

import pytest

SIGNED_IN = """
from django.conf import settings
from django.test import Client
from tieline.web.models import Member
settings.ALLOWED_HOSTS.append("testserver")
told = {}
for role in ("administrator", "viewer"):
    client = Client()
    member = Member.objects.create(login=f"{role}@keys", role=role, password="!")
    client.force_login(member)
    told[role] = client.cookies["tieline"].value
print(json.dumps(told))
"""
AUDIT = """
from tieline.web.models import AuditEntry
print(json.dumps([[one.who, one.action, one.target] for one in AuditEntry.objects.all()]))
"""


@pytest.fixture(scope="module")
def cookies(server):
    return json.loads(server.inside(SIGNED_IN))


def page(server, cookie, path, form=""):
    """A page as somebody signed in; with a form what a browser sends back from it."""
    told = {"Cookie": f"tieline={cookie}; tieline_form={'t' * 32}"}
    if not form:
        return server.ask("GET", path, **told)
    body = f"{form}&csrfmiddlewaretoken={'t' * 32}".encode()
    return server.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded", **told)


def operations(server):
    told = server.api("GET", "/openapi.json").json
    for path, by_method in told["paths"].items():
        for method in by_method:
            yield method.upper(), re.sub(r"\{\w+\}", "1", path)


def test_a_key_is_shown_once_and_revoked(server, cookies):
    made = page(server, cookies["administrator"], "/keys", "name=crm&scope=READ&scope=PEOPLE")
    secret = re.search(rb"tieline_[\w-]{43}", made.body)[0].decode()
    assert server.ask("GET", "/api/v1/accounts", key=secret).status == 200
    again = page(server, cookies["administrator"], "/keys")
    assert secret.encode() not in again.body
    assert secret[:12].encode() in again.body
    for path in (server.workspace / ".tieline").glob("web.sqlite3*"):
        assert secret.encode() not in path.read_bytes()
    number = server.inside(
        "from tieline.web.models import ApiKey; one = ApiKey.objects.get(name='crm')\n"
        "assert one.last_used_at; print(one.pk)"
    )
    page(server, cookies["administrator"], f"/keys/{number}/revoke", "x=1")
    answer = server.ask("GET", "/api/v1/accounts", key=secret)
    assert (answer.status, answer.json["code"]) == (401, "unknown_key")
    audited = json.loads(server.inside(AUDIT))
    assert ["administrator@keys", "made a key", "crm"] in audited
    assert ["administrator@keys", "revoked a key", "crm"] in audited


def test_who_is_no_administrator_sees_no_keys(server, cookies):
    assert page(server, cookies["viewer"], "/keys").status == 403
    assert page(server, cookies["viewer"], "/keys", "name=mine&scope=MANAGE").status == 403
    assert page(server, cookies["viewer"], "/api").status == 200


@pytest.mark.parametrize("form", ["name=No&scope=READ", "name=x", "name=y&scope=EVERYTHING"])
def test_a_key_that_makes_no_sense(server, cookies, form):
    assert page(server, cookies["administrator"], "/keys", form).status == 400


def test_every_operation_asks_for_a_key_that_may(server):
    weak = server.key("weak", "BUILD")
    listed = list(operations(server))
    assert len(listed) > 25
    for method, path in listed:
        nobody = server.ask(method, path, {} if method == "POST" else None)
        assert (nobody.status, nobody.json["code"]) == (401, "no_key"), path
        assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
        wrong = server.ask(
            method, path, {} if method == "POST" else None, key="tieline_" + "x" * 43
        )
        assert (wrong.status, wrong.json["code"]) == (401, "unknown_key"), path
        lacking = server.ask(method, path, {} if method == "POST" else None, key=weak)
        assert (lacking.status, lacking.json["code"]) == (403, "not_allowed"), path
    assert server.ask("GET", "/api/v1/openapi.json").status == 401


def test_a_cookie_opens_no_operation(server, cookies):
    told = {"Cookie": f"tieline={cookies['administrator']}"}
    assert server.ask("GET", "/api/v1/contacts", **told).status == 401
    assert server.ask("GET", "/api/v1/openapi.json", **told).status == 200


def test_reads_of_people_in_bulk_are_written_down(server):
    auditor = server.key("auditor", "READ", "PEOPLE", "EXPORT")
    server.ask("GET", "/api/v1/tables/contacts/bulk", key=auditor)
    server.ask("GET", "/api/v1/contacts", key=auditor)
    server.ask("GET", "/api/v1/accounts", key=auditor)
    audited = [row for row in json.loads(server.inside(AUDIT)) if row[0] == "key auditor"]
    assert audited == [
        ["key auditor", "read people by API", "contact_rows"],
        ["key auditor", "took a table by API", "contacts"],
    ]
