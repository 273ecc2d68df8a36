"""Snapshots: immutable folders of Parquet tables, and a pointer to the one that counts.

    <home>/snapshots/<id>/<table>.parquet ... manifest.json      never changed, only removed whole
    <home>/CURRENT                                               the id of the snapshot to read
    <home>/build.lock                                            held by the one running build

A snapshot is written beside the others under a hidden name, flushed, renamed, and only then
pointed to, each by one atomic step. So at any moment, crash included, CURRENT names a whole
snapshot. The id is the hash of the tables' content: equal tables are the same snapshot.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tieline.engine.parquet import cannot_write
from tieline.engine.tables import Engine, checked_name
from tieline.errors import Place, TielineError

# 64 bits of the hash: short enough to read out, no collision among any number of snapshots kept.
ID_LENGTH = 16


@dataclass(frozen=True)
class Snapshot:
    """One published set of tables.

    `manifest` holds `id`, `tables` (name -> rows, bytes, sha256), `inputs` (hash of what it was
    built from) and `versions` (of what built it).
    """

    id: str
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables, sorted."""
        return tuple(sorted(self.manifest["tables"]))

    def table(self, name: str) -> Path:
        """Return the Parquet file of a table, or raise `unknown_table` naming those there are."""
        if name not in self.manifest["tables"]:
            raise TielineError(
                "unknown_table",
                f"The snapshot {self.id} has no table {name!r}.",
                next_step=f"Its tables are: {', '.join(self.tables)}.",
            )
        return self.folder / f"{name}.parquet"


@dataclass(frozen=True)
class Build:
    """The right to publish and collect: only one process has it at a time (see `building`)."""

    home: Path


@contextmanager
def building(home: Path) -> Iterator[Build]:
    """Hold the build lock of `home` and remove what crashed builds left behind.

    Raises `build_running`, naming the process, if another one holds it. The lock goes with its
    process, so a killed build never blocks the next.
    """
    _snapshots(home).mkdir(parents=True, exist_ok=True)
    with (home / "build.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise TielineError(
                "build_running",
                f"Another build is running (process {lock.read().strip() or 'unknown'}).",
                place=Place(str(home)),
                next_step="Wait for it to end, or stop that process, and run the command again.",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        _remove_debris(home)
        yield Build(home)


def publish(
    build: Build,
    engine: Engine,
    tables: Mapping[str, Sequence[str]],
    *,
    inputs: str,
    versions: Mapping[str, str],
) -> Snapshot:
    """Write tables (name -> columns to sort by) as a snapshot and make it the current one.

    Until it returns, readers see the old snapshot; if it raises, for good (`disk_full` if so).
    """
    hidden = _snapshots(build.home) / f".building-{os.getpid()}"
    try:
        hidden.mkdir()
        for name, order_by in sorted(tables.items()):
            engine.write_parquet(name, hidden / f"{checked_name(name)}.parquet", order_by)
        manifest = _manifest(hidden, sorted(tables), inputs, versions)
        _write_whole(hidden / "manifest.json", json.dumps(manifest, indent=1, sort_keys=True))
        _flush_folder(hidden)
        folder = _place_folder(hidden, manifest)
        _point_to(build.home, folder.name)
        return Snapshot(folder.name, folder, manifest)
    except OSError as problem:
        raise cannot_write(hidden, problem) from problem
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        (build.home / ".CURRENT").unlink(missing_ok=True)


def current(home: Path) -> Snapshot | None:
    """Return the current snapshot, or None if nothing was built yet.

    It stays whole through at least one more build. Who reads longer than that uses `reading`.
    """
    try:
        name = (home / "CURRENT").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    folder = _snapshots(home) / name
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TielineError(
            "missing_snapshot",
            f"The current snapshot {name} is not there any more.",
            place=Place(str(folder)),
            next_step="Run `tieline build` to make it again.",
        ) from None
    return Snapshot(name, folder, manifest)


@contextmanager
def reading(home: Path) -> Iterator[Snapshot]:
    """Give the current snapshot and keep it from being collected while the block runs."""
    snapshot, handle = _held(home)
    try:
        yield snapshot
    finally:
        os.close(handle)


def collect(build: Build, keep: int = 2) -> list[str]:
    """Remove all but the current and the newest other snapshots, `keep` in all; return their ids.

    At least two are kept, and any that a reader holds (see `reading`).
    """
    now = current(build.home)
    others = [
        folder
        for folder in _snapshots(build.home).iterdir()
        if not folder.name.startswith(".") and (now is None or folder.name != now.id)
    ]
    others.sort(key=lambda folder: folder.stat().st_mtime_ns, reverse=True)
    removed = []
    for folder in others[max(keep, 2) - 1 :]:
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Hidden by one step first: nobody must meet a half-removed snapshot.
            folder.rename(folder.with_name(f".dead-{folder.name}"))
            removed.append(folder.name)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
    _remove_debris(build.home)
    return sorted(removed)


def damaged(snapshot: Snapshot) -> list[str]:
    """Return the tables whose file is missing or not what was published (reads every byte)."""
    bad = []
    for name in snapshot.tables:
        file = snapshot.table(name)
        told = snapshot.manifest["tables"][name]["sha256"]
        if not file.exists() or _sha256(file) != told:
            bad.append(name)
    return bad


def _snapshots(home: Path) -> Path:
    return home / "snapshots"


def _held(home: Path) -> tuple[Snapshot, int]:
    """Return the current snapshot and an open handle of its folder with a reader's lock on it."""
    pointer = home / "CURRENT"
    while True:
        before = pointer.read_bytes() if pointer.exists() else b""
        if not before:
            raise TielineError(
                "nothing_built",
                "There is no snapshot yet.",
                place=Place(str(home)),
                next_step="Run `tieline build`.",
            )
        folder = _snapshots(home) / before.decode("ascii").strip()
        try:
            handle = os.open(folder, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_SH)
            # It may have been collected between the look and the lock.
            snapshot = current(home) if folder.exists() else None
            if snapshot is not None and snapshot.folder == folder:
                return snapshot, handle
            os.close(handle)
        except FileNotFoundError:
            if pointer.read_bytes() == before:
                current(home)  # raises: the folder is gone and CURRENT still names it


def _manifest(
    folder: Path, names: Sequence[str], inputs: str, versions: Mapping[str, str]
) -> dict[str, Any]:
    tables = {}
    for name in names:
        file = folder / f"{name}.parquet"
        tables[name] = {
            "rows": pq.read_metadata(file).num_rows,
            "bytes": file.stat().st_size,
            "sha256": _sha256(file),
        }
    content = "\n".join(f"{name} {tables[name]['sha256']}" for name in names)
    identity = hashlib.sha256(content.encode()).hexdigest()[:ID_LENGTH]
    return {"id": identity, "tables": tables, "inputs": inputs, "versions": dict(versions)}


def _place_folder(hidden: Path, manifest: Mapping[str, Any]) -> Path:
    folder = hidden.with_name(manifest["id"])
    if folder.exists():
        # Same tables from other inputs: only what the manifest says of its making is new.
        os.replace(hidden / "manifest.json", folder / "manifest.json")
        _flush_folder(folder)
    else:
        hidden.rename(folder)
    # The order in which snapshots were current; two within one tick of the clock stay apart.
    times = [other.stat().st_mtime_ns for other in folder.parent.iterdir() if other != folder]
    stamp = max([time.time_ns(), *(newest + 1 for newest in times)])
    os.utime(folder, ns=(stamp, stamp))
    _flush_folder(folder.parent)
    return folder


def _point_to(home: Path, name: str) -> None:
    _write_whole(home / ".CURRENT", name + "\n")
    os.replace(home / ".CURRENT", home / "CURRENT")
    _flush_folder(home)


def _remove_debris(home: Path) -> None:
    (home / ".CURRENT").unlink(missing_ok=True)
    for folder in _snapshots(home).glob(".*"):
        shutil.rmtree(folder)


def _write_whole(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
