"""The pairs of rows worth knowing of, and how strongly each says "the same" or "not the same"."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tieline.engine.tables import Engine
from tieline.identity.linkage.candidates import candidates
from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.estimation import Parameters, digits, estimate
from tieline.identity.linkage.workbench import Workbench

SAMPLE = 100_000
"""Pairs drawn for all those nobody looks at; the error of a share of 1 % is then 0.03 %."""
SEED = 20_110_301
LEAST = -6.0
"""Bits below which a pair is forgotten, unless it stands inside a group."""
FORBIDDEN = -1000.0
"""The weight of a pair with hard evidence against it."""
PAIR = "left_node, right_node"


def bits(probability: float) -> float:
    """The weight in bits of a probability: log2 of its odds."""
    return float(np.log2(probability / (1 - probability)))


@dataclass(frozen=True)
class Job:
    """What is compared: the table `rows(node BIGINT, ...)` by a model.

    Nodes are all different and not negative. `features` names a table of facts about pairs
    `(left_node, right_node, ...)`, `f` in conditions; its pairs are looked at whatever blocks say.
    """

    engine: Engine
    rows: str
    model: LinkageModel
    features: str | None = None

    def propose(self, into: str) -> None:
        """Create the table `into(left_node, right_node)` of all pairs to look at."""
        candidates(self.engine, self.rows, self.model.blocks, into)
        if self.features:
            told = f"SELECT {PAIR} FROM {into} UNION SELECT {PAIR} FROM {self.features}"
            self.engine.create(into, told)

    def compare(self, pairs: str, into: str) -> None:
        """Create `into(left_node, right_node, pattern)` of a table of pairs."""
        code = " + ".join(
            f"(({comparison.code()})::BIGINT << {4 * i})"
            for i, comparison in enumerate(self.model.comparisons)
        )
        sides = (
            f"JOIN {self.rows} l ON l.node = p.left_node "
            f"JOIN {self.rows} r ON r.node = p.right_node"
        )
        if self.model.measures:
            measures = ", ".join(f"{sql} AS {name}" for name, sql in self.model.measures)
            pairs = f"(SELECT p.left_node, p.right_node, {measures} FROM {pairs} p {sides})"
        facts = (
            f"LEFT JOIN {self.features} f "
            "ON f.left_node = p.left_node AND f.right_node = p.right_node"
            if self.features
            else ""
        )
        self.engine.create(
            into,
            f"SELECT p.left_node, p.right_node, {code} AS pattern FROM {pairs} p {sides} {facts}",
        )

    def judge(self, compared: str, into: str, parameters: Parameters, least: float = LEAST) -> int:
        """Create `into(left_node, right_node, pattern, weight)` of a table of compared pairs.

        Pairs below `least` bits are left out. Returns how many were judged.
        """
        patterns, counts = self.counts(compared)
        codes = digits(patterns, len(self.model.comparisons))
        weights = np.full(len(patterns), parameters.prior)
        of_fields = parameters.weights(self.model)
        for i, (of_field, comparison) in enumerate(
            zip(of_fields, self.model.comparisons, strict=True)
        ):
            for code, outcome in enumerate(comparison.outcomes, start=1):
                if outcome.forbids:
                    of_field[code] = FORBIDDEN
            weights += of_field[codes[:, i]]
        chosen = weights >= least
        told = pa.table({"pattern": patterns[chosen], "weight": weights[chosen]})
        self.engine.load(f"{into}_weights", told)
        self.engine.create(
            into,
            f"SELECT t.left_node, t.right_node, t.pattern, w.weight FROM {compared} t "
            f"JOIN {into}_weights w ON w.pattern = t.pattern",
        )
        self.engine.drop(f"{into}_weights")
        return int(counts.sum())

    def counts(self, compared: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The different patterns of compared pairs, and how many pairs have each."""
        found = self.engine.arrow(
            f"SELECT pattern, count(*) AS n FROM {compared} GROUP BY 1 ORDER BY 1"
        )
        return found["pattern"].to_numpy(), found["n"].to_numpy()

    def near(self, bench: Workbench, pairs: str) -> Job:
        """The same job on only those rows that a table of pairs names."""
        named = f"SELECT left_node FROM {pairs} UNION SELECT right_node FROM {pairs}"
        rows = bench.create("near", f"FROM {self.rows} WHERE node IN ({named})")
        return replace(self, rows=rows)


def learned(job: Job, size: int, compared: str, bench: Workbench) -> Parameters:
    """The parameters of a job, learned from all its compared pairs and a sample of the others."""
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, max(size, 1), size=(2, min(SAMPLE, size * size)))
    left, right = drawn.min(axis=0), drawn.max(axis=0)
    places = np.unique(np.stack([left, right])[:, left < right], axis=1)
    nodes = job.engine.arrow(f"SELECT node FROM {job.rows} ORDER BY node")["node"].to_numpy()
    every = pa.table({"left_node": nodes[places[0]], "right_node": nodes[places[1]]})
    others = bench.create(
        "others",
        f"SELECT {PAIR} FROM {bench.load('drawn', every)} ANTI JOIN {compared} USING ({PAIR})",
    )
    job.compare(others, f"{others}_seen")
    found = estimate(job.model, size, job.counts(compared), job.counts(f"{others}_seen"))
    job.engine.drop(f"{others}_seen")
    return found
