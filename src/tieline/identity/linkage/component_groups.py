"""The groups of a whole table of links, component by component."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tieline.engine.tables import Engine
from tieline.identity.linkage.grouping import Scored, group
from tieline.identity.linkage.scoring import PAIR, bits
from tieline.identity.linkage.workbench import Workbench


@dataclass(frozen=True)
class EarlierGroups:
    """Tables of an earlier result: its links, and the group of each node that was in a component.

    `groups` has the columns node and group.
    """

    links: str
    groups: str


def component_groups(
    engine: Engine,
    links: str,
    into: str,
    *,
    probability: float,
    earlier: EarlierGroups | None = None,
) -> None:
    """Create `into(node, group)` for all nodes in components; any other is a group of its own.

    `links` is what `links.score` made. A component whose links are as they were in `earlier` is
    grouped as it was.
    """
    with Workbench(engine, into) as bench:
        weak = bench.create("weak", _components(links, bits(probability)))
        doubtful = bench.create("doubtful", f"SELECT component FROM {weak} WHERE is_doubtful")
        parts = [
            f'SELECT node, component AS "group" FROM ({_members(links)}) '
            f"WHERE component NOT IN (FROM {doubtful})"
        ]
        if earlier is not None:
            before = _components(earlier.links, bits(probability))
            same = bench.create(
                "same",
                f"SELECT component FROM {weak} SEMI JOIN ({before}) USING (component, pairs, told) "
                "WHERE is_doubtful",
            )
            doubtful = bench.create(
                "changed", f"SELECT component FROM {doubtful} ANTI JOIN {same} USING (component)"
            )
            held = f"SELECT node FROM ({_members(links)}) WHERE component IN (FROM {same})"
            parts.append(f'SELECT node, "group" FROM {earlier.groups} WHERE node IN ({held})')
        pairs = engine.arrow(
            f"SELECT {PAIR}, weight FROM {links} WHERE component IN (FROM {doubtful}) "
            "ORDER BY left_node, right_node"
        )
        parts.append(f"FROM {bench.load('grouped', _grouped(pairs, probability))}")
        engine.create(into, " UNION ALL ".join(parts))


def _components(links: str, connecting: float) -> str:
    """Per component, how many pairs it has, a hash of them, and whether any speaks against it."""
    return (
        "SELECT component, count(*) AS pairs, bit_xor(hash(left_node, right_node, weight)) >> 1 "
        f"AS told, min(weight) < '{connecting!r}'::DOUBLE AS is_doubtful "
        f"FROM {links} WHERE component IS NOT NULL GROUP BY component"
    )


def _members(links: str) -> str:
    """The nodes of each component."""
    return (
        f"SELECT left_node AS node, component FROM {links} WHERE component IS NOT NULL UNION "
        f"SELECT right_node, component FROM {links} WHERE component IS NOT NULL"
    )


def _grouped(pairs: pa.Table, probability: float) -> pa.Table:
    left, right = pairs["left_node"].to_numpy(), pairs["right_node"].to_numpy()
    nodes, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    scored = Scored(places[: len(left)], places[len(left) :], pairs["weight"].to_numpy())
    labels = group(len(nodes), scored, probability)
    return pa.table({"node": nodes, "group": nodes[labels]})
