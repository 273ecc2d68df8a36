"""The workspace a command works on, and the snapshot it reads."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current
from tieline.errors import TielineError, did_you_mean

if TYPE_CHECKING:
    from tieline.workspace import Workspace


def workspace(context: typer.Context) -> Workspace:
    """The workspace named by -w, or the current folder."""
    # Loads what recognises columns; the commands that only read a snapshot are quick without it.
    from tieline.workspace import Workspace

    return Workspace.open(Path(str(context.obj)))


def snapshot(context: typer.Context) -> Snapshot:
    """The current snapshot; TielineError `not_built` if there is none."""
    folder = Path(str(context.obj))
    found = current(folder / ".tieline") if (folder / "tieline.toml").is_file() else None
    if found is None:
        workspace(context)  # says so if the folder is none
        raise TielineError(
            "not_built",
            "Nothing was built yet.",
            next_step=f"Run: {command(context, 'build')}",
        )
    return found


def table(found: Snapshot, name: str) -> Path:
    """The file of a table; TielineError `unknown_table` with the one that was meant."""
    if name not in found.tables:
        hint = did_you_mean(name.lower(), found.tables, cutoff=0.5)
        raise TielineError(
            "unknown_table",
            f"There is no table {name!r}.{hint}",
            next_step=f"The tables are: {', '.join(found.tables)}.",
        )
    return found.table(name)


def reader(found: Snapshot, *tables: str) -> DuckEngine:
    """An engine that can read the named tables of a snapshot.

    TielineError `outgrown_snapshot` if one of them came with a later version.
    """
    lacking = [name for name in tables if name not in found.tables]
    if lacking:
        raise TielineError(
            "outgrown_snapshot",
            f"The database was built by an earlier Tieline, without the table {lacking[0]}.",
            next_step="Run: tieline build",
        )
    engine = DuckEngine()
    for name in tables:
        engine.read_parquet(name, found.table(name))
    return engine


def command(context: typer.Context, words: str) -> str:
    """A command as the user has to type it, with the workspace he named."""
    chosen = str(context.obj)
    return f"tieline {words}" if chosen == "." else f"tieline -w {shlex.quote(chosen)} {words}"
