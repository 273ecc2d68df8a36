"""What the segments of the settings would take, on the current snapshot, without a build."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.engine.snapshot import Snapshot
from tieline.errors import TielineError
from tieline.metrics.segment import Segment
from tieline.pipeline import models
from tieline.workspace import Workspace
from tieline.workspace.segments import named_segments

TRIED = ("target_sites", "segment_members", "segments")
"""The tables that a trial computes, in their order."""
EVERY_SITE = Segment("every_site", "true", 1)
"""Stands in where the settings name no segment, so that there are sites to look at."""


@contextmanager
def trial(workspace: Workspace, snapshot: Snapshot) -> Iterator[DuckEngine]:
    """Give an engine with the tables `TRIED` as a build would make them now.

    Raises `not_built` where the snapshot is older than the tables they are made from.
    """
    by_name = {model.name: model for model in models()}
    segments = named_segments(workspace.settings.segments) or [EVERY_SITE]
    needed = {name for table in TRIED for name in by_name[table].inputs} - set(TRIED)
    missing = sorted(needed - set(snapshot.tables))
    if missing:
        raise TielineError(
            "not_built",
            f"The snapshot {snapshot.id} has no table {missing[0]}: it is older than segments.",
            next_step="Run `tieline build` and try again.",
        )
    with DuckEngine() as engine:
        for name in sorted(needed):
            engine.read_parquet(name, snapshot.table(name))
        for name in TRIED:
            compute(by_name[name], engine, {"segments": segments})
        yield engine
