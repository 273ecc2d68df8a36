"""The pages over 50,000 accounts: how long each takes, for one person and for eight at once.

`python -m benchmarks.pages [--accounts 50000] [--workers 2] [--workspace DIR]`. A demo market is
built and its snapshot written so many times over, each under ids of its own; `--workspace` measures
one that is there as it is. A person asks without a pause, and each answer is read to its end; the
accounts, sites and contacts are half the largest and half any. The bounds of the same run are an
answer without any question (`/health`) and one account looked up in the same file without Django.
From an event to its stage is measured on the small market, before it is written over.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles

from benchmarks import machine, results
from benchmarks.collector import Server, tieline
from benchmarks.many_accounts import multiply

TARGETS = {1: 100, 8: 300}
"""Milliseconds of p99 by how many people ask at once, see DESIGN.md section 9."""
SEED = "pages"
INSIDE = """
import sys, json
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from django.conf import settings
from django.test import Client
from tieline.web import tables
tables.bring_up_to_date()
from tieline.web.models import Member
from tieline.web.reader import reading
settings.ALLOWED_HOSTS.append("testserver")
cookies = []
for n in range(8):
    member, _ = Member.objects.get_or_create(login=f"bench_{n}", defaults={"role": "administrator"})
    client = Client()
    client.force_login(member)
    cookies.append(client.cookies["tieline"].value)
told = {"cookies": cookies, "ids": {}, "rows": {}}
with reading() as found:
    for kind, order in (("account", "contacts"), ("site", "contacts"), ("contact", "responses")):
        table, key = f"{kind}_rows", f"{kind}_id"
        told["ids"][kind] = [
            row[key]
            for order in (f"{order} DESC NULLS LAST, {key}", f"md5({key} || 'SEED')")
            for row in found.rows(f"SELECT {key} FROM {table} ORDER BY {order} LIMIT 20")
        ]
        told["rows"][kind + "s"] = found.value(f"SELECT count(*) AS n FROM {table}")
    times = []
    import time
    for one in told["ids"]["account"] * 5:
        began = time.perf_counter()
        found.rows(f"SELECT * FROM accounts WHERE account_id = '{one}'")
        times.append((time.perf_counter() - began) * 1000)
    told["lookup_ms"] = round(sorted(times)[len(times) // 2], 2)
print(json.dumps(told))
""".replace("SEED", SEED)
LISTS = {
    "home": ["/"],
    "accounts": ["/accounts", "/accounts?sort=name&page=40", "/accounts?sort=-score"],
    "filtered": ["/accounts?outlook=at_risk", "/accounts?stage=3&sort=name"],
    "searched": ["/accounts?q=tech", "/accounts?q=industries"],
    "misspelt": ["/accounts?q=indutsries", "/accounts?q=holdngs"],
    "contacts": ["/contacts", "/contacts?key_player=true&sort=full_name"],
    "review": ["/review"],
    "funnel": ["/funnel"],
}


def inside(workspace):
    """Eight people signed in, ids to ask for, and how long a bare look takes."""
    made = subprocess.run(
        [sys.executable, "-c", INSIDE, str(workspace)], capture_output=True, text=True, check=True
    )
    return json.loads(made.stdout.splitlines()[-1])


def ask(connection, path, cookie):
    connection.request("GET", path, headers={"Cookie": f"tieline={cookie}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:200]}")
    return body


def load(server, asked, cookies, users, seconds):
    """Milliseconds of each answer by page, while so many people ask in turn without a pause."""
    times = {page: [] for page, _ in asked}
    end = time.perf_counter() + seconds

    def person(number):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
        turn = number
        while time.perf_counter() < end:
            page, path = asked[turn % len(asked)]
            began = time.perf_counter()
            ask(connection, path, cookies[number])
            times[page].append((time.perf_counter() - began) * 1000)
            turn += users

    threads = [threading.Thread(target=person, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def told_of(times):
    """p50 and p99 of the pages and of all."""
    every = [one for found in times.values() for one in found]
    return {
        name: {"answers": len(found), "p50_ms": round(median(found), 1), "p99_ms": _p99(found)}
        for name, found in [*times.items(), ("all", every)]
        if found
    }


def _p99(found):
    return round(quantiles(found, n=100, method="inclusive")[98] if len(found) > 1 else found[0], 1)


def paths(ids):
    """Every page in turn, mixed so that neighbours differ."""
    each = {
        **LISTS,
        "account": [f"/accounts/{one}" for one in ids["account"]],
        "site": [f"/sites/{one}" for one in ids["site"]],
        "contact": [f"/contacts/{one}" for one in ids["contact"]],
    }
    longest = max(map(len, each.values()))
    return [
        (page, found[turn % len(found)]) for turn in range(longest) for page, found in each.items()
    ]


def memory(server):
    """MB of each process that makes pages: resident, and private to it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if f"PPid:\t{server.process.pid}\n" not in (entry / "status").read_text():
                continue
            told = (entry / "smaps_rollup").read_text()
        except OSError:
            continue
        kb = {line.split(":")[0]: int(line.split()[1]) for line in told.splitlines()[1:]}
        private = kb["Private_Clean"] + kb["Private_Dirty"]
        found.append({"rss_mb": kb["Rss"] // 1024, "private_mb": private // 1024})
    return found


def event_to_stage(workspace, workers):
    """Seconds from a POST to the collector until the page of the site shows another stage."""
    words = ("serve", "--new-key", f"bench{time.time_ns()}", "--may", "EVENTS")
    key = tieline("-w", str(workspace), *words)
    told = inside(workspace)
    found = subprocess.run(
        [sys.executable, "-c", QUIET_SITE, str(workspace)], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    site, email = json.loads(found.stdout)
    os.environ.pop("TIELINE_BUILD_AFTER_EVENTS", None)
    server = Server(workspace, workers, after_events="2")
    try:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
        before = stage_on(ask(connection, f"/sites/{site}", told["cookies"][0]))
        body = json.dumps({"batch": events(email)})
        began = time.perf_counter()
        connection.request("POST", "/v1/batch", body, {"Authorization": f"Bearer {key}"})
        if connection.getresponse().read() is None:
            raise RuntimeError("the collector does not answer")
        while stage_on(ask(connection, f"/sites/{site}", told["cookies"][0])) == before:
            if time.perf_counter() - began > 600:
                raise RuntimeError("the stage did not move within ten minutes")
            time.sleep(0.2)
        return round(time.perf_counter() - began, 1)
    finally:
        server.kill()


QUIET_SITE = """
import sys, json
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web.reader import reading
with reading() as found:
    row = found.one(
        "SELECT c.site_id, c.email FROM contact_rows c JOIN site_rows s USING (site_id) "
        "WHERE s.stage_place IN (1, 2) AND c.usable AND c.email IS NOT NULL AND s.contacts <= 5 "
        "AND c.category NOT IN ('employee', 'supplier') ORDER BY c.site_id, c.email LIMIT 1"
    ) or found.one("SELECT site_id, email FROM contact_rows WHERE email IS NOT NULL LIMIT 1")
print(json.dumps([row["site_id"], row["email"]]))
"""


def events(email):
    """Somebody says who they are and fills in the contact form four times."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    run = f"stage-{time.time_ns()}"
    shared = {"anonymousId": f"{run}-visitor"}
    return [
        {**shared, "type": "identify", "messageId": f"{run}-1", "timestamp": now.isoformat(),
         "traits": {"email": email}},
        *({**shared, "type": "track", "messageId": f"{run}-{n}", "event": "Contact form",
           "timestamp": (now + timedelta(seconds=n)).isoformat()} for n in range(2, 6)),
    ]  # fmt: skip


def stage_on(page):
    """The box of the stage on a page."""
    text = page.decode()
    start = text.index("h-stage")
    return text[start : text.index("</section>", start)]


def measure(workspace, asked):
    """All figures of one market."""
    told = inside(workspace)
    server = Server(workspace, asked.workers)
    try:
        mixed, cookies = paths(told["ids"]), told["cookies"]
        load(server, mixed, cookies, 8, 2 * asked.seconds / 3)  # every process has its file open
        health = load(server, [("health", "/health")], cookies, 1, 2)
        measured = {
            "rows": told["rows"],
            "workers": asked.workers,
            "load_before": machine.load(),
            "bound": {"health": told_of(health)["health"], "lookup_p50_ms": told["lookup_ms"]},
        }
        for users in TARGETS:
            measured[f"users_{users}"] = told_of(load(server, mixed, cookies, users, asked.seconds))
        return measured | {"memory": memory(server), "load_after": machine.load()}
    finally:
        server.kill()


def arguments(words):
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--accounts", type=int, default=50_000)
    asked.add_argument("--records", type=int, default=15_000, help="of the market that is built")
    asked.add_argument("--seconds", type=float, default=30)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--workspace", type=Path, help="measure this one instead")
    asked.add_argument("--events", action=argparse.BooleanOptionalAction, default=True)
    asked.add_argument("--name", default="pages", help="of the kept result")
    asked.add_argument("--local", action="store_true", help="keep results apart from those in git")
    return asked.parse_args(words)


def main(words=None):
    asked = arguments(words)
    with tempfile.TemporaryDirectory() as folder:
        workspace, seconds = asked.workspace, None
        if workspace is None:
            workspace = Path(folder) / "market"
            tieline("demo", str(workspace), "--records", str(asked.records), "--whole")
            tieline("-w", str(workspace), "build")
            if asked.events:
                seconds = event_to_stage(workspace, asked.workers)
            multiply(workspace, asked.accounts)
            for made in (workspace / ".tieline" / "scratch").glob("pages-*"):
                made.unlink()
        told = measure(workspace, asked)
    told["event_to_stage_seconds"] = seconds
    missed = show(told)
    results.write({"set": asked.name, "machine": machine.describe(), **told}, local=asked.local)
    return int(missed)


def show(told):
    """Print what was measured; whether a target was missed."""
    print(f"{told['rows']}, {told['workers']} processes, load {told['load_before']}")
    print(f"bound: {told['bound']}")
    missed = False
    for users, target in TARGETS.items():
        found = told[f"users_{users}"]
        print(f"{users} at once, target p99 {target} ms")
        for page, one in found.items():
            print(f"  {page:<10} {one['answers']:>6} p50 {one['p50_ms']:>7} p99 {one['p99_ms']:>7}")
        missed |= found["all"]["p99_ms"] > target
    print(f"memory {told['memory']}; seconds from event to stage {told['event_to_stage_seconds']}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
