"""What the last build left for the next one: each table's files and what they were made from.

    <home>/state/state.json        the snapshot it belongs to; each table's signature and files
    <home>/state/<table>.parquet   tables that are not published and that later tables are made from

It only saves work. It is believed as a whole or not at all: where it does not belong to the current
snapshot, or a file is not as it was, there is none and everything is computed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tieline.engine.content import Content
from tieline.engine.parquet import flush
from tieline.engine.table_files import alone, take

_FORMAT = 1


@dataclass(frozen=True)
class Kept:
    """A table as a build left it; without files if nobody will read it again.

    `asked` is the hash of what its rows depend on beside other tables, `signature` of that and of
    the content of the tables it was made from.
    """

    asked: str
    signature: str
    content: Content
    files: tuple[Path, ...]


@dataclass(frozen=True)
class LastBuild:
    """The tables of the last build that are still there, by name.

    `known` is what its manifest tells of each published file, by the file's inode: a file that is
    taken over need not be read to be told of.
    """

    tables: Mapping[str, Kept]
    known: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def last_build(home: Path, snapshot: Path) -> LastBuild | None:
    """What the build of the snapshot in folder `snapshot` left, or None if that is not whole.

    A file counts as unchanged if its size and the time of its last change are: it is flushed before
    it is named here, and never written again.
    """
    try:
        told = json.loads((home / "state" / "state.json").read_text(encoding="utf-8"))
        if told["format"] != _FORMAT or told["snapshot"] != snapshot.name:
            return None
        folders = {True: snapshot, False: home / "state"}
        tables = {
            name: _read(folders[one["published"]], one) for name, one in told["tables"].items()
        }
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return LastBuild(tables)


def _read(folder: Path, told: Mapping[str, Any]) -> Kept:
    files = []
    for name, size, changed_at in told["files"]:
        found = (folder / name).stat()
        if (found.st_size, found.st_mtime_ns) != (size, changed_at):
            raise ValueError(name)
        files.append(folder / name)
    content = Content.read(told["content"])
    return Kept(told["asked"], told["signature"], content, tuple(files))


def write_state(
    folder: Path,
    snapshot: str,
    published: Mapping[str, Kept],
    others: Mapping[str, Kept],
    fresh: Collection[str],
) -> None:
    """Write the state of a build into an empty folder, flushed.

    The files of `published` lie in the folder of the snapshot; those of `others` are taken into
    this one. Only `fresh` tables have files that are not on the disk yet.
    """
    tables = {name: {"published": True, **_told(kept, name)} for name, kept in published.items()}
    for name, kept in others.items():
        taken = replace(kept, files=take(kept.files, folder, name) if kept.files else ())
        for made in taken.files if name in fresh else ():
            flush(made)
        tables[name] = {"published": False, **_told(taken, name)}
    told = {"format": _FORMAT, "snapshot": snapshot, "tables": tables}
    file = folder / "state.json"
    file.write_text(json.dumps(told, indent=1, sort_keys=True), encoding="utf-8")
    flush(file)
    flush(folder)


def _told(kept: Kept, table: str) -> dict[str, Any]:
    files = []
    for file in kept.files:
        name = file.name if alone(kept.files, table) else f"{table}/{file.name}"
        files.append([name, file.stat().st_size, file.stat().st_mtime_ns])
    return {
        "asked": kept.asked,
        "signature": kept.signature,
        "content": kept.content.told(),
        "files": files,
    }
