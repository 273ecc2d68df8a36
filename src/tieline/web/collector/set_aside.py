"""Events that cannot be kept: written down as they came, with the reason, for a month.

They lie in `.tieline/set_aside_events/DAY.jsonl`, one JSON object a line; forgetting a person takes
theirs out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tieline.errors import TielineError
from tieline.workspace import Workspace

KEPT_DAYS = 31
MOST_BYTES = 64 * 1024 * 1024
"""Of one day: a sender that has gone mad must not fill the disk. What is beyond is only counted."""
MOST_AT_ONCE = 500
"""Of one request; the rest is only counted."""
MOST_OF_ONE = 32 * 1024
"""Letters of one event; Segment's own limit."""


def keep(workspace: Workspace, stream: str, refused: Sequence[tuple[Any, TielineError]]) -> None:
    """Append events with the reasons why they are set aside."""
    now = datetime.now(UTC)
    folder = workspace.set_aside_events_dir
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{now:%Y-%m-%d}.jsonl"
    if path.exists():
        if path.stat().st_size > MOST_BYTES:
            return
    else:
        _clear_old(folder, now)
    told = refused[:MOST_AT_ONCE]
    lines = [_line(stream, now, message, fault) for message, fault in told]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        # One write: lines of two processes do not mix.
        file.write("".join(lines).encode("utf-8", "backslashreplace"))


def newest(workspace: Workspace, most: int = 20) -> list[dict[str, Any]]:
    """The last that were set aside, the newest first: at, stream, code, message, event."""
    found: list[dict[str, Any]] = []
    for path in sorted(workspace.set_aside_events_dir.glob("*.jsonl"), reverse=True):
        lines = path.read_text("utf-8").split("\n")[:-1]
        found += [json.loads(line) for line in reversed(lines[-most:])]
        if len(found) >= most:
            break
    return found[:most]


def _line(stream: str, now: datetime, message: Any, fault: TielineError) -> str:
    told = json.dumps(message, default=str, ensure_ascii=False)
    row = {
        "at": now.isoformat(timespec="seconds"),
        "stream": stream,
        "code": fault.code,
        "message": fault.message,
        # Cut JSON is no JSON: it stays a text.
        "event": message if len(told) <= MOST_OF_ONE else told[:MOST_OF_ONE],
    }
    return json.dumps(row, default=str, ensure_ascii=False) + "\n"


def _clear_old(folder: Path, now: datetime) -> None:
    oldest = f"{now - timedelta(days=KEPT_DAYS):%Y-%m-%d}"
    for path in folder.glob("*.jsonl"):
        if path.stem < oldest:
            path.unlink(missing_ok=True)
