"""The current snapshot in memory, one per process; read anew when a build has moved the pointer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current
from tieline.engine.snapshot import reading as held
from tieline.errors import TielineError
from tieline.web.wide_tables import WIDE

Row = dict[str, Any]

FIRST = (
    "accounts", "sites", "contacts", "site_stages", "account_stages", "outlooks", "next_actions",
    "contact_categories", "funnel", "set_aside", "site_stage_periods", "contact_mix",
    "record_entities", "review_queue", "redirects",
)  # fmt: skip
"""Tables that every page looks at: these are in memory whatever their size."""
BUDGET_BYTES = 96 * 1024 * 1024
"""Parquet bytes of the others that are read into memory, the small ones first.

In memory a look at a table takes a third of the time it takes on disk; a byte of Parquet becomes
about five, so that a process stays below a gigabyte. What does not fit is read in place.
"""


INDEXED = {
    "record_entities": ("record_id", "contact_id", "site_id", "account_id"),
    "records": ("record_id",),
    "standard_records": ("record_id",),
    "golden_values": ("entity_id",),
    "contacts": ("contact_id",),
    "sites": ("site_id",),
    "accounts": ("account_id",),
    "redirects": ("old_id",),
}
"""Columns by which the page of one entity finds its few rows, of tables in memory."""


@dataclass(frozen=True)
class Reading:
    """A snapshot and an engine that reads its tables, for as long as one page is made."""

    snapshot: Snapshot
    engine: DuckEngine
    _told: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, tell: Callable[[Reading], Any]) -> Any:
        """What `tell` says of this snapshot, asked once: what depends on nothing else."""
        if name not in self._told:
            self._told[name] = tell(self)
        return self._told[name]

    def rows(self, select: str) -> list[Row]:
        """The rows of a SELECT."""
        found: list[Row] = self.engine.arrow(select).to_pylist()
        return found

    def one(self, select: str) -> Row | None:
        """The first row, None if there is none."""
        found = self.rows(select)
        return found[0] if found else None

    def value(self, select: str) -> Any:
        """The first value of the first row."""
        row = self.one(select)
        return next(iter(row.values())) if row else None

    def has(self, *tables: str) -> bool:
        """Whether the snapshot has these tables: an earlier version may have built it."""
        return set(tables) <= set(self.snapshot.tables)


class SnapshotReader:
    """Holds the snapshot of one workspace. One page reads at a time: the engine is one thread."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._held = ExitStack()
        self._now: Reading | None = None

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The current snapshot; TielineError `not_built` if there is none."""
        with self._lock:
            yield self._current()

    def _current(self) -> Reading:
        pointer = self._home / "CURRENT"
        named = pointer.read_text("ascii").strip() if pointer.exists() else ""
        if self._now is None or self._now.snapshot.id != named:
            self._now = None
            self._held.close()
            self._now = self._load()
        return self._now

    def _load(self) -> Reading:
        if current(self._home) is None:
            raise TielineError(
                "not_built", "Nothing was built yet.", next_step="Run: tieline build"
            )
        with ExitStack() as opened:
            snapshot = opened.enter_context(held(self._home))
            engine = opened.enter_context(
                DuckEngine(self._home / "scratch", threads=1, lookups=True)
            )
            for name in snapshot.tables:
                engine.read_parquet(name, snapshot.table(name))
            for name in _in_memory(snapshot):
                engine.create(name, f"SELECT * FROM {name}")
                for column in INDEXED.get(name, ()):
                    engine.index(name, column)
            for name, wide in WIDE.items():
                if set(wide.tables) <= set(snapshot.tables):
                    engine.create(name, wide.select)
            self._held = opened.pop_all()
            return Reading(snapshot, engine)


def _in_memory(snapshot: Snapshot) -> list[str]:
    told = snapshot.manifest["tables"]
    chosen, left = [name for name in FIRST if name in told], BUDGET_BYTES
    for name in sorted(told, key=lambda name: told[name]["bytes"]):
        left -= told[name]["bytes"]
        if name not in chosen and left >= 0:
            chosen.append(name)
    return chosen


@cache
def _reader(home: Path) -> SnapshotReader:
    return SnapshotReader(home)


def reading() -> Any:
    """The current snapshot of the workspace that is served, as a context manager."""
    from django.conf import settings

    return _reader(settings.TIELINE.workspace / ".tieline").reading()


def snapshot_name() -> str:
    """The id of the current snapshot, '' if there is none; costs no more than reading a file."""
    from django.conf import settings

    try:
        path = settings.TIELINE.workspace / ".tieline" / "CURRENT"
        return str(path.read_text("ascii").strip())
    except FileNotFoundError:
        return ""
