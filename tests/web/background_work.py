"""What the tests of work in the background share: a small workspace, workers, how a job stands."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from served_market import inside, run

LEASE = "6"
"""Seconds: more than a busy machine may keep a worker from saying that it lives."""
LONG = 150
LIST = "First Name,Last Name,Email,Company\n" + "".join(
    f"{first},{last},{first}.{last}@{company}.com,{company} Inc\n".lower()
    for first in ("Ana", "Ben", "Cleo")
    for last in ("Muster", "Adams")
    for company in ("northpump", "sumwright")
)
BEGIN = """
import json, sys, datetime as dt
from pathlib import Path
from tieline.web.configuration import Serving, configure
WORKSPACE = Path(sys.argv[1])
configure(Serving(WORKSPACE))
from django.utils import timezone
from tieline.web import jobs, tables
from tieline.web.background import schedules, clearing
from tieline.web.models import Job, Schedule, ScheduleRun, Worker
tables.bring_up_to_date()
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A workspace of a few rows; copies of it are built in seconds."""
    made = tmp_path_factory.mktemp("jobs") / "small"
    run("new", str(made))
    (made.parent / "people.csv").write_text(LIST, "utf-8")
    run("-w", str(made), "add", str(made.parent / "people.csv"))
    return made


@pytest.fixture
def workspace(built, tmp_path):
    return Path(shutil.copytree(built, tmp_path / "small"))


@pytest.fixture(autouse=True)
def short_lease(monkeypatch):
    monkeypatch.setenv("TIELINE_LEASE_SECONDS", LEASE)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request, monkeypatch):
    """The pages' tables in a file, and in PostgreSQL."""
    if request.param == "sqlite":
        yield
        return
    server = request.getfixturevalue("postgres")
    url = server.new_database()
    monkeypatch.setenv("DATABASE_URL", url)
    yield
    monkeypatch.delenv("DATABASE_URL")
    server.drop(url)


def told(workspace, script):
    return json.loads(inside(workspace, BEGIN + script))


def ask(workspace, kind="build", by="somebody"):
    return told(workspace, f"print(jobs.ask({kind!r}, {by!r}).pk)")


def job(workspace, number):
    return told(
        workspace,
        f"""
job = Job.objects.get(pk={number})
print(json.dumps({{name: str(getattr(job, name)) for name in
                  ("state", "attempts", "exit_code", "step", "kind", "asked_by", "steps_done")}}))
""",
    )


@pytest.fixture
def watched(workspace):
    """How a job stands, asked of the database without the seconds that a process takes."""

    def state(number):
        with sqlite3.connect(workspace / ".tieline" / "web.sqlite3", timeout=30) as database:
            return database.execute(
                "SELECT state, attempts, steps_done, lease_until FROM web_job WHERE id = ?",
                (number,),
            ).fetchone()

    return state


def until(what, seconds=LONG):
    """Wait until something is so; what it was at last."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


class Alone:
    """`python -m tieline.web.worker WORKSPACE`."""

    def __init__(self, workspace):
        words = [sys.executable, "-m", "tieline.web.worker", str(workspace)]
        self.process = subprocess.Popen(words)

    def kill(self):
        self.process.kill()
        self.process.wait(LONG)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(LONG) == 0


@contextmanager
def alone(workspace):
    worker = Alone(workspace)
    try:
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.end()


def log(workspace, number):
    return (workspace / ".tieline" / "jobs" / f"{number}.log").read_text("utf-8")


def snapshots(workspace):
    return list((workspace / ".tieline" / "snapshots").glob("[!.]*"))


def children(process):
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def children_of_threads(process):
    """What any thread of a process has started."""
    found = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        found += (thread / "children").read_text().split()
    return found
