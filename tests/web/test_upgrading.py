"""A new version finds the tables of an old one: they are brought up to date, nothing is lost."""

import json
import os

import pytest
from background_work import where
from served_market import inside, run

__all__ = ["where"]

FIRST = """
import json, sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
first = next(k for k in executor.loader.graph.nodes if k[0] == "web" and k[1].startswith("0001"))
executor.migrate([first, *(k for k in executor.loader.graph.leaf_nodes() if k[0] == "sessions")])
old = executor.loader.project_state([first]).apps
Member, Job = old.get_model("web", "Member"), old.get_model("web", "Job")
olga = Member.objects.create(login="olga", role="steward", password="!")
old.get_model("web", "SavedView").objects.create(
    member=olga, page="accounts", name="mine", query="q=a")
old.get_model("web", "AuditEntry").objects.create(who="olga", role="steward", action="merged")
for state in ("done", "running", "running", "waiting"):
    Job.objects.create(kind="build", state=state, asked_by="olga")
print(json.dumps(connection.introspection.table_names()))
"""
NOW = """
import json, sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web import jobs
from tieline.web.models import AuditEntry, Job, Member, SavedView, Schedule
taken = jobs.claim()
print(json.dumps({
    "members": [[m.login, m.role] for m in Member.objects.all()],
    "view": SavedView.objects.get().member.login,
    "audit": AuditEntry.objects.filter(action="merged").count(),
    "jobs": sorted(Job.objects.values_list("state", flat=True)),
    "schedules": Schedule.objects.count(),
    "taken": taken and taken.pk,
}))
"""
MISSING = """
import sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from django.core.management import call_command
try:
    call_command("makemigrations", "web", "ledger", check_changes=True, dry_run=True)
except SystemExit:
    sys.exit("a migration is missing")
"""
NEWER = """
import sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from tieline.web import tables
tables.bring_up_to_date()
MigrationRecorder(connection).record_applied("web", "9999_of_a_later_version")
"""


@pytest.fixture
def workspace(tmp_path):
    run("new", str(tmp_path / "old"))
    return tmp_path / "old"


@pytest.mark.usefixtures("where")
def test_the_tables_of_the_first_version_are_brought_up_to_date_on_start(workspace):
    import prepared

    tables = json.loads(inside(workspace, FIRST))
    assert "web_schedule" not in tables
    ran = prepared.tieline(["-w", str(workspace), "serve", "--new-link"], env=dict(os.environ))
    assert ran.code == 0, ran.err
    now = json.loads(inside(workspace, NOW))
    assert now["members"] == [["olga", "steward"]]
    assert (now["view"], now["audit"], now["schedules"]) == ("olga", 1, 0)
    # Two builds ran at once, which cannot be any more; their workers are gone, and one begins anew.
    assert now["jobs"] == ["done", "running", "waiting", "waiting"]
    assert now["taken"]


def test_no_migration_is_missing(workspace):
    assert "No changes detected" in inside(workspace, MISSING)


def test_tables_of_a_newer_version_are_left_alone(workspace):
    import prepared

    inside(workspace, NEWER)
    ran = prepared.tieline(["-w", str(workspace), "serve", "--new-link"])
    assert ran.code == 2
    assert "newer version" in ran.err
    assert "restore the backup" in ran.err
