"""Home: what needs me, where we stand as pictures, what the last build changed."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tieline.identity.change_feed import steps
from tieline.metrics.stage_replay import distribution, flows, stands_at
from tieline.metrics.stage_words import STAGES
from tieline.web.pages.calls import calls
from tieline.web.permissions import Permission, needs
from tieline.web.reader import Reading, reading, snapshot_name
from tieline.web.served import workspace

QUARTER = 91
_OUTLOOKS = ("grow", "stable", "at_risk", "no_relationship", "other_purpose")


@needs(Permission.READ)
@require_safe
def home(request: Any) -> Any:
    """The first page; before the first build it says how to begin."""
    said: dict[str, Any] = {"greeting": f"Good day, {request.user.name}"}
    ours = workspace()
    if not snapshot_name():
        said["sources"] = len(ours.source_names())
        return render(request, "tieline/home.html", said)
    with reading() as found:
        said |= found.once("home", _pictures)
        said["calls"] = calls(found, ours, request.user)
        said["built_at"] = dt.datetime.fromtimestamp(found.snapshot.folder.stat().st_mtime, dt.UTC)
        name = found.snapshot.id
    said |= {"built": True, **_changed(ours.changes_dir, name)}
    return render(request, "tieline/home.html", said)


def _pictures(found: Reading) -> dict[str, Any]:
    newest = stands_at(found.engine)
    stages = [
        {**row, "label": STAGES[row["place"]].label, "means": STAGES[row["place"]].means}
        for row in distribution(found.engine, None)
    ]
    counted = {
        row["outlook"]: row["accounts"]
        for row in found.rows("SELECT outlook, count(*) AS accounts FROM outlooks GROUP BY outlook")
    }
    whole = sum(counted.values()) or 1
    said: dict[str, Any] = {
        "as_of": newest,
        "stages": stages,
        "sites": sum(row["sites"] for row in stages),
        "funnel": found.rows(
            "SELECT step, records, dropped, share FROM funnel WHERE source = 'all' "
            "ORDER BY step_number"
        ),
        "outlooks": [
            {"outlook": name, "accounts": counted[name], "share": counted[name] / whole}
            for name in _OUTLOOKS
            if counted.get(name)
        ],
    }
    if newest is not None:
        since = newest - dt.timedelta(days=QUARTER)
        said |= {"since": since, "moved": _moved(found, since, newest)}
    return said


def _moved(found: Reading, since: dt.date, newest: dt.date) -> dict[str, int]:
    counts = {"came": 0, "forward": 0, "back": 0}
    for row in flows(found.engine, since, newest):
        if row["before"] is None:
            counts["came"] += row["sites"]
        elif row["after"] != row["before"]:
            counts["forward" if row["after"] > row["before"] else "back"] += row["sites"]
    return counts


def _changed(folder: Path, snapshot: str) -> dict[str, Any]:
    """What the step to this snapshot changed; nothing where the feed has no such step."""
    listed = steps(folder) if folder.is_dir() else []
    if not listed or listed[-1].after != snapshot:
        return {}
    counts = _counted(listed[-1].file)
    rows = []
    for entity, what in (
        ("account", "accounts"), ("site", "sites"), ("contact", "contacts"),
        ("responses", "responses"), ("opportunities", "opportunities"),
    ):  # fmt: skip
        told = counts.get(entity, {})
        row = {
            "what": what,
            "new": told.get("created", 0) + told.get("split", 0),
            "gone": told.get("merged", 0) + told.get("ended", 0),
            "changed": told.get("changed", 0),
        }
        if row["new"] or row["gone"] or row["changed"]:
            rows.append(row)
    return {"changes": rows, "changed_from": listed[-1].before}


@lru_cache(maxsize=8)
def _counted(file: Path) -> dict[str, dict[str, int]]:
    """Entities by kind of change; those with several changed values count once."""
    rows = pq.read_table(file, columns=["entity", "id", "change"])
    counts: dict[str, dict[str, set[str]]] = {}
    for entity, name, change in zip(*(rows[c].to_pylist() for c in rows.column_names), strict=True):
        kind = "changed" if change in ("moved", "value_changed") else change
        counts.setdefault(entity, {}).setdefault(kind, set()).add(name)
    told = {}
    for entity, kinds in counts.items():
        fresh = kinds.get("created", set()) | kinds.get("split", set())
        kinds["changed"] = kinds.get("changed", set()) - fresh
        told[entity] = {kind: len(ids) for kind, ids in kinds.items()}
    return told
