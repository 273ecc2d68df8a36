"""Signing in with an account of the company: a real provider, a real browser."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from served_market import Site, inside, link_in, run, serving

import prepared

PROVIDER = Path(__file__).parent / "provider.py"
SECRET = "a-secret-of-the-tests"
ASK = """
import json, sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web import members, tables
from tieline.web.models import AuditEntry, Member
tables.bring_up_to_date()
"""
ADMINISTRATOR = "Member.objects.create(login='boss', role='administrator', password='!')\n"
MEMBERS = "print(json.dumps({m.login: m.role for m in Member.objects.exclude(login='boss')}))"
LOG = "print(json.dumps([[a.who, a.action, a.target, a.detail] for a in AuditEntry.objects.all()]))"


class Provider:
    """The process of the provider; `port` stays the same when it starts again."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.issuer = f"http://localhost:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, str(PROVIDER), str(self.port)])
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.lie({})
                return
            except OSError:
                assert self._process.poll() is None
                time.sleep(0.1)
        raise AssertionError("the provider did not start")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)

    def lie(self, lies: dict) -> None:
        urllib.request.urlopen(f"{self.issuer}/lie", json.dumps(lies).encode(), timeout=30).read()


@pytest.fixture(scope="module")
def provider():
    pytest.importorskip("authlib", reason="authlib is not installed")
    made = Provider()
    made.start()
    yield made
    made.stop()


def company(provider, **more):
    return {
        "TIELINE_OIDC_ISSUER": provider.issuer,
        "TIELINE_OIDC_CLIENT_ID": "tieline-of-the-tests",
        "TIELINE_OIDC_CLIENT_SECRET": SECRET,
        "TIELINE_OIDC_NAME": "Company Example",
        **more,
    }


@pytest.fixture
def pages(provider, tmp_path, monkeypatch):
    """Serve a new workspace with some environment; gives the site and what the server said."""
    open_servers = []

    def pages(**more):
        for name, value in company(provider, **more).items():
            monkeypatch.setenv(name, value)
        workspace = tmp_path / "market"
        run("new", str(workspace))
        inside(workspace, ASK + ADMINISTRATOR)
        server = serving(workspace)
        open_servers.append(server)
        return Site(workspace, server.__enter__(), {}), server.said

    yield pages
    for server in open_servers:
        server.__exit__()
    provider.lie({})


@pytest.fixture
def somebody(browser):
    """Another browser each time; nothing may complain in it."""
    opened, troubles = [], []

    def somebody():
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        opened.append(context)
        return page

    yield somebody
    for context in opened:
        context.close()
    assert troubles == []


def sign_in(page, at, who, path="/sign-in"):
    page.goto(at.url + path)
    page.get_by_role("link", name=re.compile("with Company Example")).click()
    page.get_by_role("heading", name="Who are you?").wait_for()
    page.get_by_role("button", name=f"I am {who}").click()


def invite(at, email, role):
    inside(at.workspace, ASK + f"members.invite(role={role!r}, login={email!r}, by='boss')")


def told(at, what):
    return json.loads(inside(at.workspace, ASK + what))


def test_who_was_invited_comes_in_and_a_stranger_does_not(pages, somebody):
    at, said = pages()
    page = somebody()
    sign_in(page, at, "ada")
    page.get_by_text("nobody invited that address").wait_for()
    assert told(at, MEMBERS) == {}
    invite(at, "ada@company.example", "marketer")
    sign_in(page, at, "ada", "/sign-in?next=/jobs%3Fa=b")
    page.wait_for_url("**/jobs?a=b")
    assert page.locator(".who .name").inner_text() == "Ada Example"
    assert told(at, MEMBERS) == {"ada@company.example": "marketer"}
    page.locator(".who .name").click()
    page.get_by_text("You sign in with Company Example").wait_for()

    old = next(c for c in page.context.cookies(at.url) if c["name"] == "tieline")["value"]
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert at.ask("/jobs", headers={"Cookie": f"tieline={old}"}).status == 302
    sign_in(page, at, "ada")
    page.wait_for_url(at.url + "/")

    sign_in(somebody(), at, "bob")
    assert told(at, MEMBERS) == {"ada@company.example": "marketer"}
    log = told(at, LOG)
    assert ["ada@company.example", "signed in", "", "with Company Example"] in log
    assert ["", "was refused at the company's sign-in", "", "stranger"] in log
    files = [said, *(at.workspace / ".tieline").glob("web*"), *at.workspace.glob("*.toml")]
    assert not [file for file in files if SECRET.encode() in file.read_bytes()]


def test_an_address_that_nobody_checked_or_that_is_another_s_now_opens_nothing(pages, somebody):
    at, _ = pages()
    invite(at, "ada@company.example", "steward")
    page = somebody()
    sign_in(page, at, "eve")
    page.get_by_text("does not say that an e-mail address of yours was checked").wait_for()
    sign_in(page, at, "ada")
    page.wait_for_url(at.url + "/")
    other = somebody()
    sign_in(other, at, "second")
    other.get_by_text("belongs to another account at Company Example").wait_for()
    invite(at, "ada@company.example", "viewer")
    sign_in(other, at, "second")
    other.wait_for_url(at.url + "/")
    assert told(at, MEMBERS) == {"ada@company.example": "steward"}


@pytest.mark.parametrize(
    ("lies", "says"),
    [
        ({"nonce": "another"}, "its nonce is another one"),
        ({"aud": "another-program"}, "its aud is another one"),
        ({"iss": "https://another.example"}, "its iss is another one"),
        ({"exp_by": -400}, "its time is over"),
        ({"iat_by": 4000}, "its iat is another one"),
        ({"signed_by": "somebody"}, "its signature is not the provider's"),
        ({"signed_by": "none"}, "its signature is not the provider's"),
        ({"signed_by": "secret"}, "its signature is not the provider's"),
    ],
)
def test_a_wrong_token_opens_nothing(shared, provider, somebody, lies, says):
    provider.lie(lies)
    page = somebody()
    sign_in(page, shared, "ada")
    page.get_by_role("alert").filter(has_text=says).wait_for()
    assert shared.ask("/jobs", headers=cookie(page, shared)).status == 302
    provider.lie({})


@pytest.fixture(scope="module")
def shared(provider, tmp_path_factory):
    """One server for what changes nothing; ada is invited."""
    workspace = tmp_path_factory.mktemp("shared") / "market"
    server = serving(workspace)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in company(provider).items():
            patch.setenv(name, value)
        run("new", str(workspace))
        inside(workspace, ASK + ADMINISTRATOR)
        port = server.__enter__()
    at = Site(workspace, port, {})
    invite(at, "ada@company.example", "viewer")
    yield at
    server.__exit__()


def cookie(page, at):
    kept = [f"{c['name']}={c['value']}" for c in page.context.cookies(at.url)]
    return {"Cookie": "; ".join(kept)}


def test_a_clock_that_is_a_little_off_is_no_harm(shared, provider, somebody):
    provider.lie({"exp_by": -330, "iat_by": 30})
    page = somebody()
    sign_in(page, shared, "ada")
    page.wait_for_url(shared.url + "/")
    provider.lie({})


def test_an_answer_that_this_browser_did_not_ask_for_opens_nothing(shared, somebody):
    begun = shared.ask("/sign-in/company")
    assert begun.status == 302
    assert "code_challenge_method=S256" in begun.headers["Location"]
    state = re.search(r"state=([^&]+)", begun.headers["Location"])[1]
    for query in (f"code=x&state={state}", "code=x&state=", "code=x", "state=a&state=b", ""):
        answer = shared.ask(f"/sign-in/company/back?{query}")
        assert answer.status == 400, query
        assert "not asked for from this browser" in answer.text
    for query in ("error=access_denied", "error=%3Cscript%3E"):
        answer = shared.ask(f"/sign-in/company/back?{query}")
        assert answer.status == 403
        assert "did not let you in" in answer.text
        assert "<script>" not in answer.text
    page = somebody()
    page.goto(f"{shared.url}/sign-in/company")
    page.get_by_role("link", name="No").click()
    page.get_by_text("did not let you in: access_denied").wait_for()


def test_a_session_from_before_is_not_the_one_after(shared, somebody):
    page = somebody()
    page.goto(f"{shared.url}/sign-in/company")
    before = cookie(page, shared)
    page.get_by_role("button", name="I am ada").click()
    page.wait_for_url(shared.url + "/")
    assert shared.ask("/jobs", headers=before).status == 302
    assert shared.ask("/jobs", headers=cookie(page, shared)).status == 200


def test_going_on_leads_nowhere_else(shared, somebody):
    page = somebody()
    sign_in(page, shared, "ada", "/sign-in?next=https://evil.example/")
    page.wait_for_url(shared.url + "/")
    page = somebody()
    page.goto(f"{shared.url}/sign-in/company?next=//evil.example/")
    page.get_by_role("button", name="I am ada").click()
    page.wait_for_url(shared.url + "/")


def test_a_provider_that_is_down_is_told_and_keeps_nobody_from_a_password(
    provider, pages, somebody
):
    provider.stop()
    try:
        at, _ = pages()
        page = somebody()
        page.goto(f"{at.url}/sign-in")
        page.get_by_role("link", name="Sign in with Company Example").click()
        page.get_by_text("Company Example does not answer").wait_for()
        assert page.get_by_label("Password").count() == 1
        ran = prepared.tieline(["-w", str(at.workspace), "serve", "--check"])
        assert "does not answer" in ran.out + ran.err
    finally:
        provider.start()


def test_the_group_gives_the_role_and_who_has_none_stays_out(pages, somebody):
    at, _ = pages(TIELINE_OIDC_ROLES="Marketing = all=marketer; Chiefs=executive")
    invite(at, "mat@company.example", "viewer")
    invite(at, "bob@company.example", "administrator")
    page = somebody()
    sign_in(page, at, "mat")
    page.wait_for_url(at.url + "/")
    assert told(at, MEMBERS) == {"mat@company.example": "marketer"}
    other = somebody()
    sign_in(other, at, "bob")
    other.get_by_text("does not count you among those").wait_for()


def test_without_passwords_the_first_administrator_comes_by_the_link(pages, somebody):
    at, _ = pages(TIELINE_PASSWORDS="off")
    form = {"login": "boss", "password": "correct horse battery"}
    assert "No password opens these pages" in at.ask("/sign-in", method="POST", form=form).text
    link = link_in(prepared.tieline(["-w", str(at.workspace), "serve", "--new-link"]).out)
    form |= {"again": form["password"]}
    assert at.ask(link, method="POST", form=form).status == 403
    page = somebody()
    page.goto(at.url + link)
    assert page.locator("[type=password]").count() == 0
    sign_in(page, at, "ada", link)
    page.wait_for_url(at.url + "/")
    assert told(at, MEMBERS) == {"ada@company.example": "administrator"}
    assert at.ask(link).status == 400, "a link works once"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"TIELINE_OIDC_ISSUER": "http://login.example.com"}, "is no address of a provider"),
        ({"TIELINE_OIDC_CLIENT_SECRET": ""}, "TIELINE_OIDC_CLIENT_SECRET is not set"),
        ({"TIELINE_OIDC_ISSUR": "x"}, "There is no setting TIELINE_OIDC_ISSUR"),
        ({"TIELINE_OIDC_ROLES": "Chiefs=king"}, "is no group and its role"),
        ({"TIELINE_PASSWORDS": "maybe"}, "TIELINE_PASSWORDS is 'maybe'"),
    ],
)
def test_a_mistake_in_the_environment_is_told_before_anything_is_served(
    provider, tmp_path, monkeypatch, settings, says
):
    for name, value in {**company(provider), **settings}.items():
        monkeypatch.setenv(name, value)
    run("new", str(tmp_path / "market"))
    ran = prepared.tieline(["-w", str(tmp_path / "market"), "serve", "--check"])
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert SECRET not in ran.out + ran.err


def test_without_passwords_there_must_be_another_way_in(tmp_path, monkeypatch):
    monkeypatch.setenv("TIELINE_PASSWORDS", "off")
    run("new", str(tmp_path / "market"))
    ran = prepared.tieline(["-w", str(tmp_path / "market"), "serve", "--check"])
    assert ran.code == 2
    assert "nobody could sign in by anything else" in ran.err
