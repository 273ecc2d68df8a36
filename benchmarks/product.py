"""Run Tieline as its user does: new, add, build; each step a whole process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.process import Run, run

STEP = re.compile(r"^ *([0-9.]+) s  (\w+): (\w+), [0-9,]+ rows", re.MULTILINE)
SLOW_STEP = 0.5


@dataclass(frozen=True)
class Built:
    """One measured build: seconds per command, the highest memory, the workspace it left."""

    seconds: dict[str, float]
    peak_gb: float
    workspace: Path
    stages: dict[str, float]

    @property
    def total(self) -> float:
        """Seconds from nothing to the snapshot: all commands together."""
        return sum(self.seconds.values())


def command() -> Path:
    """The installed `tieline` of this environment, or the one named by `TIELINE_COMMAND`."""
    named = os.environ.get("TIELINE_COMMAND")
    path = Path(named) if named else Path(sys.executable).parent / "tieline"
    if not path.exists():
        raise SystemExit(f"There is no tieline command at {path}: install the project first.")
    return path


def build(workspace: Path, files: list[Path], settings: Path | None = None) -> Built:
    """A new workspace with these files, built once; what stood in its place is removed.

    `settings` is a tieline.toml to take instead of the fresh one.
    """
    shutil.rmtree(workspace, ignore_errors=True)
    log = workspace.parent
    runs: dict[str, Run] = {"new": run([command(), "new", workspace], log=log / "new.log")}
    if settings:
        shutil.copy(settings, workspace / "tieline.toml")
    on: list[str | Path] = [command(), "-w", workspace]
    runs["add"] = run([*on, "add", *files], log=log / "add.log")
    # 1 = built, with more records set aside than the settings find usual.
    runs["build"] = run([*on, "build"], log=log / "build.log", fine=(0, 1))
    return Built(
        seconds={name: round(taken.seconds, 2) for name, taken in runs.items()},
        peak_gb=max(taken.peak_gb for taken in runs.values()),
        workspace=workspace,
        stages=_stages(runs["build"]),
    )


def table_path(workspace: Path, *table: str) -> Path:
    """The path of the current snapshot, or of one of its tables."""
    told = subprocess.run(
        [command(), "-w", workspace, "path", *table], capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise FileNotFoundError(told.stderr.strip() or f"no table {table} in {workspace}")
    return Path(told.stdout.strip())


def found(workspace: Path, entity: str) -> pa.Table:
    """source, row_number, found_id of every record for one entity.

    `contact+account` takes the contact of a record and, where it has none, the account.
    Sources are named by the file they came from, without its ending.
    """
    table = pq.read_table(table_path(workspace, "record_entities"))
    parts = [table[f"{part}_id"] for part in entity.split("+")]
    if len(parts) > 1:  # ids of two kinds must not meet by chance
        parts = [
            pc.binary_join_element_wise(f"{kind}:", part.cast(pa.string()), "")
            for kind, part in zip(entity.split("+"), parts, strict=True)
        ]
    ids = pc.coalesce(*parts)
    return pa.table(
        {
            "source": stems(table["source"]),
            "row_number": table["row_number"].cast(pa.int64()),
            "found_id": ids,
        }
    )


def stems(sources: pa.ChunkedArray) -> pa.Array:
    """'fodors.csv' and 'fodors' name the same source."""
    codes = sources.combine_chunks().dictionary_encode()
    names = pa.array([Path(name).stem for name in codes.dictionary.to_pylist()], pa.string())
    return pc.take(names, codes.indices)


def _stages(build: Run) -> dict[str, float]:
    """Seconds per layer, and per table that took half a second, from the lines a build prints."""
    layers: dict[str, float] = {}
    tables: dict[str, float] = {}
    for seconds, layer, table in STEP.findall(build.output):
        layers[layer] = round(layers.get(layer, 0.0) + float(seconds), 2)
        if float(seconds) >= SLOW_STEP:
            tables[f"{layer}: {table}"] = float(seconds)
    rest = round(build.seconds - sum(layers.values()), 2)
    return {**layers, "start, read, write": rest, **tables}
