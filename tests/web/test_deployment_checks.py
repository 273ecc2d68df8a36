"""`tieline serve --check` finds what would leave jobs undone, backups unmade, a database open."""

import os

import pytest
from served_market import inside, run

import prepared
from tieline.web.deployment import database

LATE = """
import datetime as dt, sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from django.utils import timezone
from tieline.web import jobs, tables
from tieline.web.models import Job, Schedule
tables.bring_up_to_date()
Schedule.objects.create(kind="backup", folder="nightly", keep=3, cron="0 3 * * *", zone="UTC",
                        made_by="olga", next_at=timezone.now() - dt.timedelta(days=1))
Job.objects.create(kind="backup", folder="nightly", keep=3, state="failed", asked_by="olga",
                   ended_at=timezone.now())
"""


def check(workspace, *words, url=""):
    env = {**os.environ, "DATABASE_URL": url}
    told = prepared.tieline(["-w", str(workspace), "serve", "--check", *words], env=env)
    assert "Traceback" not in told.err
    return told.code, told.out + told.err


def test_a_worker_that_does_not_run_is_told(tmp_path):
    run("new", str(tmp_path / "market"))
    code, said = check(tmp_path / "market", "--no-jobs")
    assert code == 0
    assert "leave the jobs to tieline work" in said
    assert "No backup is made by itself" in said
    assert "leave the jobs" not in check(tmp_path / "market")[1]
    inside(tmp_path / "market", LATE)
    code, said = check(tmp_path / "market")
    assert code == 2
    assert "Nobody does the jobs: 0 wait and 1 schedules are overdue" in said
    assert "The last backup failed" in said
    assert "No backup is made" not in said


FAR = "postgres://tieline:secret@db.example.com/market"
ADDRESSES = [
    ("", []),
    ("postgres://tieline@127.0.0.1/market", []),
    ("postgres:///market?host=/run/postgresql", []),
    (f"{FAR}?sslmode=verify-full", []),
    (FAR, ["unencrypted"]),
    (f"{FAR}?sslmode=prefer", ["unencrypted"]),
    ("postgres://tieline@db.example.com/market?sslmode=require", ["without a password"]),
    ("postgres://tieline@db.example.com/market?sslmode=require&sslcert=/etc/mine.pem", []),
    ("postgres://tieline@10.0.0.7/market", ["without a password", "unencrypted"]),
]


@pytest.mark.parametrize(("url", "says"), ADDRESSES)
def test_a_database_that_others_could_read_is_told(url, says):
    found = list(database(url))
    assert len(found) == len(says)
    assert all(word in one.says for one, word in zip(found, says, strict=True))
    assert not [one for one in found if "secret" in one.says + one.next_step]
