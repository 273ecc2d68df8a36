"""The rows of one landed content in standard values, worked out as a build does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tieline import data
from tieline.data import erasure_keys
from tieline.data.source import Source as BuildSource
from tieline.engine.duck import DuckEngine
from tieline.engine.tables import quoted

_WANTED = (
    "records",
    "activities",
    "activity_identifiers",
    "introductions",
    "mapped_records",
    "record_identifiers",
    "standard_records",
)


@dataclass(frozen=True)
class StandardRows:
    """The rows of one content.

    `records` has record_id, row_number, verbatim and `unreadable` (a reason, or NULL) of every row;
    `standard` the columns `erasure_keys.COLUMNS` of the readable ones; `identifiers` the
    (scheme, value) that name a person, by record.
    """

    records: pa.Table
    standard: pa.Table
    identifiers: Mapping[str, list[tuple[str, str]]]

    def rows(self) -> Iterator[dict[str, Any]]:
        """The readable rows in standard values, one by one."""
        for batch in self.standard.to_batches(max_chunksize=10_000):
            yield from batch.to_pylist()


def standard_rows(
    source: BuildSource, *, scratch: Path, cache: Path | None, country: str | None
) -> StandardRows:
    """Work out one content of a source; `country` is that of rows which state none.

    What a column of the mapping says counts only where the content has that column: an earlier
    content of the source may have had others.
    """
    headers = pq.read_schema(source.rows).names
    columns = {column: field for column, field in source.columns.items() if column in headers}
    only = BuildSource(
        name=source.name,
        kind="contacts",  # also the rows of a log that only have an address are looked at
        rows=source.rows,
        unreadable=source.unreadable,
        columns=columns,
        date_style=source.date_style,
    )
    context = {"sources": [only], "default_country": country, "cache": cache}
    with DuckEngine(scratch) as engine:
        for model in data.models():
            if model.name not in _WANTED:
                continue
            made = model.compute(engine, context)
            if isinstance(made, str):
                engine.create(model.name, made)
            else:
                engine.load(model.name, made)
        wanted = ", ".join(quoted(name) for name in erasure_keys.COLUMNS)
        named: dict[str, list[tuple[str, str]]] = defaultdict(list)
        found = engine.arrow(
            "SELECT record_id, scheme, value FROM record_identifiers "
            "WHERE owner = 'person' AND value IS NOT NULL ORDER BY ALL"
        ).to_pydict()
        for record_id, scheme, value in zip(*found.values(), strict=True):
            named[record_id].append((scheme, value))
        return StandardRows(
            engine.arrow(
                "SELECT record_id, row_number, verbatim, unreadable FROM records "
                "ORDER BY row_number"
            ),
            engine.arrow(f"SELECT {wanted} FROM standard_records ORDER BY row_number"),
            named,
        )
