"""The pairs of rows worth knowing of, and how strongly each says "the same" or "not the same"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tieline.engine.tables import Engine
from tieline.identity.linkage.candidates import PAIR_BASE, candidates
from tieline.identity.linkage.clustering import components
from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.estimation import Parameters, digits, estimate, stated

SAMPLE = 100_000
"""Pairs drawn for all those nobody looks at; the error of a share of 1 % is then 0.03 %."""
SEED = 20_110_301
LEAST = -6.0
"""Bits below which a pair is forgotten, unless it stands inside a group."""
CLOSED = 1500
"""In components up to this many rows every pair is looked at, also those that no block proposes."""
FORBIDDEN = -1000.0
"""The weight of a pair with hard evidence against it."""


def bits(probability: float) -> float:
    """The weight in bits of a probability: log2 of its odds."""
    return float(np.log2(probability / (1 - probability)))


@dataclass(frozen=True)
class Scored:
    """The pairs of one linking job, ordered by (left, right): nodes, pattern, weight in bits.

    The weight includes the prior, so that a weight of 0 is a probability of one half.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    pattern: NDArray[np.int64]
    weight: NDArray[np.float64]

    def without(self, pairs: NDArray[np.int64]) -> Scored:
        """These pairs but for those named (left * PAIR_BASE + right)."""
        kept = ~np.isin(self.left * PAIR_BASE + self.right, pairs)
        return Scored(self.left[kept], self.right[kept], self.pattern[kept], self.weight[kept])

    @classmethod
    def of(cls, table: pa.Table) -> Scored:
        """The pairs of a table (left_node, right_node, pattern, weight) in order."""
        left, right = table["left_node"].to_numpy(), table["right_node"].to_numpy()
        order = np.lexsort((right, left))
        return cls(
            left[order],
            right[order],
            table["pattern"].to_numpy()[order],
            table["weight"].to_numpy()[order],
        )

    def table(self) -> pa.Table:
        """The pairs as a table (left_node, right_node, pattern, weight)."""
        return pa.table(
            {
                "left_node": self.left,
                "right_node": self.right,
                "pattern": self.pattern,
                "weight": self.weight,
            }
        )


@dataclass(frozen=True)
class Known:
    """What an earlier pass over the same rows found, and the SELECT of pairs to score anew."""

    scored: Scored
    anew: str


def score(
    engine: Engine,
    rows: str,
    model: LinkageModel,
    *,
    probability: float,
    parameters: Parameters | None = None,
    features: str | None = None,
    known: Known | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> tuple[Scored, Parameters]:
    """Compare the rows of `rows(node BIGINT 0..n-1, ...)`; learn the parameters if none are given.

    `features` names a table `(pair BIGINT, ...)` of facts about pairs, `f` in conditions. With
    `known`, what an earlier pass scored is taken over. Inside what pairs of at least `probability`
    connect, every pair is scored.
    """
    size = int(engine.arrow(f"SELECT count(*) AS n FROM {rows}")["n"][0].as_py())
    name = f"{rows}_pairs"
    if known is None:
        candidates(engine, rows, model.blocks, name)
    else:
        engine.create(name, known.anew)
        anew = engine.arrow(f"SELECT pair FROM {name}")["pair"].to_numpy()
    _patterns(engine, rows, model, name, f"{name}_seen", features)
    engine.drop(name)
    if model.match_share is not None:
        parameters = stated(model, size)
    elif parameters is None:
        parameters = _learn(engine, rows, model, size, name, features)
    weights = parameters.weights(model)
    looked_at, scored = _weighed(engine, model, weights, parameters.prior, f"{name}_seen", LEAST)
    engine.drop(f"{name}_seen")
    said(f"{looked_at:,} pairs compared")
    if known is not None:
        scored = _ordered(known.scored.without(anew), scored)
    strong = scored.weight >= bits(probability)
    labels = components(size, scored.left[strong], scored.right[strong])
    missing = _missing_pairs(labels, scored)
    if len(missing):
        engine.load(f"{name}_inner", pa.table({"pair": pa.array(missing, pa.int64())}))
        _patterns(engine, rows, model, f"{name}_inner", f"{name}_inner_seen", features)
        _, more = _weighed(engine, model, weights, parameters.prior, f"{name}_inner_seen", -np.inf)
        engine.drop(f"{name}_inner")
        engine.drop(f"{name}_inner_seen")
        scored = _ordered(scored, more)
    return scored, parameters


def _patterns(
    engine: Engine, rows: str, model: LinkageModel, pairs: str, into: str, features: str | None
) -> None:
    code = " + ".join(
        f"(({comparison.code()})::BIGINT << {4 * i})"
        for i, comparison in enumerate(model.comparisons)
    )
    sides = (
        f"JOIN {rows} l ON l.node = p.pair // {PAIR_BASE} "
        f"JOIN {rows} r ON r.node = p.pair % {PAIR_BASE}"
    )
    if model.measures:
        measures = ", ".join(f"{sql} AS {name}" for name, sql in model.measures)
        pairs = f"(SELECT p.pair, {measures} FROM {pairs} p {sides})"
    with_features = f"LEFT JOIN {features} f ON f.pair = p.pair" if features else ""
    engine.create(into, f"SELECT p.pair, {code} AS pattern FROM {pairs} p {sides} {with_features}")


def _counts(engine: Engine, table: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    found = engine.arrow(f"SELECT pattern, count(*) AS n FROM {table} GROUP BY 1 ORDER BY 1")
    return found["pattern"].to_numpy(), found["n"].to_numpy()


def _learn(
    engine: Engine, rows: str, model: LinkageModel, size: int, name: str, features: str | None
) -> Parameters:
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, max(size, 1), size=(2, min(SAMPLE, size * size)))
    left, right = drawn.min(axis=0), drawn.max(axis=0)
    pairs = np.unique((left * PAIR_BASE + right)[left < right])
    engine.load(f"{name}_drawn_all", pa.table({"pair": pa.array(pairs, pa.int64())}))
    engine.create(
        f"{name}_drawn",
        f"SELECT d.pair FROM {name}_drawn_all d ANTI JOIN {name}_seen s ON s.pair = d.pair",
    )
    _patterns(engine, rows, model, f"{name}_drawn", f"{name}_drawn_seen", features)
    learned = estimate(
        model, size, _counts(engine, f"{name}_seen"), _counts(engine, f"{name}_drawn_seen")
    )
    for table in (f"{name}_drawn_all", f"{name}_drawn", f"{name}_drawn_seen"):
        engine.drop(table)
    return learned


def _weighed(
    engine: Engine,
    model: LinkageModel,
    weights: list[NDArray[np.float64]],
    prior: float,
    table: str,
    least: float,
) -> tuple[int, Scored]:
    """How many pairs `table(pair, pattern)` has, and those of at least `least` bits in order."""
    patterns, counts = _counts(engine, table)
    codes = digits(patterns, len(weights))
    totals = np.full(len(patterns), prior)
    for i, (of_field, comparison) in enumerate(zip(weights, model.comparisons, strict=True)):
        for code, outcome in enumerate(comparison.outcomes, start=1):
            if outcome.forbids:
                of_field[code] = FORBIDDEN
        totals += of_field[codes[:, i]]
    chosen = totals >= least
    engine.load(
        f"{table}_weights", pa.table({"pattern": patterns[chosen], "weight": totals[chosen]})
    )
    found = engine.arrow(
        f"SELECT t.pair, t.pattern, w.weight FROM {table} t JOIN {table}_weights w "
        "ON w.pattern = t.pattern ORDER BY t.pair"
    )
    engine.drop(f"{table}_weights")
    pair = found["pair"].to_numpy()
    scored = Scored(
        pair // PAIR_BASE, pair % PAIR_BASE, found["pattern"].to_numpy(), found["weight"].to_numpy()
    )
    return int(counts.sum()), scored


def _ordered(some: Scored, more: Scored) -> Scored:
    left = np.concatenate([some.left, more.left])
    right = np.concatenate([some.right, more.right])
    order = np.lexsort((right, left))
    return Scored(
        left[order],
        right[order],
        np.concatenate([some.pattern, more.pattern])[order],
        np.concatenate([some.weight, more.weight])[order],
    )


def _missing_pairs(labels: NDArray[np.int64], scored: Scored) -> NDArray[np.int64]:
    """The pairs inside small components that nobody looked at, or whose weight was forgotten."""
    sizes = np.bincount(labels, minlength=len(labels))[labels]
    nodes = np.flatnonzero((sizes > 2) & (sizes <= CLOSED))
    nodes = nodes[np.argsort(labels[nodes], kind="stable")]
    if not len(nodes):
        return nodes
    starts = np.flatnonzero(np.r_[True, np.diff(labels[nodes]) != 0])
    lengths = np.diff(np.r_[starts, len(nodes)])
    found = []
    for length in np.unique(lengths):
        i, j = np.triu_indices(length, 1)
        block = nodes[starts[lengths == length][:, None] + np.arange(length)[None, :]]
        found.append((block[:, i] * PAIR_BASE + block[:, j]).ravel())
    return np.setdiff1d(np.concatenate(found), scored.left * PAIR_BASE + scored.right)
