"""A ledger with very many judgements and events: opened, read, added to.

`python -m benchmarks.ledger --judgements 1000000 --events 1000000 [--url postgres://...]`.
The bound is a bare sqlite3 select of the same rows into Python, no table made of them. Beside
each time on the clock stands that of the processor: the two differ when others use the machine.
"""

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe
from tieline.ledger import FILE, Event, open_ledger
from tieline.ledger.facts import json_text, parts_of

MOMENT = "2026-01-01 00:00:00"
BARE = (
    "SELECT named.judgement_id, kind, entity, record_id FROM ledger_judgement_records AS named "
    "JOIN ledger_judgements ON number = named.judgement_id "
    "LEFT JOIN ledger_endings AS ending ON ending.judgement_id = named.judgement_id "
    "WHERE ending.judgement_id IS NULL ORDER BY named.id"
)
OPEN = """
import sys, time
from pathlib import Path
from tieline.ledger import open_ledger
began = time.perf_counter()
ledger = open_ledger(Path(sys.argv[1]), sys.argv[2])
ledger.judgement(1)
print(time.perf_counter() - began)
"""


def record_id(number):
    """An id as long as a real one, the same on every machine."""
    return f"{number * 2654435761 % 2**64:016x}{number:016x}"


def body(number):
    """A merge of two groups, or a split, of two records each."""
    left, right = ([record_id(number * 4 + place + side) for place in (0, 1)] for side in (0, 2))
    return {"groups": [left, right]} if number % 2 else {"apart": left, "rest": right}


def fill(path, judgements):
    """Judgements of four records each, a tenth of them ended, written past the ledger."""
    numbers = range(1, judgements + 1)
    with sqlite3.connect(path) as database:
        database.executemany(
            "INSERT INTO ledger_judgements (number, kind, entity, body, reason, made_by, made_at, "
            "evidence) VALUES (?, ?, 'contact', ?, 'measured', 'nobody', ?, 'null')",
            ((n, "merge" if n % 2 else "split", json_text(body(n)), MOMENT) for n in numbers),
        )
        database.executemany(
            "INSERT INTO ledger_judgement_records (judgement_id, record_id) VALUES (?, ?)",
            ((number, record) for number in numbers for _part, record in parts_of(body(number))),
        )
        database.executemany(
            "INSERT INTO ledger_endings (judgement_id, reason, made_by, made_at) "
            "VALUES (?, 'measured', 'nobody', ?)",
            ((number, MOMENT) for number in range(10, judgements + 1, 10)),
        )
    database.close()


def events(count):
    for number in range(count):
        yield Event(
            "newsletter",
            record_id(number),
            "response",
            f"2026-01-{number % 28 + 1:02d}T10:00:00Z",
            {"email": f"person{number % 100_000}@example.com", "kind": "click"},
        )


def timed(name, act):
    began, worked = time.perf_counter(), time.process_time()
    done = act()
    clock, work = time.perf_counter() - began, time.process_time() - worked
    print(f"{name:<46} {clock:9.3f} s {work:9.3f} s", flush=True)
    return done


def bare_select(path):
    with sqlite3.connect(path) as database:
        rows = database.execute(BARE).fetchall()
    database.close()
    return len(rows)


def in_new_process(folder, url):
    """Seconds from nothing loaded to the first answer, Django's import included."""
    command = [sys.executable, "-c", OPEN, str(folder), url]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure_judgements(folder, count):
    with open_ledger(folder, "") as ledger:
        ledger.judge("note", "site", {"records": ["0"], "text": "x"}, reason="make it", by="nobody")
    path = folder / FILE
    with sqlite3.connect(path) as database:
        for table in ("ledger_judgement_records", "ledger_judgements"):
            database.execute(f"DELETE FROM {table}")
    database.close()
    timed(f"(filled with {count:,} judgements)", lambda: fill(path, count))
    print(f"{'opened and asked, in a new process':<46} {in_new_process(folder, ''):9.3f} s")
    with open_ledger(folder, "") as ledger:
        timed("first question", lambda: ledger.judgement(count // 2))
        timed("fingerprint", ledger.fingerprint)
        table = timed("judged_records", ledger.judged_records)
        print(f"{'  rows':<46} {table.num_rows:9,}")
        one = {"groups": [[record_id(1)], [record_id(2)]]}
        new = timed(
            "judge", lambda: ledger.judge("merge", "contact", one, reason="measured", by="nobody")
        )
        timed("end", lambda: ledger.end(new.number, reason="measured", by="nobody"))
        timed("judgements of a record", lambda: ledger.judgements(records=[record_id(9)]))
        timed("judgements (all, one by one)", ledger.judgements)
    timed("bound: bare select of the same rows", lambda: bare_select(path))


def measure_events(folder, count, url):
    with open_ledger(folder, url) as ledger:
        print(timed(f"remember {count:,} events", lambda: ledger.remember(events(count))))
        print(timed("the same again", lambda: ledger.remember(events(count))))
        rows = timed(
            "event_batches", lambda: sum(batch.num_rows for batch in ledger.event_batches())
        )
        print(f"{'  rows':<46} {rows:9,}")


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--judgements", type=int, default=1_000_000)
    asked.add_argument("--events", type=int, default=1_000_000)
    asked.add_argument("--url", default="", help="of an empty PostgreSQL database, for the events")
    given = asked.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        measure_judgements(Path(folder), given.judgements)
        measure_events(Path(folder), given.events, given.url)


if __name__ == "__main__":
    main()
