"""Eight people of different roles write at the same time: nothing is lost, nobody meets a fault."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from served_market import HERE, Site, ids, inside, serving
from test_hostile_input import upload
from test_leads import agreed
from test_stories import state_of

from tieline.workspace.scorecards import version_of

ROUNDS = 5
MORE = """
import json, sys
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web.models import AuditEntry, Invitation, Job, SavedView
print(json.dumps({
    "views": SavedView.objects.count(),
    "invited": Invitation.objects.count(),
    "audit": list(AuditEntry.objects.values_list("who", "action")),
    "open": Job.objects.filter(state__in=("waiting", "running")).count(),
    "failed": Job.objects.filter(state="failed").count(),
}))
"""


@pytest.fixture(scope="module")
def team(market, tmp_path_factory):
    """A market of its own with a server of two processes."""
    workspace = tmp_path_factory.mktemp("team") / "market"
    shutil.copytree(market, workspace, ignore=shutil.ignore_patterns("web.sqlite3*", "web.key"))
    cookies = json.loads(inside(workspace, (HERE / "members_of_each_role.py").read_text("utf-8")))
    server = serving(workspace, "--workers", "2")
    with server as port:
        yield Site(workspace, port, cookies, server.process), server.said


def test_eight_write_at_once_and_nothing_is_lost(team):
    site, said = team
    one = ids(site.workspace)
    statuses: list[tuple[str, int]] = []

    def post(role, path, /, **form):
        answer = site.ask(path, role=role, method="POST", form=form)
        statuses.append((path, answer.status))
        assert answer.status < 500, (path, answer.text)
        return answer

    def look(role, *paths):
        for path in paths:
            answer = site.ask(path, role=role)
            statuses.append((path, answer.status))
            assert answer.status == 200, (path, answer.status, answer.text)

    def viewer(n):
        assert post("viewer", "/views/save", page="accounts", name=f"v{n}", query="").status == 302
        look("viewer", "/", "/accounts?q=gmbh", "/funnel")

    def executive(n):
        told = post("executive", "/views/save", page="contacts", name=f"e{n}", query="")
        assert told.status == 302
        look("executive", "/contacts", f"/contacts/{one['contact']}", "/universe?budget=2000")

    def seller(n):
        text = site.ask("/review", role="seller").text
        asked = {key: re.search(rf'name="{key}" value="([^"]*)"', text) for key in
                 ("place", "left", "right")}  # fmt: skip
        form = {key: found[1] for key, found in asked.items() if found}
        assert post("seller", "/review/answer", answer="different", **form).status == 302

    def marketer(n):
        content = f"Name,Firma,E-Mail\nEva {n},Muster GmbH,eva{n}@muster.de\n".encode()
        assert upload(site, f"list {n}.csv", content).status == 302
        look("marketer", "/sources")

    def definer(n):
        path = site.workspace / "scorecards" / "shared.toml"
        if n == 0:
            post("marketer", "/leads/draft", name="shared", like="equipment")
        text = path.read_text("utf-8")
        told = post("marketer", "/leads/definitions/shared/save", seen=version_of(text),
                    text=agreed(text) + f"# round {n}\n")  # fmt: skip
        assert told.status == 302

    def steward(n):
        told = post("steward", "/decide/note", of=one["account"], text=f"note {n} of the steward",
                    reason="to remember", step="do")  # fmt: skip
        assert told.status == 302

    def second(n):
        told = post("administrator", "/decide/note", of=one["site"], text=f"note {n}",
                    reason="to remember", step="do")  # fmt: skip
        assert told.status == 302

    def administrator(n):
        told = post("administrator", "/people", role="viewer", login=f"new{n}")
        assert told.status == 200
        look("administrator", "/audit", "/settings", "/people")

    people = (viewer, executive, seller, marketer, definer, steward, second, administrator)

    def work(person):
        for n in range(ROUNDS):
            person(n)

    with ThreadPoolExecutor(len(people)) as pool:
        for done in [pool.submit(work, person) for person in people]:
            done.result()
    assert {status for _, status in statuses} <= {200, 302}

    told = json.loads(inside(site.workspace, MORE))
    assert told["views"] == 2 * ROUNDS
    assert told["invited"] == ROUNDS
    lines = [tuple(line) for line in told["audit"]]
    for who, action, times in (
        ("viewer", "saved a view", ROUNDS),
        ("executive", "saved a view", ROUNDS),
        ("seller", "answered: different", ROUNDS),
        ("marketer", "added lists", ROUNDS),
        ("marketer", "saved a definition", ROUNDS),
        ("steward", "note", ROUNDS),
        ("administrator", "note", ROUNDS),
        ("administrator", "invited somebody", ROUNDS),
    ):
        assert lines.count((f"{who}@tieline", action)) == times, (who, action)
    decided = site.ask("/decisions", role="administrator").text
    for n in range(ROUNDS):
        assert f"note {n} of the steward" in decided
        assert (site.workspace / "lists" / f"list {n}.csv").exists()
        assert f"# round {n}" in (site.workspace / "scorecards" / "shared.toml").read_text("utf-8")
    assert "locked" not in said.read_text()
    assert "Traceback" not in said.read_text()
    jobs = site.ask("/jobs", role="viewer").text
    newest = re.search(r'href="(/jobs/\d+)"', jobs)[1]
    state_of(site, newest, "tag done", seconds=180)
    told = json.loads(inside(site.workspace, MORE))
    assert (told["open"], told["failed"]) == (0, 0)
    shown = site.ask(f"/accounts/{one['account']}", role="steward").text
    assert f"note {ROUNDS - 1} of the steward" in shown
