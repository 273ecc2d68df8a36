"""What the segments of the settings would take, on the current snapshot, without a build."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tieline.actions.table_trial import tables_tried
from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot
from tieline.metrics.segment import Segment
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
    segments = named_segments(workspace.settings.segments) or [EVERY_SITE]
    with tables_tried(snapshot, TRIED, {"segments": segments}) as engine:
        yield engine
