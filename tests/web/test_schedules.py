"""Schedules with real processes: each due time asks once, backups stay in their number."""

import subprocess
import sys
import time

import pytest
from background_work import (
    BEGIN,
    LONG,
    alone,
    built,
    log,
    short_lease,
    told,
    until,
    watched,
    where,
    workspace,
)
from served_market import run

__all__ = ["built", "short_lease", "watched", "where", "workspace"]

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
