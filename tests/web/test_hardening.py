"""What somebody tries who means harm: cookies, forms, addresses, headers, floods."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from served_market import Site, inside, run, serving
from test_pages import PAGES
from test_pages import address as page_address
from test_permissions import ADDRESSES, WRITES, address

TEMPLATES = Path(__file__).parents[2] / "src/tieline/web/templates/tieline"
PASSWORD = "correct horse battery"
SETUP = """
import json, sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web.models import Member, SavedView
def member(login, role="viewer"):
    made, _ = Member.objects.get_or_create(login=login, defaults={"role": role})
    made.set_password("correct horse battery")
    made.save()
    return made
"""


@pytest.fixture(scope="module")
def told(site):
    import json

    return json.loads(inside(site.workspace, ADDRESSES))


def sign_in(site, login, cookie="", after=""):
    headers = {"Cookie": f"tieline={cookie}; tieline_form={'t' * 32}"} if cookie else None
    form = {"login": login, "password": PASSWORD, **({"next": after} if after else {})}
    return site.ask("/sign-in", method="POST", form=form, headers=headers)


def session(answer):
    return re.search(r"tieline=(\w+)", answer.headers["Set-Cookie"])[1]


@pytest.fixture(scope="module")
def mallory(site):
    inside(site.workspace, SETUP + "member('mallory')")
    return session(sign_in(site, "mallory"))


def test_each_write_wants_a_form_of_ours(site, told, one):
    for name, pattern, _, _ in told["views"]:
        if name not in WRITES:
            continue
        path = address(name, pattern, one)
        cookie = f"tieline={site.cookies['administrator']}"
        for headers in (
            {"Cookie": cookie},
            {"Cookie": f"{cookie}; tieline_form={'t' * 32}"},
            {"Cookie": f"{cookie}; tieline_form={'t' * 32}", "X-CSRFToken": "u" * 32},
        ):
            answer = site.ask(path, method="POST", body="", headers=headers)
            assert answer.status == 403, (name, answer.status)
            assert "out of date" in answer.text
        from_elsewhere = site.ask(
            path, role="administrator", method="POST", form={},
            headers={"Origin": "https://evil.example"},
        )  # fmt: skip
        assert from_elsewhere.status == 403, name


def test_no_write_is_done_by_looking(site, told, one):
    for name, pattern, _, _ in told["views"]:
        if name in WRITES:
            path = address(name, pattern, one)
            assert site.ask(path, role="administrator").status == 405, name
            for header in ("X-HTTP-Method-Override", "X-Method-Override"):
                answer = site.ask(path, role="administrator", headers={header: "POST"})
                assert answer.status == 405, (name, header)
            assert site.ask(f"{path}?_method=POST", role="administrator").status == 405, name


JUNK = ("", "x", "-1", "9" * 40, "\x00", "'; DROP TABLE web_member; --", "../../x", "\ud7ff" * 9)


@pytest.mark.parametrize("junk", JUNK)
def test_a_form_full_of_junk_is_no_fault(site, told, one, junk):
    """Every field that any form of ours has, with the same nonsense, to each address."""
    fields = set()
    for page in TEMPLATES.glob("*.html"):
        fields |= set(re.findall(r'name="([a-z_]+)"', page.read_text("utf-8")))
    assert len(fields) > 30
    kept = (site.workspace / "tieline.toml").read_bytes()
    for name, pattern, _, _ in told["views"]:
        if name not in WRITES - {"sign-out", "sources-upload", "jobs-build"}:
            continue
        form = dict.fromkeys(sorted(fields - {"csrfmiddlewaretoken", "step"}), junk)
        answer = site.ask(
            address(name, pattern, one), role="administrator", method="POST", form=form
        )
        assert answer.status < 500, (name, junk, answer.text)
    assert (site.workspace / "tieline.toml").read_bytes() == kept


@pytest.mark.parametrize("junk", JUNK)
def test_an_address_full_of_junk_is_no_fault(site, told, one, junk):
    names = {"q", "page", "sort", "columns", "on", "budget", "of", "field", "show", "product",
             "status", "step", "source", "only", "run", "hours", "capacity", "check", "before",
             "who", "action", "stage", "back", "next", "round", "kind", "segment"}  # fmt: skip
    query = "&".join(f"{name}={quote(junk)}" for name in sorted(names))
    for name, pattern, _, _ in told["views"]:
        if name in WRITES or name.startswith(("api-", "v1-", "sign-in-")) or "secret" in pattern:
            continue
        answer = site.ask(f"{address(name, pattern, one)}?{query}", role="administrator")
        assert answer.status < 500, (name, junk, answer.text)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "XYZ"])
def test_another_method_does_nothing(site, method):
    for path in ("/", "/people", "/jobs", "/sign-in"):
        assert site.ask(path, role="administrator", method=method).status in (400, 403, 405, 501)


def test_a_cookie_from_before_is_not_the_one_after(site, mallory):
    inside(site.workspace, SETUP + "member('victim')")
    planted = "p" * 32
    answer = sign_in(site, "victim", planted)
    assert answer.status == 302
    assert session(answer) != planted
    assert site.ask("/", headers={"Cookie": f"tieline={planted}"}).status == 302
    another = session(sign_in(site, "mallory"))
    assert session(sign_in(site, "victim", another)) != another


def test_cookies_go_nowhere_else(site, tmp_path):
    for cookie in sign_in(site, "mallory").headers["Set-Cookie"], form_cookie(site):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie
    run("new", str(tmp_path / "market"))
    with serving(tmp_path / "market", "--url", "https://tieline.example.com") as port:
        behind = Site(tmp_path / "market", port, {})
        answer = behind.ask("/sign-in", headers={"Host": "tieline.example.com"})
        assert "Secure" in answer.headers["Set-Cookie"]
        secure = behind.ask(
            "/sign-in", headers={"Host": "tieline.example.com", "X-Forwarded-Proto": "https"}
        )
        assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]


def form_cookie(site):
    return site.ask("/sign-in").headers["Set-Cookie"]


def test_another_password_ends_the_other_sessions(site):
    inside(site.workspace, SETUP + "member('changer')")
    here, there = (session(sign_in(site, "changer")) for _ in range(2))
    now = {"now": PASSWORD, "password": PASSWORD + " 2", "again": PASSWORD + " 2"}
    answer = site.ask(
        "/password", method="POST", form=now,
        headers={"Cookie": f"tieline={here}; tieline_form={'t' * 32}"},
    )  # fmt: skip
    assert "Your password is changed" in answer.text
    assert site.ask("/", headers={"Cookie": f"tieline={there}"}).status == 302
    assert site.ask("/", headers={"Cookie": f"tieline={session(answer)}"}).status in (200, 409)


@pytest.mark.parametrize(
    "after",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "https:evil.example", "javascript:alert(1)", "http:///evil.example", "\x00//evil.example",
        "/\t/evil.example", "/\r\nSet-Cookie: a=b",
    ],
)  # fmt: skip
def test_going_on_leads_nowhere_else(site, mallory, after):
    answer = sign_in(site, "mallory", after=after)
    assert answer.status == 302
    to = answer.headers["Location"]
    assert to.startswith("/"), to
    assert not to.startswith(("//", "/\\")), to
    assert "a=b" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "header",
    [{"Host": "evil.example"}, {"Host": "localhost:80@evil.example"}],
)
def test_a_host_that_is_not_ours_is_refused(site, header):
    assert site.ask("/sign-in", headers=header).status == 400


def test_a_host_that_is_claimed_to_be_in_front_is_not_believed(site):
    answer = site.ask(
        "/people", role="administrator", method="POST", form={"role": "viewer"},
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )  # fmt: skip
    assert answer.status == 200
    assert "/welcome/" in answer.text
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/static/../web.key", "/static/%2e%2e/%2e%2e/web.key", "/static/..%2f..%2fpyproject.toml",
        "/static//etc/passwd", "/static/%00app.css", "/static/....//app.css", "/static/",
        "/static/..\\..\\web.key", "/sources/of/..%2F..%2Ftieline", "/sources/of/%2e%2e",
        "/catalogue/..%2Fcontacts", "/catalogue/../../etc/passwd", "/.tieline/web.key",
        "//evil.example/", "/%2F%2Fevil.example", "/leads/definitions/..%2F..%2Ftieline",
    ],
)  # fmt: skip
def test_a_path_leads_to_no_file(site, path):
    answer = site.ask(path, role="administrator")
    assert answer.status in (301, 302, 400, 404), answer.status
    assert "evil.example" not in answer.headers.get("Location", "")
    assert "root:" not in answer.text
    assert (site.workspace / ".tieline" / "web.key").read_text().strip() not in answer.text


@pytest.mark.parametrize("text", ["a\r\nSet-Cookie: evil=1", "a\nX-Evil: 1", "a\x00b", "é\u2028"])
def test_no_address_writes_a_header(site, text):
    said = quote(text)
    for path in (
        f"/accounts?q={said}",
        f"/find?q={said}",
        f"/sign-in?next=/{said}",
        f"/{said}",
        f"/accounts.csv?q={said}",
    ):
        answer = site.ask(path, role="administrator")
        assert answer.status in (200, 302, 404), (path, answer.status)
        assert "X-Evil" not in answer.headers
        assert "evil=1" not in answer.headers.get("Set-Cookie", "")


def test_nobody_reaches_what_is_another_s(site, mallory):
    number = inside(
        site.workspace,
        SETUP + "print(SavedView.objects.create(member=member('owner'), page='accounts', "
        "name='my targets', query='q=secret').pk)",
    ).strip()
    mine = {"Cookie": f"tieline={mallory}; tieline_form={'t' * 32}"}
    answer = site.ask(f"/views/{number}/forget", method="POST", form={}, headers=mine)
    assert answer.status == 404
    assert "my targets" not in answer.text
    assert "my targets" not in site.ask("/accounts", headers=mine).text
    count = "print(SavedView.objects.filter(name='my targets').count())"
    assert inside(site.workspace, SETUP + count).strip() == "1"
    for path in ("/jobs/999999/cancel", "/keys/1/revoke", "/people/1", "/people/links/1"):
        assert site.ask(path, method="POST", form={}, headers=mine).status == 403, path


@pytest.mark.parametrize(
    "query",
    [
        "sort=name);DROP TABLE accounts;--", "columns=name&columns=account_id FROM accounts;--",
        "q=' UNION SELECT 1 --", "outlook=x' OR '1'='1", "page=1;SELECT 1", "segment=\\';--",
    ],
)  # fmt: skip
def test_a_saved_view_carries_no_sql(site, query):
    form = {"page": "accounts", "name": "of harm", "query": quote(query, safe="=&")}
    answer = site.ask("/views/save", role="seller", method="POST", form=form)
    assert answer.status == 302
    shown = site.ask(answer.headers["Location"], role="seller")
    assert shown.status == 200
    assert site.ask("/accounts", role="viewer").text.count("<tr") > 10


def test_a_page_holds_nothing_that_the_policy_would_stop(site, one):
    for path in (*PAGES, "/sign-in", "/no/such/page"):
        answer = site.ask(page_address(path, one), role="administrator")
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        tags = re.findall(r"<[a-z][^>]*>", answer.text)
        for tag in tags:
            bare = re.sub(r'="[^"]*"', "", tag)
            assert not re.search(r"\s(style|on\w+|srcdoc)\b", bare), (path, tag)
            assert 'href="javascript:' not in tag.lower(), (path, tag)
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|<iframe|<object|<base", answer.text), (
            path
        )


def test_parts_of_pages_cannot_be_framed_either(site):
    job = site.ask("/jobs", role="viewer")
    for path in ("/jobs", "/api/v1/openapi.json", "/static/app.js", "/health", "/accounts.csv"):
        headers = site.ask(path, role="marketer", headers={"X-Part": "1"}).headers
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
    assert job.status == 200


def test_an_address_that_guesses_names_has_to_wait(site):
    script = SETUP + "from tieline.web import members\n"
    fill = "[members.note_attempt(f'name{n}', '10.9.8.7', succeeded=False) for n in range(30)]\n"
    ask = "print(members.wait_seconds('somebody else', '10.9.8.7') > 60)\n"
    other = "print(members.wait_seconds('somebody else', '10.9.8.8'))"
    assert inside(site.workspace, script + fill + ask + other).split() == ["True", "0"]


def test_who_takes_out_list_after_list_has_to_wait(site):
    inside(site.workspace, SETUP + "member('taker', 'marketer')")
    mine = {"Cookie": f"tieline={session(sign_in(site, 'taker'))}"}
    answers = [site.ask("/accounts.csv?q=zzzz", headers=mine) for _ in range(40)]
    statuses = [answer.status for answer in answers]
    assert statuses[:30] == [200] * 30
    assert statuses[-1] == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Wait" in answers[-1].text
    assert site.ask("/accounts", headers=mine).status == 200
    assert site.ask("/accounts.csv?q=zzzz", role="marketer").status == 200
