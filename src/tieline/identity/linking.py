"""Linking accounts, contacts and sites: which pairs, which groups."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.earlier import Earlier
from tieline.identity.linkage.grouping import Scored, group
from tieline.identity.linkage.links import score
from tieline.identity.parameters import ParameterStore

Last = Callable[[str], Table | None]
"""Gives a table as the last build left it; None if that was made by other rules or weights."""


def links_of(
    engine: Engine,
    profiles: Table,
    model: LinkageModel,
    *,
    probability: float,
    parameters: ParameterStore,
    features: str | None = None,
    earlier: Earlier | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> str:
    """The SELECT of the scored pairs of a table of profiles.

    Judged with the pinned parameters; they are learned, and pinned, if there are none.
    """
    pinned = parameters.read(model)
    links = f"{profiles.name}_linked"
    learned = score(
        engine,
        profiles.name,
        model,
        links,
        probability=probability,
        parameters=pinned,
        features=features,
        earlier=earlier,
        said=said,
    )
    if pinned is None:
        parameters.pin(model, learned)
    return f"SELECT * FROM {links}"


def earlier_of(last: Last, profiles: str, links: str) -> Earlier | None:
    """What the last build said of the same profiles, if it is still there."""
    rows, found = last(profiles), last(links)
    return Earlier(rows.name, found.name) if rows is not None and found is not None else None


def groups_of(profiles: Table, links: Table, *, probability: float) -> pa.Table:
    """The group of each profile: a table (node, group), a group being its smallest node.

    Profiles are numbered 0 to n-1.
    """
    pairs = links.engine.arrow(
        f"SELECT left_node, right_node, weight FROM {links} ORDER BY left_node, right_node"
    )
    size = profiles.rows()
    scored = Scored(*(pairs[name].to_numpy() for name in pairs.column_names))
    return pa.table(
        {"node": pa.array(range(size), pa.int64()), "group": group(size, scored, probability)}
    )
