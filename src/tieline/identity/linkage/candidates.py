"""Which pairs of rows are looked at."""

from __future__ import annotations

from collections.abc import Collection

from tieline.engine.tables import Engine
from tieline.identity.linkage.comparison import Block


def candidates(engine: Engine, rows: str, blocks: tuple[Block, ...], into: str) -> None:
    """Create the table `into(left_node, right_node)`: every pair that shares a key of some block.

    `rows` has a column `node BIGINT`, all different; the smaller node of a pair is the left one.
    """
    engine.create(f"{into}_keys", keys_of(rows, blocks))
    engine.create(
        f"{into}_useful",
        f"SELECT block, k FROM {into}_keys GROUP BY block, k, most "
        "HAVING count(*) BETWEEN 2 AND most",
    )
    engine.create(
        into,
        "SELECT a.node AS left_node, b.node AS right_node "
        f"FROM (SELECT t.* FROM {into}_keys t SEMI JOIN {into}_useful u USING (block, k)) a "
        f"JOIN {into}_keys b ON a.block = b.block AND a.k = b.k AND a.node < b.node GROUP BY ALL",
    )
    engine.drop(f"{into}_keys")
    engine.drop(f"{into}_useful")


def keys_of(
    rows: str,
    blocks: tuple[Block, ...],
    *,
    wanted: str | None = None,
    numbers: Collection[int] | None = None,
) -> str:
    """The SELECT of the keys of rows: (block, k, node, most), each once.

    `k` is a hash of the key, `most` how many rows may share it. With `wanted`, a table (block, k),
    only those keys; with `numbers` only those blocks.
    """
    return " UNION ALL ".join(
        _keys(rows, number, block, wanted)
        for number, block in enumerate(blocks)
        if numbers is None or number in numbers
    )


def _keys(rows: str, number: int, block: Block, wanted: str | None) -> str:
    # Only lists may hold a key twice: a row is there once.
    key = f"DISTINCT node, unnest({block.key})" if block.many else f"node, {block.key}"
    among = f" WHERE k IN (SELECT k FROM {wanted} WHERE block = {number})" if wanted else ""
    return (
        f"SELECT {number} AS block, k, node, {block.limit} AS most FROM "
        f"(SELECT node, (hash(x) >> 1)::BIGINT AS k FROM (SELECT {key} AS x FROM {rows}) "
        f"WHERE x IS NOT NULL){among}"
    )
