"""What the rows of a table are, in one text, and which rows two tables differ in.

A table's content is made of the sum of its rows' hashes, so it does not depend on their order, and
follows from the rows that came and went without a look at the others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tieline.engine.tables import Engine, quoted

_BITS = 2**64


@dataclass(frozen=True)
class Content:
    """Equal for tables of equal rows: column name -> type, the number of rows and two sums.

    A row's hash has 63 bits. DuckDB's own is used, as it takes a tenth of a second for a million
    rows; it may differ between its versions.
    """

    types: tuple[tuple[str, str], ...]
    rows: int
    sums: tuple[int, int]

    def changed(self, removed: Content, added: Content) -> Content:
        """The content after some rows went and others came."""
        first, second = (
            (mine - less + more) % _BITS
            for mine, less, more in zip(self.sums, removed.sums, added.sums, strict=True)
        )
        return Content(self.types, self.rows - removed.rows + added.rows, (first, second))

    def told(self) -> list[Any]:
        """The content as JSON can hold it."""
        return [self.types, self.rows, *(f"{one:016x}" for one in self.sums)]

    @classmethod
    def read(cls, told: list[Any]) -> Content:
        """The content that was `told`; ValueError or TypeError if it is none."""
        types, rows, first, second = told
        return cls(
            tuple((n, kind) for n, kind in types), int(rows), (int(first, 16), int(second, 16))
        )

    def __str__(self) -> str:
        return json.dumps(self.told())


def content(engine: Engine, table: str) -> Content:
    """What the rows of a table are."""
    types = engine.columns(table)
    # The second sum is of another hash: two changes that cancel in one do not in the other.
    found = engine.arrow(
        "SELECT count(*) AS n, CAST(sum(h) AS VARCHAR) AS a, CAST(sum(hash(h, 1)) AS VARCHAR) AS b "
        f"FROM (SELECT {_row_hash(types)} AS h FROM {quoted(table)})"
    ).to_pylist()[0]
    first, second = (int(found[name] or 0) % _BITS for name in "ab")
    return Content(tuple(types.items()), int(found["n"]), (first, second))


def compare(
    engine: Engine, old: str, now: str, removed: str, added: str, *, most: float = math.inf
) -> bool:
    """Make tables `removed` and `added` of the rows that only `old` or only `now` has.

    A row that one has more often than the other is told as often as that. Both have the same
    columns. Makes nothing and returns False if there are more than `most` such rows.
    """
    types = engine.columns(old)
    row_hash = _row_hash(types)
    # Only hashes are grouped: whole rows are wide.
    engine.create(
        "__differing",
        f"SELECT __h, sum(n) AS __n FROM (SELECT {row_hash} AS __h, 1 AS n FROM {quoted(old)} "
        f"UNION ALL SELECT {row_hash}, -1 FROM {quoted(now)}) GROUP BY __h HAVING sum(n) <> 0",
    )
    counted = engine.arrow("SELECT coalesce(sum(abs(__n)), 0) AS n FROM __differing")
    if counted.column("n")[0].as_py() > most:
        engine.drop("__differing")
        return False
    for table, sign, into in ((old, "", removed), (now, "-", added)):
        columns = ", ".join(f"t.{quoted(name)}" for name in types)
        engine.create(
            into,
            f"SELECT {columns} FROM (SELECT *, row_number() OVER (PARTITION BY __h) AS __place "
            f"FROM (SELECT *, {row_hash} AS __h FROM {quoted(table)}) "
            f"WHERE __h IN (SELECT __h FROM __differing WHERE {sign}__n > 0)) t "
            f"JOIN __differing d ON d.__h = t.__h WHERE t.__place <= {sign}d.__n",
        )
    engine.drop("__differing")
    return True


def _row_hash(types: Mapping[str, str]) -> str:
    """The hash of a row; DuckDB takes 0.0 and -0.0 for equal, files do not."""
    parts = [quoted(name) for name in types]
    parts += [f"signbit({quoted(n)})" for n, kind in types.items() if kind in ("DOUBLE", "FLOAT")]
    # A whole number that an engine keeps: the unsigned ones it makes BIGINT.
    return f"CAST(hash({', '.join(parts)}) >> 1 AS BIGINT)"
