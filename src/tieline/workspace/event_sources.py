"""The events of the ledger as sources of a build: one per stream and type, grown by what is new.

Their rows lie in the cache, as folders of Parquet files: `events/<stream>/<content>/`. A folder is
never changed; when events have come, the next one holds the old files (the same, by hard link) and
one more. What the ledger has lost since, by an erasure, is read anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tieline.data.source import Source
from tieline.data.sources.landed import UNREADABLE_SCHEMA
from tieline.engine import parquet

if TYPE_CHECKING:
    from tieline.ledger import Ledger
    from tieline.workspace.folder import Workspace

KINDS = {"response": "responses", "touch": "touches"}
MOST_PARTS = 32
"""More files than this are written as one: each costs a little of every build."""
FIRST_ARRIVAL = 2**20
"""Events come after the lists: who stands on a list is named after it."""
_OWN = ("message_id", "occurred_at")
_FIELD_OF = {"message_id": "record_key", "occurred_at": "occurred_at"}
_STATE = "state.json"


@dataclass
class _Stream:
    """What is kept of one stream and type: its folder of rows, the columns, how many rows."""

    first: int
    rows: int = 0
    columns: list[str] = field(default_factory=lambda: list(_OWN))
    folder: str = ""


def event_sources(workspace: Workspace, ledger: Ledger) -> list[Source]:
    """A source for each stream and type of event, by name (`events:web`, `events:web:touches`)."""
    home = workspace.cache_dir / "events"
    last, streams = _known(home, ledger)
    waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for batch in ledger.events_after(last):
        for event in batch.to_pylist():
            name = _name(event["stream"], event["type"])
            streams.setdefault(name, _Stream(FIRST_ARRIVAL + event["number"]))
            waiting[name].append(event)
            last = event["number"]
        for name in [name for name, events in waiting.items() if len(events) >= parquet.ROW_GROUP]:
            _append(home, name, streams[name], waiting.pop(name))
    for name, events in waiting.items():
        _append(home, name, streams[name], events)
    if streams:
        _write_state(home, last, sum(stream.rows for stream in streams.values()), streams)
    return [_source(workspace, home, name, streams[name]) for name in sorted(streams)]


def _name(stream: str, kind: str) -> str:
    return f"events:{stream}" if kind == "response" else f"events:{stream}:{KINDS[kind]}"


def _known(home: Path, ledger: Ledger) -> tuple[int, dict[str, _Stream]]:
    """The number of the last event that is kept, and the streams; nothing if the ledger shrank."""
    try:
        state = json.loads((home / _STATE).read_text("utf-8"))
        streams = {name: _Stream(**told) for name, told in state["streams"].items()}
        whole = all((_folder(home, name) / s.folder).is_dir() for name, s in streams.items())
        if whole and ledger.events_up_to(state["last"]) == state["rows"]:
            return state["last"], streams
    except (OSError, ValueError, KeyError, TypeError):
        pass
    shutil.rmtree(home, ignore_errors=True)
    return 0, {}


def _folder(home: Path, name: str) -> Path:
    return home / hashlib.sha256(name.encode()).hexdigest()[:16]


def _append(home: Path, name: str, stream: _Stream, events: Sequence[dict[str, Any]]) -> None:
    """Make the stream's next folder: the files there are, and one with the new events."""
    folder = _folder(home, name)
    bodies = [json.loads(event["body"]) for event in events]
    fresh = sorted({key for body in bodies for key in body if body[key]} - set(stream.columns))
    making = folder / ".making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    old = sorted((folder / stream.folder).glob("*.parquet")) if stream.folder else []
    # In an order that does not depend on which event came first.
    stream.columns = [*_OWN, *sorted({*stream.columns, *fresh} - set(_OWN))]
    schema = _schema(stream.columns)
    if fresh or len(old) >= MOST_PARTS:
        if old:
            parquet.write(_widened(old, schema), schema, making / _part(0))
            old = [making / _part(0)]
    else:
        for number, path in enumerate(old):
            os.link(path, making / _part(number))
    batch = _rows(stream, events, bodies, schema)
    parquet.write([batch], schema, making / _part(len(old)))
    stream.rows += len(events)
    content = hashlib.sha256()
    for path in sorted(making.glob("*.parquet")):
        content.update(path.read_bytes())
    before, stream.folder = stream.folder, content.hexdigest()[:16]
    target = folder / stream.folder
    if target.exists():
        shutil.rmtree(making)
    else:
        making.rename(target)
    if before and before != stream.folder:
        shutil.rmtree(folder / before)


def _part(number: int) -> str:
    return f"part-{number:06}.parquet"


def _schema(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([("row_number", pa.int64()), *((name, pa.string()) for name in columns)])


def _widened(files: Sequence[Path], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows of the files, with NULL in the columns that came since."""
    for path in files:
        for batch in pq.ParquetFile(path).iter_batches():
            held = set(batch.schema.names)
            yield pa.record_batch(
                [
                    batch.column(one.name) if one.name in held else pa.nulls(len(batch), one.type)
                    for one in schema
                ],
                schema=schema,
            )


def _rows(
    stream: _Stream,
    events: Sequence[dict[str, Any]],
    bodies: Sequence[dict[str, Any]],
    schema: pa.Schema,
) -> pa.RecordBatch:
    numbers = range(stream.rows + 1, stream.rows + len(events) + 1)
    cells: list[pa.Array] = [pa.array(numbers, pa.int64())]
    cells += [pa.array([event[name] for event in events], pa.string()) for name in _OWN]
    for name in schema.names[1 + len(_OWN) :]:
        texts = [body.get(name) for body in bodies]
        cells.append(pa.array([None if t in (None, "") else str(t) for t in texts], pa.string()))
    return pa.record_batch(cells, schema=schema)


def _write_state(home: Path, last: int, rows: int, streams: dict[str, _Stream]) -> None:
    told = {name: vars(stream) for name, stream in streams.items()}
    text = json.dumps({"last": last, "rows": rows, "streams": told})
    beside = home / f".{_STATE}.new"
    beside.write_text(text, "utf-8")
    os.replace(beside, home / _STATE)


def _source(workspace: Workspace, home: Path, name: str, stream: _Stream) -> Source:
    settings = workspace.source_settings(name)
    unreadable = home / "unreadable.parquet"
    if not unreadable.exists():
        pq.write_table(UNREADABLE_SCHEMA.empty_table(), unreadable)
    rows = _folder(home, name) / stream.folder
    return Source(
        name=name,
        kind="touches" if name.endswith(":touches") else "responses",
        rows=rows,
        unreadable=unreadable,
        columns={column: _FIELD_OF.get(column, column) for column in stream.columns},
        owner=settings.owner,
        trust=settings.trust,
        arrivals=((stream.first, rows, unreadable),),
        stream=name.removesuffix(":touches"),
    )
