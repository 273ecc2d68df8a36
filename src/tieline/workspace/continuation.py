"""A later export of a log continues it: what happened is kept though the tool no longer tells it.

Each export that lacks rows of the one before becomes a further source, `webinar_2`, that continues
`webinar`. One that has them all takes its place, as with any list. Either way a message that
several exports tell is one (`data.activities`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tieline.data.kinds import KINDS
from tieline.data.log_rows import columns_of, message_text
from tieline.data.source import Source as BuildSource
from tieline.data.sources.landed import Landed
from tieline.engine.duck import DuckEngine
from tieline.engine.tables import quoted
from tieline.workspace.settings import SourceSettings
from tieline.workspace.source import RememberedSource, Source, effective

if TYPE_CHECKING:
    from tieline.workspace.folder import Workspace

DEALS = "opportunities"
"""Deals change from export to export: only those with an id of their own can be told again."""


def newest_part(workspace: Workspace, name: str) -> str:
    """The newest source of the log that `name` belongs to; `name` itself if there is no other."""
    parts = _parts(workspace, name)
    return max(parts, key=_newest).name if parts else name


def placed(
    workspace: Workspace, new: RememberedSource, settings: SourceSettings
) -> RememberedSource:
    """The source as it is to be written down: itself, or a further part of its log.

    `new` has the name of the newest part. A content that a part of the log has already is that
    part again.
    """
    parts = _parts(workspace, new.name)
    same = [part for part in parts if part.sha256 == new.sha256]
    if same and same[0].name != new.name:
        return same[0]
    old = next((part for part in parts if part.name == new.name), None)
    if old is None:
        return new
    before = effective(old, workspace.source_settings(old.name), workspace.landed_dir)
    now = effective(new, settings, workspace.landed_dir)
    kind = before.kind if settings.kind == "" and not new.kind_given else now.kind
    new = replace(new, continues=old.continues)
    if old.sha256 == new.sha256 or not _is_kept(before, kind):
        return new
    new = replace(new, kind=kind)
    if not _loses_rows(before, now):
        return new
    stream = old.continues or old.name
    number = 2
    while (workspace.sources_dir / f"{stream}_{number}.toml").exists():
        number += 1
    return replace(new, name=f"{stream}_{number}", continues=stream, arrivals=(new.arrivals[-1],))


def tells_again(workspace: Workspace, known: RememberedSource, landed: Landed) -> bool:
    """Whether a file from another place is an export of a known log: rows of it are the same.

    Two tools may write files of one name, and number what they tell from 1; what is told in all its
    cells by both is told by one.
    """
    source = effective(known, workspace.source_settings(known.name), workspace.landed_dir)
    columns = [column.column for column in known.mapping]
    if not _is_kept(source, source.kind) or sorted(columns) != sorted(landed.columns):
        return False
    cells = ", ".join(quoted(column) for column in columns)
    with DuckEngine() as engine:
        engine.read_parquet("known", source.landed_path)
        engine.read_parquet("landed", landed.rows_path)
        both = f"SELECT {cells} FROM known INTERSECT SELECT {cells} FROM landed"
        same = engine.arrow(f"SELECT 1 FROM ({both}) LIMIT 1")
    return bool(same.num_rows)


def _parts(workspace: Workspace, name: str) -> list[RememberedSource]:
    """The sources of the log that `name` belongs to."""
    known = {one.name: one for one in map(workspace.remembered, workspace.source_names())}
    stream = known[name].continues or name if name in known else name
    return [one for one in known.values() if stream in (one.name, one.continues)]


def _newest(part: RememberedSource) -> int:
    return part.arrivals[-1][0] if part.arrivals else 0


def _is_kept(source: Source, kind: str) -> bool:
    """Whether rows of the kind stay when a later export does not have them."""
    if kind not in KINDS or not KINDS[kind].is_memory:
        return False
    return kind != DEALS or bool(columns_of(_as_read(source), "record_key"))


def _loses_rows(before: Source, now: Source) -> bool:
    """Whether a message of the one content is not in the other."""
    with DuckEngine() as engine:
        for name, source in (("before", before), ("now", now)):
            engine.read_parquet(name, source.landed_path)
        texts = [
            f"SELECT {message_text(_as_read(source))} AS message FROM {name} l"
            for name, source in (("before", before), ("now", now))
        ]
        gone = engine.arrow(f"SELECT * FROM (({texts[0]}) EXCEPT ALL ({texts[1]})) LIMIT 1")
    return bool(gone.num_rows)


def _as_read(source: Source) -> BuildSource:
    return BuildSource(
        name=source.name,
        kind=source.kind,
        rows=source.landed_path,
        unreadable=source.unreadable_path,
        columns=source.columns,
    )
