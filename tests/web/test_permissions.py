"""Every address as nobody, with a role that may not, with one that may; what is written down."""

import json

import pytest
from served_market import inside

ADDRESSES = """
import json, sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web.permissions import ROLES
from tieline.web.urls import urlpatterns
print(json.dumps({
    "views": [
        [one.name, str(one.pattern),
         sorted(p.name for p in getattr(one.callback, "permissions", [])),
         getattr(one.callback, "open_to_all", "")]
        for one in urlpatterns
    ],
    "roles": {role: sorted(p.name for p in held) for role, held in ROLES.items()},
}))
"""
WRITES = {
    "sign-out", "view-save", "view-forget", "review-answer", "review-back", "review-done",
    "leads-answer", "leads-back", "definitions-draft", "definitions-save", "definitions-propose",
    "definitions-sign", "definitions-withdraw", "sources-upload", "jobs-build", "jobs-cancel",
    "jobs-retry", "jobs-schedule-run", "jobs-schedule-pause", "jobs-schedule-delete",
    "source-correct", "source-back", "sources-settle", "source-put-back",
    "contact-forgotten-files",
    "people-change", "people-withdraw", "settings-change", "keys-revoke",
}  # fmt: skip


@pytest.fixture(scope="module")
def told(site):
    return json.loads(inside(site.workspace, ADDRESSES))


def is_of_programs(name):
    """Whether a key opens it instead of somebody who is signed in: `programs/` has its tests."""
    return name.startswith(("api-", "v1-"))


def address(name, pattern, one):
    values = {
        "identifier": one.get("contact" if name == "why" else name.split("-")[0], ""),
        "name": {"gap": "unknown", "source": "crm_export"}.get(name.split("-")[0], "accounts"),
        "segment": "all",
        "deed": "merge",
        "number": "999999",
        "secret": "no-such-link",
        "token": "0" * 32,
        "step": "replace",
    }
    path = "/" + pattern
    for key, value in values.items():
        for kind in ("str", "int"):
            path = path.replace(f"<{kind}:{key}>", value)
    return path


def test_every_view_names_its_permissions_or_why_it_is_open(told):
    assert [name for name, _, needed, why in told["views"] if not needed and not why] == []
    opened = {name for name, _, _, why in told["views"] if why and not is_of_programs(name)}
    assert opened == {
        *("sign-in", "sign-in-company", "sign-in-back", "welcome", "welcome-company", "health")
    }


def test_a_program_without_a_key_gets_nothing(site, told, one):
    found = [told for told in told["views"] if is_of_programs(told[0])]
    assert len(found) > 15
    for name, pattern, _, _ in found:
        path = address(name, pattern, one)
        for method in ("GET", "POST"):
            answer = site.ask(path, method=method, body="{}" if method == "POST" else None)
            assert answer.status in (302, 401, 403, 404, 405), (method, path, answer.status)
            assert "accounts" not in answer.text or answer.status == 401, path


def test_nobody_gets_in_anywhere(site, told, one):
    for name, pattern, _, why in told["views"]:
        if why:
            continue
        path = address(name, pattern, one)
        answer = site.ask(path)
        assert answer.status == 302, path
        assert answer.headers["Location"].startswith("/sign-in?next="), path
        assert site.ask(path, method="POST", form={}).status in (401, 403), path


def test_each_role_sees_what_it_may_and_nothing_else(site, told, one):
    for role, held in told["roles"].items():
        for name, pattern, needed, why in told["views"]:
            if why or name == "sign-out":
                continue
            path = address(name, pattern, one)
            if name in WRITES:
                if set(needed) <= set(held):
                    continue
                answer = site.ask(path, role=role, method="POST", form={})
            else:
                answer = site.ask(path, role=role)
            refused = not set(needed) <= set(held)
            assert (answer.status == 403) == refused, (role, path, answer.status)
            assert answer.status < 500, (role, path)


def test_what_a_viewer_sees_names_no_person(site, one):
    for path in ("/", f"/accounts/{one['account']}", f"/sites/{one['site']}", "/actions"):
        text = site.ask(path, role="viewer").text
        assert "/contacts/" not in text, path
        assert "@" not in text.replace("viewer@tieline", ""), path


def test_who_was_kept_out_is_out_at_once(site):
    path = inside(
        site.workspace,
        """
import sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from django.conf import settings
from django.test import Client
from tieline.web.models import Member
settings.ALLOWED_HOSTS.append("testserver")
member = Member.objects.create(login="leaver", role="administrator", password="!")
client = Client()
client.force_login(member)
print(client.cookies["tieline"].value)
Member.objects.filter(pk=member.pk).update(is_active=False)
""",
    ).strip()
    answer = site.ask("/", headers={"Cookie": f"tieline={path}"})
    assert answer.status == 302


def test_a_write_without_our_form_is_refused(site):
    answer = site.ask("/jobs/build", role="administrator", method="POST", body="")
    assert answer.status == 403
    assert "out of date" in answer.text


def test_an_answer_carries_the_headers_that_keep_it_safe(site):
    for path in ("/", "/sign-in", "/no/such/page", "/static/app.css"):
        headers = site.ask(path, role="viewer").headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in site.ask("/", role="viewer").headers["Cache-Control"]


def test_another_host_name_is_refused(site):
    assert site.ask("/sign-in", headers={"Host": "evil.example"}).status == 400


def test_the_last_administrator_stays(site):
    number = inside(
        site.workspace,
        """
import sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web.models import Member
print(Member.objects.get(login="administrator@tieline").pk)
""",
    ).strip()
    for form in ({"role": "viewer", "active": "yes"}, {"role": "administrator"}):
        answer = site.ask(f"/people/{number}", role="administrator", method="POST", form=form)
        assert answer.status == 400
        assert "only administrator" in answer.text


def test_who_takes_people_out_is_written_down(site):
    log = "/audit?who=marketer%40tieline&action=personal"
    before = site.ask(log, role="administrator").text.count("took out personal data")
    assert site.ask("/contacts.csv?q=a", role="marketer").status == 200
    after = site.ask(log, role="administrator").text
    assert after.count("took out personal data") == before + 1
    assert "columns full_name, account" in after
