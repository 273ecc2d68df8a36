"""The workspace a command works on, and the snapshot it reads."""

from __future__ import annotations

from pathlib import Path

import typer

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current
from tieline.errors import TielineError
from tieline.workspace import Workspace


def workspace(context: typer.Context) -> Workspace:
    """The workspace named by -w, or the current folder."""
    return Workspace.open(Path(str(context.obj)))


def snapshot(context: typer.Context) -> Snapshot:
    """The current snapshot; TielineError `not_built` if there is none."""
    found = current(workspace(context).hidden_dir)
    if found is None:
        raise TielineError(
            "not_built",
            "Nothing was built yet.",
            next_step="Run: tieline build",
        )
    return found


def reader(found: Snapshot, *tables: str) -> DuckEngine:
    """An engine that can read the named tables of a snapshot."""
    engine = DuckEngine()
    for table in tables:
        engine.read_parquet(table, found.table(table))
    return engine
