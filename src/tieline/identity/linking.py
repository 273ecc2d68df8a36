"""Linking accounts, contacts and sites: which pairs, which groups."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from tieline.engine.tables import Engine, Table
from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.grouping import group
from tieline.identity.linkage.scoring import Known, Scored, score
from tieline.identity.parameters import ParameterStore


def links_of(
    engine: Engine,
    profiles: Table,
    model: LinkageModel,
    *,
    probability: float,
    parameters: ParameterStore,
    features: str | None = None,
    known: Known | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> pa.Table:
    """The scored pairs of a table of profiles, with the pinned parameters or newly learned ones."""
    pinned = parameters.read(model)
    scored, learned = score(
        engine,
        profiles.name,
        model,
        probability=probability,
        parameters=pinned,
        features=features,
        known=known,
        said=said,
    )
    if pinned is None:
        parameters.pin(model, learned)
    return scored.table()


def groups_of(profiles: Table, links: Table, *, probability: float) -> pa.Table:
    """The group of each profile: a table (node, group), a group being its smallest node."""
    pairs = links.engine.arrow(f"SELECT left_node, right_node, pattern, weight FROM {links}")
    scored = Scored.of(pairs)
    size = profiles.rows()
    return pa.table(
        {"node": pa.array(range(size), pa.int64()), "group": group(size, scored, probability)}
    )
