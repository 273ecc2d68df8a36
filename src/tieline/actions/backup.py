"""Back a workspace up into one file, and make a workspace of such a file again."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tieline.engine.snapshot import building, current
from tieline.errors import Place, TielineError
from tieline.ledger import Ledger, open_ledger
from tieline.ledger.ledger import FILE as LEDGER_FILE
from tieline.workspace import Workspace
from tieline.workspace.folder import SETTINGS_FILE

CONTENTS = "contents.json"
"""The first member: what the file holds, with the digest of each part."""
LEFT_OUT = ("scratch", "cache", "build.lock")
"""What of the hidden folder is made anew whenever it is missing."""
_SQLITE_SIDE_FILES = ("-wal", "-shm", "-journal")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Backup:
    """What a backup holds: how many files and bytes, and the snapshot, '' if nothing was built."""

    path: Path
    files: int
    size: int
    snapshot: str
    made_at: str
    from_database: bool = False


def back_up(workspace: Workspace, path: Path) -> Backup:
    """Write the whole workspace into one tar file that only its owner may read.

    No build runs meanwhile; databases are copied as they stand at one moment. A ledger in
    PostgreSQL is copied as the file it would be. TielineError `file_exists`, `build_running`.
    """
    if path.exists():
        raise TielineError(
            "file_exists",
            "There is such a file already.",
            place=Place(str(path)),
            next_step="Name another file, or move that one away.",
        )
    if path.resolve().is_relative_to(workspace.path.resolve()):
        raise TielineError(
            "inside_workspace",
            "A backup inside the workspace is lost with it, and would be part of the next one.",
            place=Place(str(path)),
            next_step="Name a file outside the folder of the workspace.",
        )
    mine = f".backup-{hashlib.md5(str(workspace.path.resolve()).encode()).hexdigest()[:12]}-"
    with (
        building(workspace.hidden_dir),
        _scratch(path.parent, mine) as folder,
        workspace.ledger() as ledger,
    ):
        snapshot = current(workspace.hidden_dir)
        parts = dict(_parts(workspace))
        for name, part in parts.items():
            if _is_sqlite(part):
                parts[name] = _copied(part, Path(folder) / hashlib.md5(name.encode()).hexdigest())
        from_database = not _is_own_file(workspace, ledger)
        if from_database:
            with open_ledger(Path(folder), "") as file:
                file.take_over(ledger)
            parts[f".tieline/{LEDGER_FILE}"] = Path(folder) / LEDGER_FILE
        told: dict[str, Any] = {
            "tieline": version("tieline"),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "snapshot": snapshot.id if snapshot else "",
            "files": {name: _digest(part) for name, part in sorted(parts.items())},
        }
        contents = Path(folder) / CONTENTS
        contents.write_text(json.dumps(told, indent=1), "utf-8")
        unfinished = Path(folder) / "unfinished"
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, "w") as archive:
            archive.add(contents, CONTENTS)
            for name, part in sorted(parts.items()):
                archive.add(part, name, recursive=False)
        unfinished.replace(path)
    size = path.stat().st_size
    return Backup(path, len(parts), size, told["snapshot"], told["made_at"], from_database)


@contextmanager
def _scratch(home: Path, prefix: str) -> Iterator[str]:
    """A folder to write in; what a backup that was killed left there goes, since no other runs."""
    for left in home.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=home, prefix=prefix) as folder:
        yield folder


def restore(path: Path, folder: Path) -> Backup:
    """Make a workspace of a backup in a folder that is empty or not there.

    Nothing is left there unless every part is as it was. TielineError `no_backup`,
    `damaged_backup`, `folder_in_use`.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise TielineError(
            "folder_in_use",
            "There is something there already.",
            place=Place(str(folder)),
            next_step="Name a folder that is empty, or not there.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".restore-"))
    try:
        told = _unpacked(path, made)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    size = path.stat().st_size
    return Backup(path, len(told["files"]), size, told["snapshot"], told["made_at"])


def _parts(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    """Every file of the workspace but what is made anew, by its name in the backup."""
    home = workspace.path
    for part in sorted(home.rglob("*")):
        name = part.relative_to(home)
        hidden = name.parts[1] if name.parts[0] == ".tieline" and len(name.parts) > 1 else ""
        if hidden in LEFT_OUT or part.name.endswith(_SQLITE_SIDE_FILES):
            continue
        if part.is_file() and not part.is_symlink():
            yield name.as_posix(), part


def _is_own_file(workspace: Workspace, ledger: Ledger) -> bool:
    with open_ledger(workspace.hidden_dir, "") as file:
        return file.place == ledger.place


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _copied(database: Path, target: Path) -> Path:
    """A copy of a database as it stands at one moment, whoever writes to it."""
    with closing(sqlite3.connect(database)) as held, closing(sqlite3.connect(target)) as copy:
        held.backup(copy)
    shutil.copymode(database, target)
    return target


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(path: Path, folder: Path) -> dict[str, Any]:
    damaged = TielineError(
        "damaged_backup",
        "It is no whole backup: a part is missing or not as it was.",
        place=Place(str(path)),
        next_step="Take an earlier backup. Nothing was restored.",
    )
    try:
        with tarfile.open(path, "r:") as archive:
            # The filter refuses names that lead out of the folder, links and devices.
            archive.extractall(folder, filter="data")
        told: dict[str, Any] = json.loads((folder / CONTENTS).read_text("utf-8"))
        (folder / CONTENTS).unlink()
        found = {name: _digest(folder / name) for name in told["files"]}
    except FileNotFoundError as problem:
        if not path.exists():
            raise TielineError(
                "no_backup",
                "There is no such file.",
                place=Place(str(path)),
                next_step="Name a file that `tieline backup` wrote.",
            ) from None
        raise damaged from problem
    except (tarfile.TarError, ValueError, KeyError, OSError) as problem:
        raise damaged from problem
    there = {part.relative_to(folder).as_posix() for part in folder.rglob("*") if part.is_file()}
    if found != told["files"] or there != set(found) or SETTINGS_FILE not in found:
        raise damaged
    return told
