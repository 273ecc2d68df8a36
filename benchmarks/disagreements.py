"""Where a found partition and the truth disagree: clusters cut or glued, and the pair that did it.

A case is one found cluster that holds several true ones (false merge) or one true cluster that is
spread over several found ones (miss). Its bridge is the most similar pair of records across the
border: for a false merge most likely the pair that was linked, for a miss the one easiest to link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import duckdb
import pyarrow as pa
from anyascii import anyascii
from rapidfuzz.fuzz import ratio, token_sort_ratio

# Alike but not equal, 0..100: typos, swapped words, initials; chosen by looking at pairs.
SIMILAR = 75
# Records per part that are compared for the bridge; parts of one cluster resemble one another.
PART_RECORDS = 6
# Further parts of one case that are shown beside the first two.
FURTHER_PARTS = 3

Record = dict[str, str | int | None]
PLACE = ("source", "row_number", "truth_id", "found_id")


@dataclass(frozen=True)
class Pair:
    """Two records across the border, with how each field agrees: '=', '~', '≠', '·' (one empty)."""

    left: Record
    right: Record
    agreement: dict[str, str]

    @property
    def pattern(self) -> str:
        """The agreement as text: 'family_name= email~ phone·'."""
        return " ".join(f"{name}{sign}" for name, sign in self.agreement.items())

    @property
    def likeness(self) -> float:
        """Sorts pairs: equal fields count one, alike ones half, different ones against."""
        worth = {"=": 1.0, "~": 0.5, "≠": -0.4, "·": 0.0}
        return sum(worth[sign] for sign in self.agreement.values())


@dataclass(frozen=True)
class Case:
    """One cluster that is wrong: its sizes, what it costs in pairs, and the pairs at the border."""

    cluster: str
    sizes: tuple[int, ...]
    wrong_pairs: int
    pairs: tuple[Pair, ...]


class Disagreements:
    """A set's records with truth id, found id and fields, ready to be asked for cases."""

    def __init__(
        self,
        truth: pa.Table,
        found: pa.Table,
        rows: Path,
        *,
        across: bool = False,
        fields: str | None = None,
    ) -> None:
        self._con = duckdb.connect()
        self._con.register("truth", truth)
        self._con.register("found", found)
        self._con.execute(
            f"""create table records as
            select t.source, t.row_number, t.truth_id,
                coalesce(f.found_id::varchar, 'alone ' || t.source || ' ' || t.row_number)
                    as found_id,
                r.* exclude (source, row_number)
            from truth t left join found f using (source, row_number)
            left join read_parquet('{rows}') r using (source, row_number)
            where t.truth_id is not null"""
        )
        self._across = across
        names = [row[0] for row in self._con.sql("describe records").fetchall()]
        wanted = fields.split(",") if fields else names
        self.fields = [name for name in names if name in wanted and name not in PLACE]

    def clusters(self, kind: str, shuffle: int | None = None) -> list[tuple[str, int]]:
        """Wrong clusters and their wrong pairs, costliest first or in a seeded random order.

        `kind` is 'false-merges' (clusters are found ids) or 'misses' (clusters are truth ids).
        """
        whole, part = _columns(kind)
        order = (
            "wrong desc, cluster" if shuffle is None else f"hash(cluster || '{shuffle}'), cluster"
        )
        across = "and a.source <> b.source" if self._across else ""
        wrong = (
            f"""select {whole} as cluster, count(*) as wrong from records a join records b
                using ({whole}) where a.{part} < b.{part} {across} group by 1"""
            if self._across
            else f"""select cluster, (sum(n) * sum(n) - sum(n * n)) // 2 as wrong from
                (select {whole} as cluster, {part}, count(*) as n from records group by 1, 2)
                group by 1 having count(*) > 1"""
        )
        found = self._con.sql(f"select cluster, wrong::bigint from ({wrong}) order by {order}")
        return [(str(cluster), int(count)) for cluster, count in found.fetchall()]

    def cases(self, kind: str, clusters: list[tuple[str, int]]) -> Iterator[Case]:
        """Each wrong cluster with its border pairs, in the order given."""
        whole, part = _columns(kind)
        for start in range(0, len(clusters), 500):
            chunk = clusters[start : start + 500]
            wanted = pa.table({"cluster": [cluster for cluster, _ in chunk]})
            self._con.register("wanted", wanted)
            members: dict[str, list[Record]] = {}
            for record in self._records(f"{whole} in (select cluster from wanted)", []):
                members.setdefault(str(record[whole]), []).append(record)
            for cluster, wrong in chunk:
                yield self._case(cluster, wrong, members[cluster], part)

    def members(self, cluster: str, kind: str) -> list[Record]:
        """All records of one wrong cluster, those of one id together."""
        whole, part = _columns(kind)
        records = self._records(f"{whole} = $1", [cluster])
        return sorted(records, key=lambda record: str(record[part]))

    def _records(self, condition: str, values: list[str]) -> list[Record]:
        got = self._con.execute(
            f"select * from records where {condition} order by source, row_number", values
        )
        names = [column[0] for column in got.description]
        return [dict(zip(names, row, strict=True)) for row in got.fetchall()]

    def _case(self, cluster: str, wrong: int, members: list[Record], part: str) -> Case:
        parts: dict[str, list[Record]] = {}
        for record in members:
            parts.setdefault(str(record[part]), []).append(record)
        ordered = sorted(parts.values(), key=len, reverse=True)
        pairs = []
        for number in range(1, min(len(ordered), FURTHER_PARTS + 1)):
            earlier = [record for part in ordered[:number] for record in part[:PART_RECORDS]]
            across = [
                (a, b)
                for a, b in product(earlier, ordered[number][:PART_RECORDS])
                if not self._across or a["source"] != b["source"]
            ]
            if across:
                bridges = (Pair(a, b, agreement(a, b, self.fields)) for a, b in across)
                pairs.append(max(bridges, key=lambda pair: pair.likeness))
        return Case(cluster, tuple(len(part) for part in ordered), wrong, tuple(pairs))


def agreement(left: Record, right: Record, fields: list[str]) -> dict[str, str]:
    """How each field of two records agrees; fields empty on both sides are left out."""
    signs = {}
    for name in fields:
        a, b = _folded(left[name]), _folded(right[name])
        if a and b:
            alike = max(ratio(a, b), token_sort_ratio(a, b)) >= SIMILAR or _initial(a, b)
            signs[name] = "=" if a == b else "~" if alike else "≠"
        elif a or b:
            signs[name] = "·"
    return signs


def _initial(a: str, b: str) -> bool:
    return min(len(a), len(b)) == 1 and a[0] == b[0]


def _folded(value: str | int | None) -> str:
    text = anyascii(str(value or "")).lower()
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


def _columns(kind: str) -> tuple[str, str]:
    return ("found_id", "truth_id") if kind == "false-merges" else ("truth_id", "found_id")
