"""What a long log costs: `python -m benchmarks.memory [--rows 10000000] [--records 150000]`.

A generated market is built; then a log comes, of rows with only an e-mail address or a cookie,
what was done and when. Told are the seconds to land it, to attach it (the tables from
`activity_identifiers` to `responses`, given who is who) and of the whole build, on the clock
and of the processor (the two differ when others use the machine); and, as the bound, what DuckDB
takes to join the same file with a finished table of addresses and cookies and to write the result.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks import machine
from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.engine.model import Model
from tieline.engine.run import Outcome
from tieline.engine.snapshot import Snapshot
from tieline.pipeline import build
from tieline.workspace import Workspace

TARGET_SECONDS = 120
"""For 10 million responses, attached."""
ATTACHING = (
    "activity_identifiers", "identifier_contacts", "activity_attachments", "touches", "responses",
)  # fmt: skip
_LOG = """
COPY (
  SELECT 'm' || i AS message_id,
    strftime(TIMESTAMP '2022-01-01' + to_seconds(CAST(hash(i, 1) % 94608000 AS BIGINT)),
      '%Y-%m-%dT%H:%M:%SZ') AS "timestamp",
    CASE WHEN hash(i, 2) % 10 < 4 THEN k.email
      WHEN hash(i, 2) % 10 = 4 THEN 'x' || hash(i, 3) % {people} || '@unknown' || hash(i, 3) % 977
        || '.com' END AS email,
    CASE WHEN hash(i, 2) % 10 >= 3 THEN 'ck-' || hash(i, 4) % (2 * {people}) END AS cookie,
    CASE hash(i, 5) % 4 WHEN 0 THEN 'download' WHEN 1 THEN 'open' WHEN 2 THEN 'click'
      ELSE 'visit' END AS event
  FROM range({rows}) r(i)
  LEFT JOIN known k ON k.place = hash(i, 6) % {people} AND hash(i, 2) % 10 < 4
) TO '{path}' (FORMAT parquet)
"""
_BOUND = """
COPY (
  SELECT l.*, coalesce(e.contact_id, c.contact_id) AS contact_id
  FROM read_parquet('{log}') l
  LEFT JOIN led e ON e.scheme = 'email' AND e.value = l.email
  LEFT JOIN led c ON c.scheme = 'cookie' AND c.value = l.cookie
) TO '{out}' (FORMAT parquet, COMPRESSION zstd)
"""


class _Watch:
    """Seconds since the last look, on the clock and of the processor."""

    def __init__(self) -> None:
        self._since = (time.perf_counter(), time.process_time())

    def lap(self) -> tuple[float, float]:
        now = (time.perf_counter(), time.process_time())
        spent = (now[0] - self._since[0], now[1] - self._since[1])
        self._since = now
        return spent


@dataclass
class Measured:
    """Seconds (clock, processor) by part and by table, and what came of the rows."""

    parts: dict[str, tuple[float, float]] = field(default_factory=dict)
    tables: dict[str, tuple[float, float]] = field(default_factory=dict)
    attached: int = 0
    responses: int = 0


def measure(home: Path, *, records: int, rows: int) -> Measured:
    """Build a market, then the same with the log; take the time of everything that is the log's."""
    world = generate(home / "world", records=records)
    workspace = Workspace.create(home / "w")
    for file in world.lists:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)
    before = build(workspace)
    log = home / "web_log.parquet"
    _write_log(before, log, rows)
    told, watch = Measured(), _Watch()
    for landed in land(str(log), workspace.landed_dir):
        workspace.remember(landed)
    told.parts["landing"] = watch.lap()
    steps = _Watch()

    def note(model: Model, _: float, outcome: Outcome) -> None:
        told.tables[model.name] = steps.lap()

    after = build(workspace, on_step=note)
    told.parts["build"] = watch.lap()
    told.parts["attaching"] = _sum(told.tables, ATTACHING)
    told.parts["bound"] = _bound(after, log, home / "bound.parquet")
    found = duckdb.sql(
        f"SELECT count(*), count(contact_id) FROM {_table(after, 'responses')} "
        "WHERE source = 'web_log'"
    ).fetchall()
    told.responses, told.attached = found[0]
    return told


def _sum(tables: dict[str, tuple[float, float]], names: tuple[str, ...]) -> tuple[float, float]:
    spent = [tables[name] for name in names if name in tables]
    return sum(clock for clock, _ in spent), sum(processor for _, processor in spent)


def _table(snapshot: Snapshot, name: str) -> str:
    path = snapshot.table(name)
    return f"read_parquet('{path}/*.parquet')" if path.is_dir() else f"read_parquet('{path}')"


def _write_log(snapshot: Snapshot, path: Path, rows: int) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE known AS SELECT email, row_number() OVER (ORDER BY email) - 1 AS place "
            f"FROM (SELECT DISTINCT email FROM {_table(snapshot, 'standard_records')} "
            "WHERE email IS NOT NULL)"
        )
        people = connection.execute("SELECT count(*) FROM known").fetchall()[0][0]
        connection.execute(_LOG.format(people=people, rows=rows, path=path))


def _bound(snapshot: Snapshot, log: Path, out: Path) -> tuple[float, float]:
    """The least it could take: the file joined with who is who, and written."""
    with duckdb.connect(config={"threads": machine.describe()["cores"]}) as connection:
        connection.execute(
            "CREATE TABLE led AS SELECT scheme, value, contact_id FROM "
            f"{_table(snapshot, 'identifier_contacts')} WHERE contact_id IS NOT NULL"
        )
        watch = _Watch()
        connection.execute(_BOUND.format(log=log, out=out))
        return watch.lap()


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the log")
    parser.add_argument("--records", type=int, default=150_000, help="rows of the lists")
    parser.add_argument("--keep", type=Path, help="a folder to keep what was made in")
    given = parser.parse_args()
    home = given.keep or Path(tempfile.mkdtemp(prefix="memory-"))
    try:
        told = measure(home, records=given.records, rows=given.rows)
    finally:
        if not given.keep:
            shutil.rmtree(home, ignore_errors=True)
    print(f"{machine.describe()}, load {machine.load()}")
    print(f"{given.rows:,} rows beside {given.records:,} records")
    print(f"  {told.attached:,} of {told.responses:,} responses lead to a contact")
    print(f"  {'':24} {'clock':>9} {'processor':>9}")
    for name, (clock, processor) in told.parts.items():
        target = f"  (target {TARGET_SECONDS} s)" if name == "attaching" else ""
        print(f"  {name:24} {clock:8.1f}s {processor:8.1f}s{target}")
    print("  the costliest tables of the build:")
    ranked = sorted(told.tables.items(), key=lambda item: -item[1][1])
    for name, (clock, processor) in ranked[:12]:
        print(f"    {name:22} {clock:8.1f}s {processor:8.1f}s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"  peak memory {peak:.1f} GB")


if __name__ == "__main__":
    main()
