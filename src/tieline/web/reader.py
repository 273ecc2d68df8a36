"""The current snapshot for the pages, read by several threads; changed when a build moved on."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tieline.engine.lookups import LookupEngine
from tieline.engine.snapshot import Snapshot, current
from tieline.engine.snapshot import reading as held
from tieline.errors import TielineError
from tieline.web import page_file

Row = dict[str, Any]

AT_ONCE = 4
"""Pages of one process that read at the same time; Python makes one at a time of what they read."""
LEAST_MEMORY = 1024
SHARE = 3
"""What one process keeps of the file: so many MB, or one part of so many where that is more.

What is not asked for again makes room, but for the indexes that were used: of a million contacts
those alone take more than 512 MB. With 1,024 instead of 512 the pages over 50,000 accounts take a
fifth less.
"""
PATIENCE_SECONDS = 2.0
"""So long a page waits for the file of a new snapshot; then it reads the one before."""


@dataclass(frozen=True)
class Reading:
    """A snapshot and an engine that reads its tables, for as long as one page is made."""

    snapshot: Snapshot
    engine: LookupEngine
    _told: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, tell: Callable[[Reading], Any]) -> Any:
        """What `tell` says of this snapshot, asked once: what depends on nothing else."""
        if name not in self._told:
            self._told[name] = tell(self)
        return self._told[name]

    def rows(self, select: str) -> list[Row]:
        """The rows of a SELECT."""
        found: list[Row] = self.engine.dicts(select)
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


class _Opened:
    """A snapshot with its engines, kept open until the last page that reads it is done."""

    def __init__(self, home: Path, snapshot: Snapshot, hold: ExitStack) -> None:
        self.snapshot = snapshot
        self.told: dict[str, Any] = {}
        self.readers = 0
        self.over = False
        self._hold = hold
        file = page_file.make(home, snapshot)
        most = max(LEAST_MEMORY, file.stat().st_size // 2**20 // SHARE)
        first = hold.enter_context(
            LookupEngine(
                file,
                {name: snapshot.table(name) for name in snapshot.tables},
                scratch=home / "scratch",
                memory_limit=f"{most}MB",
            )
        )
        # The one that was used last is taken first: its thread's memory is warm.
        self.free: queue.LifoQueue[LookupEngine] = queue.LifoQueue()
        for _ in range(AT_ONCE):
            self.free.put(hold.enter_context(first.beside()))

    def close(self) -> None:
        """Let go of the files."""
        self._hold.close()


class SnapshotReader:
    """Holds the snapshot of one workspace for the threads of one process."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._now: _Opened | None = None
        self._coming: threading.Thread | None = None

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The current snapshot; TielineError `not_built` if there is none."""
        with self._lock:
            opened = self._current()
            opened.readers += 1
        try:
            engine = opened.free.get()
            try:
                yield Reading(opened.snapshot, engine, opened.told)
            finally:
                opened.free.put(engine)
        finally:
            with self._lock:
                opened.readers -= 1
                if opened.over and not opened.readers:
                    opened.close()

    def _current(self) -> _Opened:
        pointer = self._home / "CURRENT"
        named = pointer.read_text("ascii").strip() if pointer.exists() else ""
        if self._now is not None and (self._now.snapshot.id == named or self._is_coming(named)):
            return self._now
        before, self._now = self._now, self._open()
        if before is not None:
            before.over = True
            if not before.readers:
                before.close()
        return self._now

    def _is_coming(self, name: str) -> bool:
        """Whether the file of a new snapshot is still being made, and so the one before is read."""
        if not name or page_file.place(self._home, name).exists():
            return False
        if self._coming is None or not self._coming.is_alive():
            self._coming = threading.Thread(target=self._make, daemon=True)
            self._coming.start()
            self._coming.join(PATIENCE_SECONDS)
        return self._coming.is_alive()

    def _make(self) -> None:
        with held(self._home) as snapshot:
            page_file.make(self._home, snapshot)

    def _open(self) -> _Opened:
        if current(self._home) is None:
            raise TielineError(
                "not_built", "Nothing was built yet.", next_step="Run: tieline build"
            )
        with ExitStack() as hold:
            snapshot = hold.enter_context(held(self._home))
            return _Opened(self._home, snapshot, hold.pop_all())


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
