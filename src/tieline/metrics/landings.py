"""When each source came to us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

_SCHEMA = pa.schema([("source", pa.string()), ("landed_on", pa.date32())])


def landings(*, landed_on: Mapping[str, date | None]) -> pa.Table:
    """The day on which the content of each source came.

    question: After which day can nothing that a source tells have happened yet?
    row: One source of which the day is known; events of programs are checked when they come.
    key: source
    owner: analyst
    columns:
      source: The name of the source.
      landed_on: The day on which its content was added, where the day begins first.
    """
    rows = [{"source": n, "landed_on": day} for n, day in sorted(landed_on.items()) if day]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)
