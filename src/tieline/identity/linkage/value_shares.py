"""How common values are: counted when the weights are learned, and pinned with them.

So a pair weighs the same in a list of a hundred rows and inside one of a million, and rows to come
do not change what was said of those that are there. Only values that several people have are kept
by name; of all others only how common such a value is on average.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyarrow as pa

from tieline.engine.tables import Engine
from tieline.identity.linkage.workbench import Workbench

COMMON = 3
"""A value that fewer have is not kept by name: it could tell who they are."""
LOCAL = 1000
"""A place's own share of a value counts like the share everywhere with this many rows known."""
EVERYWHERE = "*"


@dataclass(frozen=True)
class Commonness:
    """How common the values of one field are.

    `have` says how many at each place have a value ("" if the place is unknown), `values` how many
    have this one, at a place or `EVERYWHERE`, as far as at least `COMMON` do. `rare` is the share
    of a value that is not kept: the mean over those who have such a value.
    """

    have: dict[str, int]
    values: dict[str, dict[str, int]]
    rare: float

    def everybody(self) -> int:
        """How many have a value."""
        return sum(self.have.values())


Shares: TypeAlias = Mapping[str, Commonness]
"""How common the values of each field are."""


def count_values(engine: Engine, rows: Mapping[str, str]) -> dict[str, Commonness]:
    """Count: `rows` gives for each field a SELECT of (value, place), one row for each owner."""
    return {field: _count(engine, one) for field, one in rows.items()}


def _count(engine: Engine, rows: str) -> Commonness:
    with Workbench(engine, "values") as bench:
        counted = bench.create(
            "counted",
            "SELECT value, place, count(*) AS here, sum(count(*)) OVER (PARTITION BY value) AS n "
            f"FROM ({rows}) GROUP BY value, place",
        )
        places = engine.arrow(
            f"SELECT place, sum(here) AS n FROM {counted} GROUP BY place ORDER BY place"
        )
        kept = engine.arrow(f"SELECT * FROM {counted} WHERE n >= {COMMON} ORDER BY value, place")
        # Each of the n who have a value meets n with it.
        rare = engine.arrow(
            f"SELECT sum(here * n) AS met, sum(here) AS n FROM {counted} WHERE n < {COMMON}"
        ).to_pylist()[0]
    values: dict[str, dict[str, int]] = {}
    for row in kept.to_pylist():
        counts = values.setdefault(row["value"], {EVERYWHERE: row["n"]})
        if row["here"] >= COMMON:
            counts[row["place"]] = row["here"]
    have = {row["place"]: row["n"] for row in places.to_pylist()}
    mean = rare["met"] / rare["n"] if rare["n"] else 1.0
    return Commonness(have, values, float(f"{mean / max(sum(have.values()), 1):.6g}"))


def load_shares(bench: Workbench, shares: Shares) -> None:
    """Make the tables that `joined_shares` and `share_of` read."""
    for field, one in shares.items():
        values = [
            {
                "value": value,
                "share": counts[EVERYWHERE] / one.everybody(),
                "places": [place for place in counts if place != EVERYWHERE],
                "counts": [n for place, n in counts.items() if place != EVERYWHERE],
            }
            for value, counts in one.values.items()
        ]
        bench.load(f"{field}_values", pa.Table.from_pylist(values, schema=_VALUES))
        places = {"place": list(one.have), "have": list(one.have.values())}
        bench.load(f"{field}_places", pa.table(places, schema=_PLACES))


_VALUES = pa.schema(
    [
        ("value", pa.string()),
        ("share", pa.float64()),
        ("places", pa.list_(pa.string())),
        ("counts", pa.list_(pa.int64())),
    ]
)
_PLACES = pa.schema([("place", pa.string()), ("have", pa.int64())])


def joined_shares(bench: Workbench, shares: Shares, columns: Mapping[str, str], place: str) -> str:
    """The joins that `share_of` needs; `columns` says which column has a field's value."""
    return " ".join(
        f"LEFT JOIN {bench.named(field + '_values')} {field}_v "
        f"ON {field}_v.value = {columns[field]} "
        f"LEFT JOIN {bench.named(field + '_places')} {field}_p ON {field}_p.place = {place}"
        for field in shares
    )


def share_of(shares: Shares, field: str, place: str) -> str:
    """The SQL expression of the share of those at a place who have the row's value of a field."""
    everywhere = f"coalesce({field}_v.share, {shares[field].rare!r}::DOUBLE)"
    counted = f"{field}_v.counts[list_position({field}_v.places, {place})]"
    return (
        # At least one has it: the row that is asked about.
        f"(coalesce({counted}, 1) + {LOCAL} * {everywhere}) "
        f"/ (coalesce({field}_p.have, 0) + {LOCAL})"
    )
