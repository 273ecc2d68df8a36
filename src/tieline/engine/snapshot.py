"""Snapshots: immutable folders of Parquet tables, and a pointer to the one that counts.

    <home>/snapshots/<id>/<table>.parquet ... manifest.json      never changed, only removed whole
    <home>/snapshots/<id>/<table>/07.parquet                     a table of many rows, in buckets
    <home>/CURRENT                                               the id of the snapshot to read
    <home>/build.lock                                            held by the one running build

A snapshot is written beside the others under a hidden name, flushed, renamed, and only then
pointed to, each by one atomic step. So at any moment, crash included, CURRENT names a whole
snapshot. The id is the hash of the tables' content: equal tables are the same snapshot. A table
that has not changed is the very file of the last snapshot, under one more name.
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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tieline.engine.last_build import LastBuild, last_build, write_state
from tieline.engine.parquet import cannot_write, flush
from tieline.engine.run import Outcome
from tieline.engine.table_files import LIMITS, Limits, take, write_table
from tieline.engine.tables import Engine
from tieline.errors import Place, TielineError

# 64 bits of the hash: short enough to read out, no collision among any number of snapshots kept.
ID_LENGTH = 16


@dataclass(frozen=True)
class Snapshot:
    """One published set of tables.

    `manifest` holds `id`, `tables` (name -> rows, bytes, sha256, and of a folder its `files`, each
    with the same), `inputs` (hash of what it was built from) and `versions` (of what built it).
    """

    id: str
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables, sorted."""
        return tuple(sorted(self.manifest["tables"]))

    def table(self, name: str) -> Path:
        """Return the Parquet file of a table, or the folder of its files.

        Raises `unknown_table`, naming those there are.
        """
        if name not in self.manifest["tables"]:
            raise TielineError(
                "unknown_table",
                f"The snapshot {self.id} has no table {name!r}.",
                next_step=f"Its tables are: {', '.join(self.tables)}.",
            )
        told = self.manifest["tables"][name]
        return self.folder / (name if "files" in told else f"{name}.parquet")


@dataclass(frozen=True)
class Build:
    """The right to publish and collect: only one process has it at a time (see `building`).

    What lies in `folder`, on the disk of the snapshots, goes with the end of the build.
    """

    home: Path
    folder: Path

    def last(self) -> LastBuild | None:
        """What the build of the current snapshot left to build on, or None if that is not whole."""
        now = current(self.home)
        found = last_build(self.home, now.folder) if now is not None else None
        return replace(found, known=_known(now)) if found is not None else None


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
        try:
            yield Build(home, _snapshots(home) / f".building-{os.getpid()}")
        finally:
            _remove_debris(home)


def build_runs(home: Path) -> bool:
    """Whether somebody holds the build lock of `home` at this moment."""
    try:
        with (home / "build.lock").open("a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def publish(
    build: Build,
    engine: Engine,
    tables: Mapping[str, Sequence[str]],
    *,
    inputs: str,
    versions: Mapping[str, str],
    heard: Mapping[str, Any] | None = None,
    made: Mapping[str, Outcome] | None = None,
    last: LastBuild | None = None,
    limits: Limits = LIMITS,
) -> Snapshot:
    """Write tables (name -> columns to sort by) as a snapshot and make it the current one.

    `heard` says which facts of people it knows, for who looks later what it does not know; it is no
    part of its identity. `made` is what `run` returned: tables that lie in files already are taken
    over from there, and what the next build can use is kept. `last` is what `run` was given. Until
    it returns, readers see the old snapshot; if it raises, for good (`disk_full` if so).
    """
    hidden = build.folder / "tables"
    # A run without a folder tells nothing to build on.
    made = {name: one for name, one in (made or {}).items() if one.content is not None}
    try:
        hidden.mkdir(parents=True)
        files = {
            name: take(made[name].files, hidden, name)
            if name in made and made[name].files
            else write_table(engine, name, hidden, order_by, limits)
            for name, order_by in sorted(tables.items())
        }
        manifest = _manifest(files, inputs, versions, last.known if last is not None else {})
        manifest["heard"] = dict(heard or {})
        _write_whole(hidden / "manifest.json", json.dumps(manifest, indent=1, sort_keys=True))
        flush(hidden)
        if made:
            _write_state(build, manifest["id"], files, made)
        folder = _place_folder(hidden, manifest)
        if made:
            _place_state(build)
        _point_to(build.home, folder.name)
        return Snapshot(folder.name, folder, manifest)
    except OSError as problem:
        raise cannot_write(hidden, problem) from problem
    finally:
        shutil.rmtree(build.folder, ignore_errors=True)
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
    """Return the tables of which a file is missing or not what was published (reads every byte)."""
    bad = []
    for name in snapshot.tables:
        for file, told in _files(snapshot, name).items():
            if not file.exists() or _sha256(file) != told["sha256"]:
                bad.append(name)
                break
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


def _files(snapshot: Snapshot, name: str) -> dict[Path, Mapping[str, Any]]:
    """The files of a table, and what the manifest says of each."""
    told, path = snapshot.manifest["tables"][name], snapshot.table(name)
    if "files" not in told:
        return {path: told}
    return {path / file: one for file, one in told["files"].items()}


def _manifest(
    tables: Mapping[str, Sequence[Path]],
    inputs: str,
    versions: Mapping[str, str],
    known: Mapping[int, Mapping[str, Any]],
) -> dict[str, Any]:
    told = {name: _told_of_table(name, files, known) for name, files in tables.items()}
    content = "\n".join(f"{name} {told[name]['sha256']}" for name in sorted(told))
    identity = hashlib.sha256(content.encode()).hexdigest()[:ID_LENGTH]
    return {"id": identity, "tables": told, "inputs": inputs, "versions": dict(versions)}


def _known(snapshot: Snapshot | None) -> dict[int, Mapping[str, Any]]:
    """What is told of each file of a snapshot, by its inode."""
    if snapshot is None:
        return {}
    return {
        file.stat().st_ino: told
        for name in snapshot.tables
        for file, told in _files(snapshot, name).items()
        if file.exists() and file.stat().st_size == told["bytes"]
    }


def _told_of_table(
    name: str, files: Sequence[Path], known: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    told = {file.name: known.get(file.stat().st_ino) or _told_of_file(file) for file in files}
    if list(told) == [f"{name}.parquet"]:
        return dict(told[f"{name}.parquet"])
    content = "\n".join(f"{file} {one['sha256']}" for file, one in sorted(told.items()))
    return {
        "rows": sum(one["rows"] for one in told.values()),
        "bytes": sum(one["bytes"] for one in told.values()),
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "files": told,
    }


def _told_of_file(file: Path) -> dict[str, Any]:
    return {
        "rows": pq.read_metadata(file).num_rows,
        "bytes": file.stat().st_size,
        "sha256": _sha256(file),
    }


def _write_state(
    build: Build, snapshot: str, tables: Mapping[str, Sequence[Path]], made: Mapping[str, Outcome]
) -> None:
    """Keep what the next build can build on, in the hidden folder."""
    kept = {name: one.kept() for name, one in made.items()}
    published = {
        name: replace(kept[name], files=tuple(files))
        for name, files in tables.items()
        if name in kept
    }
    folder = build.folder / "state"
    folder.mkdir()
    others = {name: one for name, one in kept.items() if name not in published}
    fresh = {name for name, one in made.items() if one.how != "taken over"}
    write_state(folder, snapshot, published, others, fresh)


def _place_state(build: Build) -> None:
    # Between the two steps there is none, which only costs a full build.
    if (build.home / "state").exists():
        (build.home / "state").rename(build.folder / "dead")
    (build.folder / "state").rename(build.home / "state")
    flush(build.home)


def _place_folder(hidden: Path, manifest: Mapping[str, Any]) -> Path:
    folder: Path = hidden.parents[1] / manifest["id"]
    if folder.exists():
        # Same tables from other inputs: what the manifest says of its making is new. The files
        # hold the same bytes, and the state knows them as those written last.
        for file in sorted(hidden.rglob("*.*")):
            target = folder / file.relative_to(hidden)
            target.parent.mkdir(exist_ok=True)
            os.replace(file, target)
        flush(folder)
    else:
        hidden.rename(folder)
    # The order in which snapshots were current; two within one tick of the clock stay apart.
    times = [other.stat().st_mtime_ns for other in folder.parent.iterdir() if other != folder]
    stamp = max([time.time_ns(), *(newest + 1 for newest in times)])
    os.utime(folder, ns=(stamp, stamp))
    flush(folder.parent)
    return folder


def _point_to(home: Path, name: str) -> None:
    _write_whole(home / ".CURRENT", name + "\n")
    os.replace(home / ".CURRENT", home / "CURRENT")
    flush(home)


def _remove_debris(home: Path) -> None:
    (home / ".CURRENT").unlink(missing_ok=True)
    for folder in _snapshots(home).glob(".*"):
        shutil.rmtree(folder)


def _write_whole(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
