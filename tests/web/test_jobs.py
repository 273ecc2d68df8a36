"""Work in the background with real processes: nothing is lost, nothing is done twice."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from served_market import HERE, Site, inside, run, serving

LEASE = "2"
LONG = 60
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
    import shutil

    return Path(shutil.copytree(built, tmp_path / "small"))


@pytest.fixture(autouse=True)
def _short_lease(monkeypatch):
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
    import sqlite3

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


def test_a_build_whose_worker_is_killed_is_taken_over_and_done_once(workspace, watched):
    number = ask(workspace)
    first = Alone(workspace)
    until(lambda: watched(number)[2] > 2)
    first.kill()
    assert watched(number)[0] == "running", "nobody knows of its death yet"
    with alone(workspace):
        until(lambda: watched(number)[0] == "done")
        time.sleep(1.5)
    assert watched(number)[:2] == ("done", 2)
    assert log(workspace, number).count("Built snapshot") == 1
    assert len(snapshots(workspace)) == 1


def test_a_build_whose_worker_dies_three_times_fails_and_says_why(workspace, watched):
    number = ask(workspace)
    for attempt in (1, 2, 3):
        worker = Alone(workspace)
        until(lambda attempt=attempt: watched(number)[:2] == ("running", attempt))
        worker.kill()
    with alone(workspace):
        until(lambda: watched(number)[0] == "failed")
    said = told(
        workspace,
        f"""
from tieline.web.background.endings import ending
job = Job.objects.get(pk={number})
found = ending(job, jobs.log_tail(WORKSPACE / ".tieline", job.pk))
print(json.dumps([found.says, found.next_step]))
""",
    )
    assert "begun 3 times" in said[0]
    assert "try again" in said[1]


def children(process):
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_a_killed_process_of_the_server_loses_no_build(workspace, watched):
    server = serving(workspace, "--workers", "2")
    with server:
        master = server.process
        number = ask(workspace)
        until(lambda: watched(number)[2] > 2)
        workers = children(master)
        at_it = [one for one in workers if children_of_threads(one)]
        assert len(at_it) == 1, "one process does the one job"
        os.kill(at_it[0], signal.SIGKILL)
        until(lambda: watched(number)[0] == "done")
        until(lambda: len(children(master)) >= 2)
    assert watched(number)[:2] == ("done", 2)
    assert log(workspace, number).count("Built snapshot") == 1


def children_of_threads(process):
    """What any thread of a process has started."""
    found = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        found += (thread / "children").read_text().split()
    return found


def test_a_worker_that_is_told_to_end_hands_its_job_back(workspace, watched):
    """A restart of the service costs no attempt and leaves no process behind."""
    number = ask(workspace)
    worker = Alone(workspace)
    until(lambda: watched(number)[2] > 2)
    left = children_of_threads(worker.process.pid)
    began = time.monotonic()
    worker.end()
    assert time.monotonic() - began < 15
    assert watched(number)[:2] == ("waiting", 0)
    assert left
    assert not [one for one in left if Path(f"/proc/{one}").exists()]
    with alone(workspace):
        until(lambda: watched(number)[0] == "done")
    assert watched(number)[1] == 1


def test_a_build_from_a_terminal_is_waited_for(workspace, watched):
    number = ask(workspace)
    import fcntl

    with (workspace / ".tieline" / "build.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with alone(workspace):
            until(lambda: "Another build is running" in job(workspace, number)["step"])
            assert watched(number)[:2] == ("waiting", 0)
            fcntl.flock(lock, fcntl.LOCK_UN)
            until(lambda: watched(number)[0] == "done")


def test_a_build_is_cancelled_and_tried_again(workspace, watched):
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    with serving(workspace) as port:
        site = Site(workspace, port, cookies)
        answer = site.ask("/jobs/build", role="marketer", method="POST", form={})
        page = answer.headers["Location"]
        number = int(page.rpartition("/")[2])
        until(lambda: watched(number)[2] > 2)
        assert site.ask(f"{page}/cancel", role="marketer", method="POST", form={}).status == 302
        until(lambda: watched(number)[0] == "cancelled")
        assert not snapshots(workspace)
        before = log(workspace, number)
        retried = site.ask(f"{page}/retry", role="marketer", method="POST", form={})
        again = int(retried.headers["Location"].rpartition("/")[2])
        assert again != number
        until(lambda: watched(again)[0] == "done")
        assert log(workspace, number) == before
        shown = site.ask(page, role="viewer").text
        assert f"/jobs/{again}" in shown
        assert "is done" in shown
        refused = site.ask(f"/jobs/{again}/retry", role="marketer", method="POST", form={})
        assert refused.status == 400
        assert "only one that failed or was cancelled" in refused.text
    assert len(snapshots(workspace)) == 1


def test_a_build_that_fails_says_what_to_do(workspace, watched):
    settings = workspace / "tieline.toml"
    was = settings.read_text("utf-8")
    number = ask(workspace)
    settings.write_text(was + "\n[worksapce]\n", "utf-8")
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    with alone(workspace):
        until(lambda: watched(number)[0] == "failed")
    settings.write_text(was, "utf-8")
    with serving(workspace, "--no-jobs") as port:
        shown = Site(workspace, port, cookies).ask(f"/jobs/{number}", role="viewer").text
    assert "worksapce" in shown
    assert "did you mean" in shown.lower()
    assert "Traceback" not in shown


SCHEDULE = """
now = timezone.now()
one = Schedule(kind="build", cron="30 6 * * *", zone="Europe/Berlin", made_by="somebody")
schedules.keep(one, now - dt.timedelta(days=9))
print(one.pk)
"""
AT_ONE_MOMENT = (
    BEGIN
    + """
import time
from django.db import connection
connection.ensure_connection()
time.sleep(max(float(sys.argv[2]) - time.time(), 0))
"""
)


def together(workspace, script):
    """What three processes print that do the same at the same moment."""
    at = str(time.time() + 4)
    words = [sys.executable, "-c", AT_ONE_MOMENT + script, str(workspace), at]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    return sorted(int(one.communicate(timeout=LONG)[0]) for one in started)


@pytest.mark.usefixtures("where")
def test_of_three_workers_that_look_together_one_gets_a_job(workspace):
    told(workspace, "print([jobs.ask(kind, 'x').pk for kind in ('build', 'full_build')])")
    got = together(workspace, "\ngot = jobs.claim()\nprint(got.pk if got else 0)")
    assert got[:2] == [0, 0]
    assert got[2] > 0
    states = "print(json.dumps(sorted(Job.objects.values_list('state', flat=True))))"
    assert told(workspace, states) == ["running", "waiting"]


@pytest.mark.usefixtures("where")
def test_three_processes_that_look_together_ask_once(workspace):
    """What was missed for nine days is asked for once, and nothing before the next time."""
    told(workspace, SCHEDULE)
    assert together(workspace, "\nprint(len(schedules.tick()))") == [0, 0, 1]
    found = told(
        workspace,
        """
one = Schedule.objects.get()
again = schedules.tick()
later = schedules.tick(one.next_at)
print(json.dumps([Job.objects.count(), ScheduleRun.objects.count(), len(again), len(later),
                  one.next_at > timezone.now(), Job.objects.last().asked_by]))
""",
    )
    # The second one is due while the first still waits: it is the same job.
    assert found == [1, 2, 0, 1, True, "schedule: every day at 06:30"]


def test_a_schedule_that_rests_makes_up_for_nothing(workspace):
    found = told(
        workspace,
        """
now = timezone.now()
one = Schedule(kind="build", cron="0 * * * *", zone="UTC", made_by="x", paused=True)
schedules.keep(one, now - dt.timedelta(days=2))
rested = schedules.tick()
one.paused = False
schedules.keep(one, now)
print(json.dumps([len(rested), len(schedules.tick()), one.next_at > now, Job.objects.count()]))
""",
    )
    assert found == [0, 0, True, 0]


def test_a_scheduled_backup_is_made_and_the_newest_stay(workspace, watched):
    number = told(
        workspace,
        """
one = Schedule(kind="backup", folder="nightly", keep=2, cron="0 3 * * *", zone="UTC", made_by="x")
schedules.keep(one, timezone.now() - dt.timedelta(days=3))
print(schedules.tick()[0].pk)
""",
    )
    folder = workspace.parent / "small-backups" / "nightly"
    folder.mkdir(parents=True)
    for name in ("small-20260101-000000.tar", "small-20260102-000000.tar", "others.tar"):
        (folder / name).write_text("older")
    with alone(workspace):
        until(lambda: watched(number)[0] in ("done", "failed"))
    assert watched(number)[0] == "done", log(workspace, number)
    left = sorted(path.name for path in folder.iterdir())
    assert left[:2] == ["others.tar", "small-20260102-000000.tar"]
    assert len(left) == 3
    run("new", str(workspace.parent / "again"), "--from", str(folder / left[2]))
    assert (workspace.parent / "again" / "sources").exists()


def test_jobs_of_a_quarter_ago_are_cleared_with_their_logs(workspace):
    found = told(
        workspace,
        """
hidden = WORKSPACE / ".tieline"
ended = [timezone.now() - dt.timedelta(days=days) for days in (91, 89)]
made = [Job.objects.create(kind="build", asked_by="x", state="done", ended_at=at) for at in ended]
waits = Job.objects.create(kind="build", asked_by="x")
for one in made:
    jobs.log_path(hidden, one.pk).write_text("log")
cleared = clearing.clear(hidden)
left = sorted(Job.objects.values_list("pk", flat=True))
logs = sorted(path.name for path in (hidden / "jobs").iterdir())
print(json.dumps([cleared, left == [made[1].pk, waits.pk], logs == [f"{made[1].pk}.log"]]))
""",
    )
    assert found == [1, True, True]
