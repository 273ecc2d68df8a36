"""Whole tables, streamed: a Parquet file as it lies on the disk, or one JSON object a line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from tieline.errors import TielineError
from tieline.web import audit
from tieline.web.api.answering import named, text_of
from tieline.web.reader import reading, snapshot_name
from tieline.web.served import workspace

AT_ONCE = 2000
"""Rows that are made into text at a time."""
PARQUET = "application/vnd.apache.parquet"


def bulk(request: Any, name: str, form: str) -> Any:
    """All rows of a table of the current snapshot; 304 where the caller has read that one already.

    The files are opened while the snapshot is held: a build that removes it takes nothing away from
    who reads it still.
    """
    now = snapshot_name()
    if now and f'"{now}"' in request.META.get("HTTP_IF_NONE_MATCH", ""):
        return named(HttpResponse(status=304), now)
    with reading() as found:
        if name not in found.snapshot.tables:
            raise TielineError(
                "unknown_table",
                f"There is no table {name[:60]!r}.",
                next_step="See /api/v1/tables.",
            )
        place = found.snapshot.table(name)
        files = sorted(place.glob("*.parquet")) if place.is_dir() else [place]
        opened = [path.open("rb") for path in files]
        snapshot = found.snapshot.id
        rows = found.snapshot.manifest["tables"][name]["rows"]
    audit.write(request, "took a table by API", name, f"{rows} rows as {form}")
    if form == "ndjson":
        made: Any = StreamingHttpResponse(_lines(opened), content_type="application/x-ndjson")
    else:
        whole = opened[0] if len(opened) == 1 else _joined(opened)
        made = FileResponse(whole, content_type=PARQUET)
    made.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return named(made, snapshot)


def _lines(opened: list[Any]) -> Iterator[str]:
    for file in opened:
        with file:
            for batch in pq.ParquetFile(file).iter_batches(AT_ONCE):
                yield "".join(f"{text_of(row)}\n" for row in batch.to_pylist())


def _joined(opened: list[Any]) -> Any:
    """One Parquet file of several, in a place without a name: it goes with its last reader."""
    folder = workspace().scratch_dir
    handle, path = tempfile.mkstemp(suffix=".parquet", dir=folder)
    os.close(handle)
    schema = pq.ParquetFile(opened[0]).schema_arrow
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for file in opened:
            with file:
                for batch in pq.ParquetFile(file).iter_batches(65_536):
                    writer.write_batch(batch)
    joined = Path(path).open("rb")  # noqa: SIM115 — the answer closes it
    os.unlink(path)
    return joined
