"""A small market behind `tieline serve`, as programs meet it: one server for nearly all tests."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

import prepared

PLACES = (
    ("410 N Michigan Ave", "Chicago", "IL", "60611"),
    ("200 Boylston St", "Boston", "MA", "02116"),
    ("600 Congress Ave", "Austin", "TX", "78701"),
)
COMPANIES = ("Boltwright", "Sumwright", "Larkmill", "Ostrander", "Pellworth", "Quarrystone")
TITLES = ("Director of Purchasing", "Chief Executive Officer", "Engineer")
PEOPLE = (
    *("Mallory Beckett", "Trent Holloway", "Imogen Farraday", "Dexter Quimby", "Saskia Lund"),
    *("Orlando Pike", "Beatrix Stowe", "Casper Nygaard", "Delphine Marsh", "Ezra Whitcomb"),
    *("Fiona Abernathy", "Gideon Rusk", "Harriet Oakes", "Ivor Penhale", "Juno Castellan"),
    *("Kendrick Vale", "Lorna Tibbet", "Magnus Iversen"),
)
ALL = ("READ", "PEOPLE", "EXPORT", "JUDGE", "BUILD", "EVENTS", "MANAGE")


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """`tieline serve` on a workspace, in a group of its own so that all of it can be killed."""

    workspace: Path
    env: dict[str, str] = field(default_factory=dict)
    port: int = 0
    keys: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = self.port or free.getsockname()[1]
        self.log = self.workspace.parent / f"serve-{self.port}.txt"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tieline.cli.main", "-w", str(self.workspace)),
                *("serve", "--port", str(self.port)),
            ],
            stdout=self.log.open("a"),
            stderr=subprocess.STDOUT,
            env={**os.environ, **self.env},
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if self.ask("GET", "/health").status == 200:
                    return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def key(self, name: str, *may: str, stream: str = "") -> str:
        if name not in self.keys:
            words = [word for one in may for word in ("--may", one)]
            ran = prepared.tieline(
                ["-w", str(self.workspace), "serve", "--new-key", name, *words], folder=Path.cwd()
            )
            assert ran.code == 0, ran.err
            self.keys[name] = ran.out.strip()
        return self.keys[name]

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str
    ) -> Answer:
        """One request; a body that is no bytes goes as JSON, `Content_Type` names a header."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            told["Authorization"] = f"Bearer {key}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, told)
        answer = connection.getresponse()
        found = Answer(answer.status, dict(answer.getheaders()), answer.read())
        connection.close()
        return found

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A request of the API with the key that may do everything."""
        return self.ask(method, f"/api/v1{path}", body, key=self.key("all", *ALL), **headers)

    def events(self) -> list[dict[str, Any]]:
        """Every event of the ledger, its body read."""
        path = self.workspace / ".tieline" / "ledger.sqlite"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path, timeout=20)) as ledger:
            ledger.row_factory = sqlite3.Row
            rows = [dict(one) for one in ledger.execute("SELECT * FROM ledger_events")]
        return [{**one, "body": json.loads(one["body"])} for one in rows]

    def snapshot(self) -> str:
        return (self.workspace / ".tieline" / "CURRENT").read_text().strip()

    def inside(self, script: str) -> str:
        """What a script prints that runs with Django set up for the workspace."""
        head = (
            "import sys, json; from pathlib import Path\n"
            "from tieline.web.configuration import Serving, configure\n"
            "configure(Serving(Path(sys.argv[1])))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", head + script, str(self.workspace)],
            capture_output=True, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def until(what: Callable[[], Any], seconds: float = 60, pause: Any = time.sleep) -> Any:
    """What a question answers as soon as the answer is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        pause(0.1)
    raise AssertionError("it did not come about in time")


def _row(number: int, name: str) -> dict[str, str]:
    given, family = name.split()
    company = COMPANIES[number // len(TITLES)]
    street, city, state, postcode = PLACES[number // len(TITLES) % len(PLACES)]
    return {
        "First Name": given, "Last Name": family, "Job Title": TITLES[number % len(TITLES)],
        "Email": f"{given}.{family}@{company}.com".lower(), "Company": f"{company} Inc",
        "Street": street, "City": city, "State": state, "Zip": postcode, "Country": "US",
    }  # fmt: skip


def run(*words: str) -> None:
    ran = prepared.tieline(words)
    assert ran.code in (0, 1), ran.out + ran.err


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built workspace of eighteen people at six companies; tests work on copies."""
    made = tmp_path_factory.mktemp("programs") / "market"
    run("new", str(made))
    rows = [_row(number, name) for number, name in enumerate(PEOPLE)]
    path = made.parent / "crm.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    run("-w", str(made), "add", str(path))
    run("-w", str(made), "build")
    return made


def served(built: Path, folder: Path, **env: str) -> Iterator[Server]:
    server = Server(Path(shutil.copytree(built, folder / "market")), env)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server of tests that change no figure: nothing is built while they run."""
    yield from served(built, tmp_path_factory.mktemp("s"), TIELINE_BUILD_AFTER_EVENTS="never")


@pytest.fixture(scope="module")
def moving(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that builds when events come in, and posts to this machine."""
    yield from served(
        built,
        tmp_path_factory.mktemp("m"),
        TIELINE_BUILD_AFTER_EVENTS="0.5",
        TIELINE_WEBHOOK_NETWORKS="127.0.0.1/32",
    )
