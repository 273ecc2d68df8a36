"""What an erasure has done so far, so that one that was stopped is finished by the same command.

It holds record ids and counts, and nothing that says who the person is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tieline.engine.parquet import flush
from tieline.workspace import Workspace


@dataclass(frozen=True)
class Journal:
    """One erasure under way.

    `snapshot` is the one that still holds the person, `whole` that all of the contact goes,
    `begun_at` when it began (ISO 8601, UTC), `certificate` its number in the ledger once the
    tombstones stand, `removed` what was removed by place so far.
    """

    contact: str
    records: tuple[str, ...]
    reason: str
    by: str
    begun_at: str
    snapshot: str
    whole: bool = True
    certificate: int = 0
    removed: Mapping[str, Any] = field(default_factory=dict)

    def with_removed(self, place: str, count: object) -> Journal:
        """The journal after a place was cleared; a place cleared twice counts both."""
        before = self.removed.get(place)
        return replace(self, removed={**self.removed, place: _added(before, count)})


def folder(workspace: Workspace) -> Path:
    """Where journals lie."""
    return workspace.hidden_dir / "erasure"


def unfinished(workspace: Workspace, contact: str = "") -> list[Journal]:
    """The erasures that were begun and not finished; of one contact, if one is named."""
    found = []
    for path in sorted(folder(workspace).glob("*.journal.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        told["records"] = tuple(told["records"])
        found.append(Journal(**told))
    return [one for one in found if contact in ("", one.contact)]


def keep(workspace: Workspace, journal: Journal) -> None:
    """Write a journal down, flushed, in one step."""
    path = _path(workspace, journal)
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(journal), indent=1) + "\n", encoding="utf-8")
    flush(beside)
    os.replace(beside, path)
    flush(path.parent)


def drop(workspace: Workspace, journal: Journal) -> None:
    """The erasure is finished."""
    _path(workspace, journal).unlink(missing_ok=True)


def _path(workspace: Workspace, journal: Journal) -> Path:
    return folder(workspace) / f"{journal.contact}.journal.json"


def _added(before: Any, count: Any) -> Any:
    if isinstance(count, Mapping):
        known = before or {}
        return {key: _added(known.get(key), count.get(key, 0)) for key in {**known, **count}}
    return (before or 0) + count
