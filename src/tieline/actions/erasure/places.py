"""The places of a workspace, beside its lists and its ledger, that may hold a person."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.actions.erasure.values import Values, rows_with
from tieline.data.values import standardisation
from tieline.engine.parquet import flush
from tieline.engine.snapshot import current
from tieline.identity import change_feed, changes
from tieline.workspace import Workspace
from tieline.workspace.erased_rows import remove_content

FAULTS = ("fault.txt",)
"""Reports of faults; they may quote cells."""


def clear_values(workspace: Workspace) -> int:
    """Delete the cache of standard values: it holds the texts they were made of. How many files."""
    before = len(list(workspace.cache_dir.glob("*")))
    standardisation.forget(workspace.cache_dir)
    for path in sorted(workspace.cache_dir.glob("*")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return before


def clear_working_files(workspace: Workspace) -> int:
    """Delete what builds left for the next one, what did not fit into memory, and fault reports."""
    removed = 0
    for folder in (workspace.hidden_dir / "state", workspace.scratch_dir):
        for path in sorted(folder.glob("*")) if folder.exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            removed += 1
    for name in FAULTS:
        path = workspace.hidden_dir / name
        if path.exists():
            path.unlink()
            removed += 1
    return removed


def clear_unused_contents(workspace: Workspace) -> int:
    """Delete landed contents that no source points at: of lists that failed, or were replaced."""
    removed = 0
    for facts in sorted(workspace.landed_dir.glob("*.json")):
        if not workspace.points_at(facts.stem):
            remove_content(workspace.landed_dir, facts.stem)
            removed += 1
    for path in sorted(workspace.landed_dir.glob("*")):
        if not (workspace.landed_dir / f"{path.name.partition('.')[0]}.json").exists():
            path.unlink()
    return removed


def clear_changes(workspace: Workspace, ids: Collection[str], values: Values) -> int:
    """Take the person's values out of the change feed; that the id ended stays told. How many rows.

    A system that follows the feed learns from it that it has to forget as well.
    """
    removed = 0
    wanted = pa.array(sorted(ids), pa.string())
    for step in change_feed.steps(workspace.changes_dir):
        rows = pq.read_table(step.file, schema=changes.SCHEMA)
        theirs = pc.fill_null(pc.is_in(rows["id"], value_set=wanted), False)
        for name in ("before", "after"):
            held = pc.or_(theirs, rows_with(rows[name], values.patterns()))
            told = pc.and_(held, rows[name].is_valid())
            removed += pc.sum(told).as_py() or 0
            emptied = pc.if_else(told, pa.scalar(None, pa.string()), rows[name])
            rows = rows.set_column(rows.schema.get_field_index(name), name, emptied)
        beside = step.file.with_name(f".{step.file.name}.new")
        pq.write_table(rows, beside, compression="zstd")
        flush(beside)
        os.replace(beside, step.file)
    for path in sorted(workspace.changes_dir.glob(".*")):
        path.unlink()
    return removed


def clear_set_aside_events(workspace: Workspace, values: Values) -> int:
    """Take events of the person out of those that could not be kept; how many."""
    removed = 0
    for path in sorted(workspace.set_aside_events_dir.glob("*.jsonl")):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not values.hits(line)]
        removed += len(lines) - len(kept)
        beside = path.with_name(f".{path.name}.new")
        beside.write_text("".join(kept), "utf-8")
        beside.chmod(0o600)
        flush(beside)
        os.replace(beside, path)
    return removed


def other_snapshots(workspace: Workspace) -> list[Path]:
    """The folders of every snapshot but the current one, and of builds that broke off."""
    now = current(workspace.hidden_dir)
    return [
        path
        for path in sorted(workspace.snapshots_dir.iterdir())
        if now is None or path.name != now.id
    ]


def clear_snapshots(workspace: Workspace) -> int:
    """Delete every snapshot but the current one, readers or not; how many."""
    found = other_snapshots(workspace)
    for path in found:
        # Hidden by one step first: nobody must meet a half-removed snapshot.
        dead = path.with_name(f".dead-{path.name.lstrip('.')}")
        path.rename(dead)
        shutil.rmtree(dead)
    return len(found)


def outside(workspace: Workspace, sources: list[str]) -> list[dict[str, str]]:
    """Where the lists came from that held the person: files that are the user's own to clear."""
    return [
        {"source": name, "location": workspace.remembered(name).location}
        for name in sorted(sources)
    ]


def write_certificate(workspace: Workspace, number: int, body: dict[str, object]) -> Path:
    """Write the certificate of an erasure; it holds ids and counts only."""
    folder = workspace.hidden_dir / "certificates"
    folder.mkdir(exist_ok=True)
    path = folder / f"{number}.json"
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
