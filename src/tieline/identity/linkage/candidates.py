"""Which pairs of rows are looked at."""

from __future__ import annotations

from tieline.engine.tables import Engine
from tieline.identity.linkage.comparison import Block

PAIR_BASE = 1 << 31
"""Two row numbers below 2^31 are kept as one BIGINT, l * 2^31 + r with l < r."""


def candidates(
    engine: Engine, rows: str, blocks: tuple[Block, ...], into: str, fresh: str | None = None
) -> None:
    """Create the table `into(pair BIGINT)`: every pair of rows that shares a key of some block.

    `rows` has a column `node BIGINT`. With `fresh`, a table of nodes, only pairs with one of them.
    """
    keys = " UNION ALL ".join(_keys(rows, number, block) for number, block in enumerate(blocks))
    engine.create(f"{into}_keys", f"SELECT block, k, node, lim FROM ({keys})")
    engine.create(
        f"{into}_useful",
        f"SELECT block, k FROM {into}_keys GROUP BY block, k, lim "
        "HAVING count(*) BETWEEN 2 AND lim",
    )
    newly = f"AND (a.node IN (FROM {fresh}) OR b.node IN (FROM {fresh}))" if fresh else ""
    engine.create(
        into,
        f"SELECT a.node * {PAIR_BASE} + b.node AS pair "
        f"FROM (SELECT t.* FROM {into}_keys t SEMI JOIN {into}_useful s USING (block, k)) a "
        f"JOIN {into}_keys b ON a.block = b.block AND a.k = b.k AND a.node < b.node {newly} "
        f"GROUP BY 1",
    )
    engine.drop(f"{into}_keys")
    engine.drop(f"{into}_useful")


def _keys(rows: str, number: int, block: Block) -> str:
    key = f"unnest({block.key})" if block.many else block.key
    return (
        f"SELECT {number} AS block, (hash(k) >> 1)::BIGINT AS k, node, {block.limit} AS lim "
        f"FROM (SELECT DISTINCT node, {key} AS k FROM {rows}) WHERE k IS NOT NULL"
    )
