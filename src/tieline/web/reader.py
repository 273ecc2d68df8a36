"""The current snapshot in memory, one per process; read anew when a build has moved the pointer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot, current
from tieline.engine.snapshot import reading as held
from tieline.errors import TielineError
from tieline.web.wide_tables import WIDE

Row = dict[str, Any]

IN_MEMORY = (
    "accounts", "sites", "contacts", "site_stages", "account_stages", "outlooks", "next_actions",
    "contact_categories", "funnel", "set_aside", "stage_distribution", "site_stage_periods",
    "contact_mix", "mix_gaps", "review_queue", "golden_values", "redirects",
)  # fmt: skip
"""Tables that pages search by anything but their order on disk; the others are read in place."""


@dataclass(frozen=True)
class Reading:
    """A snapshot and an engine that reads its tables, for as long as one page is made."""

    snapshot: Snapshot
    engine: DuckEngine

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
            engine = opened.enter_context(DuckEngine(self._home / "scratch", threads=1))
            for name in snapshot.tables:
                engine.read_parquet(name, snapshot.table(name))
            for name in IN_MEMORY:
                if name in snapshot.tables:
                    engine.create(name, f"SELECT * FROM {name}")
            for name, wide in WIDE.items():
                if set(wide.tables) <= set(snapshot.tables):
                    engine.create(name, wide.select)
            self._held = opened.pop_all()
            return Reading(snapshot, engine)


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
