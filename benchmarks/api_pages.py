"""A page of the API over 50,000 accounts, alone and with eight programs at once.

`python -m benchmarks.api_pages [--accounts 50000] [--seconds 8]`. The accounts of a small invented
market are multiplied in its snapshot, since only their number counts here; the questions are a
first page, a filter, a search, a page far behind by its cursor, and one account. The bound is an
answer without any question: the page `health` of the same server.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote

from benchmarks import results
from benchmarks.collector import Server, tieline
from benchmarks.machine import describe

TARGETS = {1: 100, 8: 300}
"""Milliseconds of p99 by how many ask at once, see DESIGN.md section 9."""
MULTIPLIED = ("accounts", "account_stages", "outlooks")
KEYS = """
import sys, json
from pathlib import Path
from tieline.web.configuration import Serving, configure
configure(Serving(Path(sys.argv[1])))
from tieline.web import tables
tables.bring_up_to_date()
from tieline.web.api.keys import make
print(json.dumps([make(f"bench_{n}", ["READ"], by="a benchmark")[1] for n in range(200)]))
"""


def multiply(workspace, accounts):
    """Write each account many times, under other ids, until there are so many."""
    import duckdb

    from tieline.engine.snapshot import current

    snapshot = current(workspace / ".tieline")
    with duckdb.connect() as database:
        for name in MULTIPLIED:
            path = snapshot.table(name)
            files = f"{path}/*.parquet" if path.is_dir() else str(path)
            [(held,)] = database.sql(f"SELECT count(*) FROM '{files}'").fetchall()
            if name == MULTIPLIED[0]:
                times = -(-accounts // held)
            whole = path.with_suffix(".new")
            database.sql(
                "SELECT * REPLACE ('A' || substr(md5(account_id || n), 1, 14) AS account_id) "
                f"FROM '{files}', range({times}) copies(n)"
            ).write_parquet(str(whole))
            if path.is_dir():
                for part in path.iterdir():
                    part.unlink()
                whole.rename(path / "00.parquet")
            else:
                whole.rename(path)
    return held * times


def questions(server, keys):
    """The addresses that are asked, in turn."""
    path = "/api/v1/accounts?limit=50&sort=-contacts,name"
    cursor, one = "", ""
    for _ in range(20):
        told = json.loads(ask(HTTPConnection("127.0.0.1", server.port), path + cursor, keys[0]))
        cursor = f"&cursor={quote(told['next'])}"
        one = told["rows"][0]["account_id"]
    return [
        path,
        f"{path}&where=country=DE&where={quote('contacts>=2')}",
        f"{path}&q=tech",
        path + cursor,
        f"/api/v1/accounts/{one}",
    ]


def ask(connection, path, key):
    connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {body[:200]}")
    return body


def load(server, paths, keys, users, seconds):
    """Milliseconds of each answer while so many programs ask without a pause."""
    times = []
    end = time.perf_counter() + seconds

    def user(number):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        turn = number
        while time.perf_counter() < end:
            began = time.perf_counter()
            ask(connection, paths[turn % len(paths)], keys[turn % len(keys)])
            times.append((time.perf_counter() - began) * 1000)
            turn += users

    threads = [threading.Thread(target=user, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cut = quantiles(times, n=100)
    return {
        "answers": len(times), "per_second": round(len(times) / seconds),
        "p50_ms": round(cut[49], 1), "p99_ms": round(cut[98], 1),
    }  # fmt: skip


def measure(folder, asked):
    workspace = folder / "market"
    tieline("demo", str(workspace), "--records", "1000", "--sources", "4", "--interactions", "500")
    tieline("-w", str(workspace), "build")
    accounts = multiply(workspace, asked.accounts)
    made = subprocess.run(
        [sys.executable, "-c", KEYS, str(workspace)], capture_output=True, text=True, check=True
    )
    keys = json.loads(made.stdout)
    server = Server(workspace, asked.workers)
    try:
        paths = questions(server, keys)
        told = {"accounts": accounts, "bound": load(server, ["/health"], keys, 1, 2)}
        for users in TARGETS:
            told[f"users_{users}"] = load(server, paths, keys, users, asked.seconds)
    finally:
        server.kill()
    return told


def main(words=None):
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--accounts", type=int, default=50_000)
    asked.add_argument("--seconds", type=float, default=8)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--local", action="store_true", help="keep results apart from those in git")
    given = asked.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        told = measure(Path(folder), given)
    print(f"{told['accounts']:,} accounts; an answer without a question: {told['bound']}")
    missed = 0
    for users, target in TARGETS.items():
        found = told[f"users_{users}"]
        missed |= found["p99_ms"] > target
        print(f"{users} at once: {found}, target p99 {target} ms")
    results.write({"set": "api_pages", "machine": describe(), **told}, local=given.local)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
