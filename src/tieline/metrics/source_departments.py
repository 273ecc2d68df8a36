"""Which department each source comes from, as far as it tells who its contacts are."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.engine.tables import Table
from tieline.metrics.category import SourceOwner

_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("source", "owner", "department", "read_from", "next_step")]
)


def source_departments(
    category_readings: Table, *, source_owners: Sequence[SourceOwner]
) -> pa.Table:
    """Which department each source comes from, as far as it tells who its contacts are.

    question: What does the department that each source comes from say of its contacts?
    row: One source.
    key: source
    owner: analyst
    columns:
      source: The name of the source.
      owner: The department that the settings name; empty for none.
      department: What was understood, one of the sources of category_weights; empty for nothing.
      read_from: The words it was read from, the owner or else the name of the source.
      next_step: What to write into the settings where nothing was understood.
    """
    read = {
        row["text"]: row
        for row in category_readings.arrow().to_pylist()
        if row["field"] == "source"
    }
    rows = []
    for one in source_owners:
        found = read.get(one.source, {})
        step = None
        if not found:
            step = (
                f'[sources.{one.source}] owner = "..." (such as support users, accounts payable, '
                "press, partners), if all of its people have one thing to do with us"
            )
        row = {"source": one.source, "owner": one.owner or None, "next_step": step}
        row |= {"department": found.get("said"), "read_from": found.get("read_from")}
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=_SCHEMA)
