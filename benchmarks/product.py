"""Run Tieline as its user does: new, add, build; each step a whole process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.process import Run, run


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


def build(workspace: Path, files: list[Path]) -> Built:
    """A new workspace with these files, built once; what stood in its place is removed."""
    shutil.rmtree(workspace, ignore_errors=True)
    log = workspace.parent / "tieline.log"
    runs: dict[str, Run] = {
        "new": run([command(), "new", workspace], log=log),
        "add": run([command(), "-w", workspace, "add", *files], log=log),
        "build": run([command(), "-w", workspace, "build"], log=log),
    }
    return Built(
        seconds={name: round(taken.seconds, 2) for name, taken in runs.items()},
        peak_gb=max(taken.peak_gb for taken in runs.values()),
        workspace=workspace,
        stages=_stages(workspace),
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


def _stages(workspace: Path) -> dict[str, float]:
    """Seconds per stage of the last build, if it tells them in its manifest."""
    manifest = table_path(workspace) / "manifest.json"
    if not manifest.exists():
        return {}
    told = json.loads(manifest.read_text(encoding="utf-8")).get("stages", {})
    return {str(name): float(seconds) for name, seconds in dict(told).items()}
