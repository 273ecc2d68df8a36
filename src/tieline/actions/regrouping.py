"""Which groups a new way of judging joins and which it divides, with examples in words."""

from __future__ import annotations

from dataclasses import dataclass

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import Snapshot
from tieline.engine.tables import Engine

KINDS = ("account", "site", "contact")
MOST_EXAMPLES = 10
_LABELS = {
    "contact": "concat_ws(', ', coalesce(s.full_name, s.email, s.phone), s.company)",
    "account": "concat_ws(', ', s.company, s.city)",
    "site": "concat_ws(', ', s.company, s.address_line, s.city)",
}


@dataclass(frozen=True)
class Regrouped:
    """One kind of entity in two snapshots of the same records.

    `joined` counts the entities made of several earlier ones, `divided` the earlier ones that are
    several now; `examples` are some of them, those of most records first, in words.
    """

    kind: str
    before: int
    after: int
    joined: int
    divided: int
    examples: tuple[str, ...]


def regrouped(before: Snapshot, after: Snapshot) -> tuple[Regrouped, ...]:
    """Compare the groups of two snapshots, kind by kind; at most ten examples in all."""
    with DuckEngine() as engine:
        engine.read_parquet("was", before.table("record_entities"))
        engine.read_parquet("now", after.table("record_entities"))
        engine.read_parquet("standard_records", after.table("standard_records"))
        found = [_kind(engine, kind) for kind in KINDS]
    each = max(MOST_EXAMPLES // max(sum(bool(one.examples) for one in found), 1), 1)
    return tuple(
        Regrouped(one.kind, one.before, one.after, one.joined, one.divided, one.examples[:each])
        for one in found
    )


def _kind(engine: Engine, kind: str) -> Regrouped:
    engine.create(
        "regrouped",
        f"SELECT record_id, w.{kind}_id AS was, n.{kind}_id AS now "
        f"FROM was w JOIN now n USING (record_id) "
        f"WHERE w.{kind}_id IS NOT NULL AND n.{kind}_id IS NOT NULL",
    )
    counts = engine.arrow(
        f"SELECT (SELECT count(DISTINCT {kind}_id) FROM was) AS before, "
        f"(SELECT count(DISTINCT {kind}_id) FROM now) AS after"
    ).to_pylist()[0]
    joined = _several(engine, kind, whole="now", part="was")
    divided = _several(engine, kind, whole="was", part="now")
    told = sorted(
        [(-records, f"now one {kind}: {text}") for records, text in joined]
        + [(-records, f"now apart: {text}") for records, text in divided]
    )
    return Regrouped(
        kind,
        int(counts["before"]),
        int(counts["after"]),
        len(joined),
        len(divided),
        tuple(text for _, text in told[:MOST_EXAMPLES]),
    )


def _several(engine: Engine, kind: str, *, whole: str, part: str) -> list[tuple[int, str]]:
    """The groups of `whole` with records of several groups of `part`: how many move, and whom."""
    rows = engine.arrow(
        f"""
        WITH parts AS (
          SELECT {whole} AS whole, {part} AS part, count(*) AS records,
            coalesce(min(nullif({_LABELS[kind]}, '')), 'no name') AS label
          FROM regrouped JOIN standard_records s USING (record_id) GROUP BY 1, 2
        ), several AS (
          SELECT *, row_number() OVER (PARTITION BY whole ORDER BY records DESC, part) AS place,
            count(*) OVER (PARTITION BY whole) AS parts
          FROM parts
        )
        SELECT parts, records, label FROM several
        WHERE parts > 1 AND place <= 2 ORDER BY whole, place
        """
    ).to_pylist()
    return [
        (
            int(second["records"]),
            f"{first['label']} ({first['records']:,}) and {second['label']} "
            f"({second['records']:,})"
            + (f" and {first['parts'] - 2} more" if first["parts"] > 2 else ""),
        )
        for first, second in zip(rows[::2], rows[1::2], strict=True)
    ]
