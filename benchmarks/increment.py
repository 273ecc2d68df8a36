"""What 1 % of new records cost: `python -m benchmarks.increment [--records 150000] [--keep DIR]`.

A generated market is built without every hundredth row of each list; then those come as lists of
their own and are built once from what is there and once in full. Told are, table by table, what
became of it and its seconds, on the clock and of the processor (the two differ when others use the
machine), and whether both snapshots are the same.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import machine
from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.engine.model import Model
from tieline.engine.run import Outcome
from tieline.pipeline import build
from tieline.workspace import Workspace

HELD_OUT = 100
"""Every hundredth row comes later."""
TARGET = 0.05
KINDS = ("clock", "processor")
LINKING = (
    "company_descriptions", "company_profiles", "account_draft_links", "account_drafts",
    "contact_draft_descriptions", "contact_draft_profiles", "contact_draft_links",
    "contact_drafts", "account_links", "record_accounts", "person_descriptions",
    "person_profiles", "contact_links", "record_contacts",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What became of one table, and the seconds it took."""

    how: str
    clock: float
    processor: float


@dataclass(frozen=True)
class Taken:
    """A build: its snapshot, its seconds and its steps."""

    snapshot: str
    clock: float
    processor: float
    steps: dict[str, Step]


def measured(workspace: Workspace, *, full: bool) -> Taken:
    """Build and take the time."""
    steps: dict[str, Step] = {}
    watch = _Watch()
    whole = _Watch()

    def note(model: Model, _: float, outcome: Outcome) -> None:
        steps[model.name] = Step(outcome.how, *watch.lap())

    snapshot = build(workspace, full=full, on_step=note)
    return Taken(snapshot.id, *whole.lap(), steps)


class _Watch:
    """Seconds since the last look, on the clock and of the processor."""

    def __init__(self) -> None:
        self._since = (time.perf_counter(), time.process_time())

    def lap(self) -> tuple[float, float]:
        now = (time.perf_counter(), time.process_time())
        before, self._since = self._since, now
        return now[0] - before[0], now[1] - before[1]


def lists_in_two(files: list[Path], folder: Path) -> tuple[list[Path], list[Path]]:
    """Each list as Parquet without every hundredth row, and those rows."""
    first, later = [], []
    for file in files:
        for landed in land(str(file), folder / "landed"):
            rows = pq.read_table(landed.rows_path).drop_columns(["row_number"])
            held = pa.array([n % HELD_OUT == HELD_OUT - 1 for n in range(rows.num_rows)])
            for part, chosen, name in (
                (first, pc.invert(held), landed.name),
                (later, held, f"{landed.name}_later"),
            ):
                path = folder / f"{name}.parquet"
                pq.write_table(rows.filter(chosen), path)
                part.append(path)
    return first, later


def add(workspace: Workspace, files: list[Path]) -> None:
    for file in files:
        for landed in land(str(file), workspace.landed_dir):
            workspace.remember(landed)


def compare(folder: Path, records: int) -> tuple[Taken, Taken, Taken]:
    """Build without the rows to come, with them, and with them in full (in a copy)."""
    world = generate(folder / "world", records=records)
    first, later = lists_in_two([Path(file) for file in world.lists], folder)
    workspace = Workspace.create(folder / "w")
    add(workspace, first)
    before = measured(workspace, full=False)
    add(workspace, later)
    increment = measured(workspace, full=False)
    copy = Workspace.open(Path(shutil.copytree(workspace.path, folder / "afresh")))
    return before, increment, measured(copy, full=True)


def told(increment: Taken, full: Taken) -> str:
    """The table of steps, the linking together and all together."""
    lines = [f"{'table':32}{'':12}{'increment':>11}{'cpu':>8}{'full':>9}{'cpu':>8}"]
    for name, step in increment.steps.items():
        whole = full.steps[name]
        lines.append(
            f"{name:32}{step.how:12}{step.clock:11.2f}{step.processor:8.2f}"
            f"{whole.clock:9.2f}{whole.processor:8.2f}"
        )
    linking = [
        tuple(sum(getattr(taken.steps[name], kind) for name in LINKING) for kind in KINDS)
        for taken in (increment, full)
    ]
    everything = [tuple(getattr(taken, kind) for kind in KINDS) for taken in (increment, full)]
    for title, (mine, theirs) in (("linking", linking), ("whole build", everything)):
        shares = (f"{a / b:.1%}" for a, b in zip(mine, theirs, strict=True))
        lines.append(
            f"{title:44}{mine[0]:11.2f}{mine[1]:8.2f}{theirs[0]:9.2f}{theirs[1]:8.2f}"
            f"   {', '.join(shares)}"
        )
    same = "the same" if increment.snapshot == full.snapshot else "ANOTHER"
    return "\n".join([*lines, f"snapshot: {same}; target: {TARGET:.0%} of the full build"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=150_000)
    parser.add_argument("--keep", type=Path, help="a folder to leave everything in")
    given = parser.parse_args()
    print(machine.describe(), f"load {machine.load()}", sep="\n")
    folder = given.keep or Path(tempfile.mkdtemp(prefix="increment-"))
    try:
        _, increment, full = compare(folder, given.records)
        print(told(increment, full))
    finally:
        if given.keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
