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

    def changed(self, difference: Difference) -> Content:
        """The content after some rows went and others came."""
        first, second = (
            (mine + more) % _BITS for mine, more in zip(self.sums, difference.sums, strict=True)
        )
        return Content(self.types, self.rows + difference.rows, (first, second))

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


@dataclass(frozen=True)
class Difference:
    """How two tables differ: `removed` and `added` name the tables of the rows that went and came.

    `rows` is how many more the second has, `sums` what that adds to the sums of its content.
    """

    removed: str
    added: str
    rows: int
    sums: tuple[int, int]


def content(engine: Engine, table: str) -> Content:
    """What the rows of a table are."""
    types = engine.columns(table)
    if not engine.rows(table):
        return Content(tuple(types.items()), 0, (0, 0))
    rows, first, second, _ = _summed(engine, quoted(table), _row_hash(types), "1")
    return Content(tuple(types.items()), rows, (first % _BITS, second % _BITS))


def compare(
    engine: Engine, old: str, now: str, named: str, *, most: float = math.inf
) -> Difference | None:
    """Make the tables `__removed_<named>` and `__added_<named>` of the rows that differ.

    A row that one has more often than the other is told as often as that. Both have the same
    columns. Makes nothing if there is no such row; returns None if there are more than `most`.
    """
    types = engine.columns(old)
    row_hash = _row_hash(types)
    # Only hashes are grouped: whole rows are wide.
    engine.create(
        "__differing",
        f"SELECT __h, sum(n) AS __n FROM (SELECT {row_hash} AS __h, -1 AS n FROM {quoted(old)} "
        f"UNION ALL SELECT {row_hash}, 1 FROM {quoted(now)}) GROUP BY __h HAVING sum(n) <> 0",
    )
    rows, first, second, differing = _summed(engine, "__differing", "__h", "__n")
    found = Difference(f"__removed_{named}", f"__added_{named}", rows, (first, second))
    if 0 < differing <= most:
        columns = ", ".join(f"t.{quoted(name)}" for name in types)
        for table, sign, into in ((old, "-", found.removed), (now, "", found.added)):
            hashed = f"SELECT *, {row_hash} AS __h FROM {quoted(table)}"
            among = f"SELECT __h FROM __differing WHERE {sign}__n > 0"
            engine.create(
                into,
                f"SELECT {columns} FROM (SELECT *, row_number() OVER (PARTITION BY __h) AS __place "
                f"FROM ({hashed}) WHERE __h IN ({among})) t "
                f"JOIN __differing d ON d.__h = t.__h WHERE t.__place <= {sign}d.__n",
            )
    engine.drop("__differing")
    return found if differing <= most else None


def _summed(engine: Engine, source: str, row_hash: str, times: str) -> tuple[int, int, int, int]:
    """Rows, the two sums of their hashes, and rows whichever way they count."""
    # The second sum is of another hash: two changes that cancel in one do not in the other.
    sums = ("n", "n * CAST(h AS HUGEINT)", "n * CAST(hash(h, 1) >> 1 AS HUGEINT)", "abs(n)")
    told = ", ".join(f"CAST(sum({one}) AS VARCHAR) AS s{at}" for at, one in enumerate(sums))
    select = f"SELECT {told} FROM (SELECT {row_hash} AS h, {times} AS n FROM {source})"
    found = engine.arrow(select).to_pylist()[0]
    rows, first, second, either = (int(found[f"s{at}"] or 0) for at in range(4))
    return rows, first, second, either


def _row_hash(types: Mapping[str, str]) -> str:
    """The hash of a row; DuckDB takes 0.0 and -0.0 for equal, files do not."""
    parts = [quoted(name) for name in types]
    parts += [f"signbit({quoted(n)})" for n, kind in types.items() if kind in ("DOUBLE", "FLOAT")]
    # Nor does it tell where one list ends and the next begins, or an empty one from none.
    parts += [f"len({quoted(n)})" for n, kind in types.items() if kind.endswith("[]")]
    nested = [n for n, kind in types.items() if "[" in kind.removesuffix("[]") or "MAP(" in kind]
    parts += [f"CAST({quoted(n)} AS VARCHAR)" for n in nested]
    # A whole number that an engine keeps: the unsigned ones it makes BIGINT.
    return f"CAST(hash({', '.join(parts)}) >> 1 AS BIGINT)"
