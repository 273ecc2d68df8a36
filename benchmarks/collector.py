"""Events into the collector: how many a second, and whether a kill loses any after its 200.

`python -m benchmarks.collector [--events 50000] [--connections 4] [--workers 1]`. Batches of 100
are made before the clock starts, so that the sender costs next to nothing; the server is killed by
SIGKILL in the middle of a second run, and every event that was answered with 200 is looked for in
the ledger. The bound is the same rows put into a bare SQLite file, one transaction a batch.
"""

import argparse
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles

from benchmarks import results
from benchmarks.machine import describe

A_BATCH = 100
TARGET = 5_000
"""Events a second, see DESIGN.md section 9."""


def bodies(count, run):
    """Batches as analytics-python sends them: half of them tracks, who is who now and then."""
    for batch in range(count // A_BATCH):
        told = [message(run, batch * A_BATCH + place) for place in range(A_BATCH)]
        yield json.dumps({"batch": told, "sentAt": "2026-01-02T10:00:05Z"}).encode()


def message(run, number):
    shared = {
        "messageId": f"{run}-{number:08}",
        "anonymousId": f"visitor-{number % 5000}",
        "timestamp": "2026-01-02T10:00:00Z",
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}, "ip": "192.0.2.7"},
    }
    if number % 10 == 0:
        traits = {"email": f"person{number % 5000}@example.com", "name": "Kim Doe"}
        return {**shared, "type": "identify", "userId": str(number % 5000), "traits": traits}
    properties = {"title": "Data sheet FT-200", "url": "https://example.com/ft-200"}
    return {**shared, "type": "track", "event": "Download", "properties": properties}


class Server:
    """`tieline serve` on a workspace, in a group of its own so that all of it can be killed."""

    def __init__(self, workspace, workers, after_events="never"):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = [sys.executable, "-m", "tieline.cli.main", "-w", str(workspace), "serve"]
        self.process = subprocess.Popen(
            [*words, "--port", str(self.port), "--workers", str(workers)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "TIELINE_BUILD_AFTER_EVENTS": after_events},
        )
        for _ in range(300):
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server does not answer")

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def send(server, key, batches, connections, stop_after=None):
    """Send batches over several connections: those answered 200, milliseconds of each."""
    waiting = list(enumerate(batches))
    waiting.reverse()
    answered, times = [], []

    def sender():
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        while True:
            try:
                number, body = waiting.pop()
            except IndexError:
                return
            began = time.perf_counter()
            try:
                connection.request("POST", "/v1/batch", body, {"Authorization": f"Bearer {key}"})
                answer = connection.getresponse()
                answer.read()
            except (OSError, HTTPException):
                return
            times.append((time.perf_counter() - began) * 1000)
            if answer.status == 200:
                answered.append(number)
            if stop_after and len(answered) == stop_after:
                server.kill()

    threads = [threading.Thread(target=sender) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answered, times, time.perf_counter() - began


def bound(folder, batches):
    """Seconds to put the same texts into SQLite with nothing in between."""
    with sqlite3.connect(folder / "bound.sqlite") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE events (message_id TEXT UNIQUE, body TEXT)")
    began = time.perf_counter()
    for body in batches:
        rows = [(one["messageId"], json.dumps(one)) for one in json.loads(body)["batch"]]
        with database:
            database.executemany("INSERT OR IGNORE INTO events VALUES (?, ?)", rows)
    database.close()
    return time.perf_counter() - began


def kept(workspace, run):
    """The message ids of a run that the ledger holds."""
    from tieline.ledger import open_ledger

    with open_ledger(workspace / ".tieline", "") as ledger:
        return {
            one
            for batch in ledger.event_batches()
            for one in batch["message_id"].to_pylist()
            if one.startswith(run)
        }


def tieline(*words):
    done = subprocess.run(
        [sys.executable, "-m", "tieline.cli.main", *words], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout.strip()


def measure(folder, asked):
    workspace = folder / "collected"
    tieline("new", str(workspace))
    key = tieline("-w", str(workspace), "serve", "--new-key", "shop", "--may", "EVENTS")
    batches = list(bodies(asked.events, "full"))
    seconds_bound = bound(folder, batches)
    server = Server(workspace, asked.workers)
    answered, times, seconds = send(server, key, batches, asked.connections)
    server.kill()
    lost = len(answered) * A_BATCH - len(kept(workspace, "full"))
    told = {
        "events": len(answered) * A_BATCH,
        "events_per_second": round(len(answered) * A_BATCH / seconds),
        "batch_p50_ms": round(quantiles(times, n=100)[49], 1),
        "batch_p99_ms": round(quantiles(times, n=100)[98], 1),
        "bound_events_per_second": round(asked.events / seconds_bound),
        "lost": lost,
    }
    server = Server(workspace, asked.workers)
    half = len(batches) // 2
    answered, _, _ = send(
        server, key, list(bodies(asked.events, "kill")), asked.connections, stop_after=half
    )
    held = kept(workspace, "kill")
    promised = {
        f"kill-{batch * A_BATCH + place:08}" for batch in answered for place in range(A_BATCH)
    }
    return told | {"answered_before_kill": len(promised), "lost_by_kill": len(promised - held)}


def main(words=None):
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=50_000)
    asked.add_argument("--connections", type=int, default=4)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--local", action="store_true", help="keep results apart from those in git")
    given = asked.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        told = measure(Path(folder), given)
    for name, value in told.items():
        print(f"{name:<26} {value:>12,}")
    print(f"target {TARGET:,} events a second, none lost")
    result = {"set": "collector", "machine": describe(), "target": TARGET, **told}
    results.write(result, local=given.local)
    return int(told["lost"] or told["lost_by_kill"] or told["events_per_second"] < TARGET)


if __name__ == "__main__":
    sys.exit(main())
