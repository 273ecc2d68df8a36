"""Inside what strong pairs connect, every pair is looked at."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tieline.identity.linkage.clustering import components
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.linkage.scoring import PAIR, Job
from tieline.identity.linkage.workbench import Workbench

CLOSED = 1500
"""In components up to this many rows every pair is looked at, also those that no block proposes."""


def closed(
    job: Job,
    bench: Workbench,
    proposed: str,
    parameters: Parameters,
    *,
    connecting: float,
    known: str | None = None,
) -> str:
    """The SELECT of proposed pairs and of those inside their components that nobody proposed.

    Columns: left_node, right_node, pattern, weight, proposed, component (of both nodes, NULL if
    they are in two). Pairs of `connecting` bits connect. `known` names a table of judged pairs
    (left_node, right_node, pattern, weight) that need not be compared again.
    """
    strong = job.engine.arrow(
        f"SELECT {PAIR} FROM {proposed} WHERE weight >= '{connecting!r}'::DOUBLE"
    )
    left, right = strong["left_node"].to_numpy(), strong["right_node"].to_numpy()
    nodes, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    labels = components(len(nodes), places[: len(left)], places[len(left) :])
    held = bench.load("held", pa.table({"node": nodes, "component": nodes[labels]}))
    inside = bench.load("inside", _inside(nodes, labels))
    inner = bench.create(
        "inner", f"SELECT {PAIR} FROM {inside} ANTI JOIN {proposed} USING ({PAIR})"
    )
    parts = [f"SELECT {PAIR}, pattern, weight, true AS proposed FROM {proposed}"]
    if known is not None:
        parts.append(
            f"SELECT {PAIR}, pattern, weight, false FROM {known} SEMI JOIN {inner} USING ({PAIR})"
        )
        inner = bench.create(
            "strange", f"SELECT {PAIR} FROM {inner} ANTI JOIN {known} USING ({PAIR})"
        )
    if bench.rows(inner):
        compared, judged = bench.named("inner_compared"), bench.named("inner_judged")
        job.near(bench, inner).compare(inner, compared)
        job.judge(compared, judged, parameters, least=-np.inf)
        parts.append(f"SELECT {PAIR}, pattern, weight, false FROM {judged}")
    return (
        "SELECT p.*, CASE WHEN a.component = b.component THEN a.component END AS component "
        f"FROM ({' UNION ALL '.join(parts)}) p "
        f"LEFT JOIN {held} a ON a.node = p.left_node LEFT JOIN {held} b ON b.node = p.right_node"
    )


def _inside(nodes: NDArray[np.int64], labels: NDArray[np.int64]) -> pa.Table:
    """Every pair inside a component of 3 to `CLOSED` nodes; one of two nodes is a pair."""
    sizes = np.bincount(labels, minlength=len(labels))[labels]
    places = np.flatnonzero((sizes > 2) & (sizes <= CLOSED))
    places = places[np.argsort(labels[places], kind="stable")]
    starts = np.flatnonzero(np.diff(labels[places], prepend=-1))
    lengths = np.diff(np.append(starts, len(places)))
    left, right = [nodes[:0]], [nodes[:0]]
    for length in np.unique(lengths):
        i, j = np.triu_indices(length, 1)
        block = nodes[places[starts[lengths == length][:, None] + np.arange(length)[None, :]]]
        left.append(block[:, i].ravel())
        right.append(block[:, j].ravel())
    return pa.table({"left_node": np.concatenate(left), "right_node": np.concatenate(right)})
