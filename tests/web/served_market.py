"""The pages as people meet them: one invented market, one server, one browser, for all tests."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

import prepared

HERE = Path(__file__).parent
ROLES = ("viewer", "executive", "seller", "marketer", "steward", "administrator")
MARKET = (
    *("--records", "1000", "--sources", "4", "--interactions", "800"),
    *("--registry", "--offers"),
)
HOSTILE = """First Name,Last Name,Email,Company,Job Title,Street,City,State,Zip,Country
Mallory,<script>document.title='taken'</script>,mallory@boltwright.com,<img src=x onerror=alert(1)> Boltwright Inc,Buyer,410 N Michigan Ave,Chicago,IL,60611,US
Trent,Holloway,trent@sumwright.com,"=HYPERLINK(""http://evil.example"",""Sumwright"") Ltd",Owner,200 Boylston St,Boston,MA,02116,US
"""  # noqa: E501


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True)
class Site:
    """A server of the pages on a workspace, and who is signed in there by role."""

    workspace: Path
    port: int
    cookies: dict[str, str]
    process: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path, *, role="", method="GET", form=None, headers=None, body=None) -> Answer:
        """One request, as somebody of a role or as nobody; redirects are not followed."""
        told = {"Cookie": f"tieline={self.cookies[role]}"} if role else {}
        if form is not None:
            # What a browser sends back from the form of a page.
            told["Cookie"] = f"{told.get('Cookie', '')}; tieline_form={'t' * 32}".strip("; ")
            form = [*(form.items() if isinstance(form, dict) else form)]
            body = urlencode([*form, ("csrfmiddlewaretoken", "t" * 32)])
            told["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {**told, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return Answer(answer.status, dict(answer.getheaders()), text)


def run(*words: str) -> None:
    ran = prepared.tieline(words)
    assert ran.code in (0, 1), ran.out + ran.err


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented market, built once however many processes test."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    made = folder / "market-of-the-pages"
    with (folder / "market.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / ".tieline" / "CURRENT").exists():
            run("demo", str(made), *MARKET)
            (folder / "hostile.csv").write_text(HOSTILE, "utf-8")
            run("-w", str(made), "add", str(folder / "hostile.csv"))
            run("-w", str(made), "build")
            run("-w", str(made), "lead", "draft", "flow_meters")
            run("-w", str(made), "build")
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("pages") / "market"))


@pytest.fixture(scope="session")
def site(market: Path) -> Iterator[Site]:
    """The server that all tests share, with somebody of each role."""
    cookies = json.loads(inside(market, (HERE / "members_of_each_role.py").read_text("utf-8")))
    server = serving(market)
    with server as port:
        yield Site(market, port, cookies, server.process)


class serving:
    """`tieline serve` on a workspace, for as long as the block runs; gives the port."""

    def __init__(self, workspace: Path, *words: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.said = workspace.parent / f"serve-{self.port}.txt"
        self._words = [
            *(sys.executable, "-m", "tieline.cli.main", "-w", str(workspace)),
            *("serve", "--port", str(self.port), *words),
        ]

    def __enter__(self) -> int:
        self._process = subprocess.Popen(
            self._words, stdout=self.said.open("w"), stderr=subprocess.STDOUT
        )
        self.process = self._process.pid
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5)
                return self.port
            except OSError:
                assert self._process.poll() is None, self.said.read_text()
                time.sleep(0.2)
        raise AssertionError(self.said.read_text())

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)


def inside(workspace: Path, script: str) -> str:
    """What a script prints that runs with Django set up for a workspace, in its own process."""
    done = subprocess.run(
        [sys.executable, "-c", script, str(workspace)], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ids(workspace: Path) -> dict[str, str]:
    """An account, site and contact with much to tell, by kind."""
    from tieline.engine.duck import DuckEngine
    from tieline.engine.snapshot import current

    snapshot = current(workspace / ".tieline")
    with DuckEngine() as engine:
        for name in ("contacts", "sites", "accounts", "responses"):
            engine.read_parquet(name, snapshot.table(name))
        row = engine.arrow(
            "SELECT c.contact_id AS contact, c.site_id AS site, c.account_id AS account "
            "FROM contacts c JOIN accounts a USING (account_id) JOIN responses r "
            "ON r.contact_id = c.contact_id WHERE a.set_aside IS NULL AND c.site_id IS NOT NULL "
            "GROUP BY ALL ORDER BY max(c.records) * max(a.contacts) DESC, 1 LIMIT 1"
        ).to_pylist()[0]
    return dict(row)


@pytest.fixture(scope="session")
def one(site: Site) -> dict[str, str]:
    return ids(site.workspace)


def link_in(text: str) -> str:
    return re.search(r"/welcome/\S+", text)[0]


@pytest.fixture(scope="session")
def browser():
    """Chromium as the machine has it.

    Playwright leaves a loop running in this thread for as long as it lives, and Django takes what
    comes after for asynchronous: other tests of this process read the ledger.
    """
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if found is None:
        pytest.skip("Chromium is missing: scripts/chromium installs it")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield started
        started.close()


@pytest.fixture
def open_as(browser, site: Site):
    """Open pages as a role; at the end nothing may have complained or left the server."""
    opened, troubles = [], []

    def open_as(role: str = "", at: Site = site, **view):
        context = browser.new_context(**view)
        if role:
            context.add_cookies([{"name": "tieline", "value": at.cookies[role], "url": at.url}])
        page = context.new_page()
        # Two processors may have more to do than this.
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        page.on(
            "console",
            lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((at.url, "data:"))
                else troubles.append(f"left the server: {request.url}")
            ),
        )
        opened.append(context)
        return page

    yield open_as
    for context in opened:
        context.close()
    assert troubles == []
