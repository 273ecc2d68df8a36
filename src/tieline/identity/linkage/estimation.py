"""How much each outcome weighs: learned from the pairs themselves, starting from stated beliefs.

Expectation-maximisation over the patterns of outcomes (Winkler 1988, "Using the EM Algorithm for
Weight Computation in the Fellegi-Sunter Model"). The population is every pair of rows: the
candidate pairs exactly, the rest represented by a random sample. Stated beliefs enter as
pseudo-pairs (a Dirichlet prior), so that a list of a hundred rows is judged by experience and a
list of a hundred thousand by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tieline.identity.linkage.comparison import MOST_BITS, Comparison, LinkageModel
from tieline.identity.linkage.value_shares import Commonness

BELIEF_IN_M = 200.0
"""The stated m of a field counts like this many pairs that mean the same."""
BELIEF_IN_U = 1e-4
"""The stated u counts like this share of all pairs (and at least 50 pairs)."""
ROUNDS = 10
DIGIT = 16
"""A pattern is a number with one hexadecimal digit a field: the outcome's code."""


@dataclass(frozen=True)
class Parameters:
    """A trained model: per field the m and u of each outcome, and the share of pairs that match.

    `taught` are the bits by which people's answers move the weight of each outcome, `taught_prior`
    those for the prior (see `teaching`); `labels` answers did so, the last numbered `last_label`.
    `shares` is how common the values were that the rows were compared by.
    """

    entity: str
    match_share: float
    m: dict[str, list[float]] = field(default_factory=dict)
    u: dict[str, list[float]] = field(default_factory=dict)
    rows: int = 0
    taught: dict[str, list[float]] = field(default_factory=dict)
    taught_prior: float = 0.0
    labels: int = 0
    last_label: int = 0
    shares: dict[str, Commonness] = field(default_factory=dict)

    def weights(self, model: LinkageModel) -> list[NDArray[np.float64]]:
        """Per field, the weight in bits of each code (0 for unknown)."""
        return [
            _weights(
                comparison,
                np.array(self.m[comparison.field]),
                np.array(self.u[comparison.field]),
                self.taught.get(comparison.field),
            )
            for comparison in model.comparisons
        ]

    @property
    def prior(self) -> float:
        """The weight in bits of knowing nothing: log2 of the odds that any two rows match."""
        return float(np.log2(self.match_share / (1 - self.match_share))) + self.taught_prior


def stated(model: LinkageModel, rows: int) -> Parameters:
    """The parameters of a model that learns nothing."""
    assert model.match_share is not None
    return Parameters(
        entity=model.entity,
        match_share=model.match_share,
        m={c.field: [o.m for o in c.outcomes] for c in model.comparisons},
        u={c.field: [o.u for o in c.outcomes] for c in model.comparisons},
        rows=rows,
    )


def digits(patterns: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The codes of each pattern, one column a field."""
    return np.stack([(patterns >> (4 * i)) & (DIGIT - 1) for i in range(count)], axis=1)


def estimate(
    model: LinkageModel,
    rows: int,
    candidates: tuple[NDArray[np.int64], NDArray[np.int64]],
    sample: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Parameters:
    """Learn m, u and the share of matches from pattern counts.

    `candidates` and `sample` are (patterns, counts); the sample holds pairs that are no candidates.
    """
    total = max(rows * (rows - 1) / 2, 1.0)
    inside = float(candidates[1].sum())
    outside = max(total - inside, 0.0)
    drawn = float(sample[1].sum())
    scale = outside / drawn if drawn else 0.0
    patterns = np.concatenate([candidates[0], sample[0]])
    counts = np.concatenate([candidates[1].astype(float), sample[1] * scale])
    codes = digits(patterns, len(model.comparisons))
    beliefs_m = [_belief([o.m for o in c.outcomes]) for c in model.comparisons]
    beliefs_u = [_belief([o.u for o in c.outcomes]) for c in model.comparisons]
    m, u = beliefs_m, beliefs_u
    share = min(0.5, 0.3 * max(rows, 1) / total)
    for _ in range(ROUNDS):
        odds = np.full(len(patterns), np.log2(share / (1 - share)))
        for i, (comparison, mi, ui) in enumerate(zip(model.comparisons, m, u, strict=True)):
            odds += _weights(comparison, mi, ui)[codes[:, i]]
        matches = counts / (1 + np.exp2(-np.clip(odds, -500, 500)))
        # what the sample stands for matches rarely; its extrapolated matches would be noise
        matches[len(candidates[0]) :] = 0.0
        share = float(np.clip((matches.sum() + 0.1) / (total + 1), 1e-12, 0.5))
        weight_u = max(50.0, BELIEF_IN_U * total)
        m = _bounded(model, _update(codes, matches, beliefs_m, BELIEF_IN_M), "m")
        u = _bounded(model, _update(codes, counts - matches, beliefs_u, weight_u), "u")
    fields = model.fields()
    return Parameters(
        entity=model.entity,
        match_share=float(f"{share:.6g}"),
        m={f: [float(f"{x:.6g}") for x in mi] for f, mi in zip(fields, m, strict=True)},
        u={f: [float(f"{x:.6g}") for x in ui] for f, ui in zip(fields, u, strict=True)},
        rows=rows,
    )


def _weights(
    comparison: Comparison,
    m: NDArray[np.float64],
    u: NDArray[np.float64],
    taught: list[float] | None = None,
) -> NDArray[np.float64]:
    """The weight in bits of each code, 0 for unknown; answers do not move it past its bounds."""
    most = np.array([outcome.bits_at_most for outcome in comparison.outcomes])
    found = np.clip(np.log2(m / u), -MOST_BITS, most)
    if taught:
        found = np.clip(found + np.array(taught), -MOST_BITS, most)
    return np.concatenate([[0.0], found])


def _bounded(
    model: LinkageModel,
    learned: list[NDArray[np.float64]],
    side: str,
) -> list[NDArray[np.float64]]:
    """Hold stated outcomes at what is stated, and m below its bound."""
    for comparison, shares in zip(model.comparisons, learned, strict=True):
        for i, outcome in enumerate(comparison.outcomes):
            if outcome.stated:
                shares[i] = outcome.m if side == "m" else outcome.u
            elif side == "m":
                shares[i] = min(shares[i], outcome.m_at_most)
    return learned


def _belief(shares: list[float]) -> NDArray[np.float64]:
    stated = np.array(shares, dtype=float)
    result: NDArray[np.float64] = stated / stated.sum()
    return result


def _update(
    codes: NDArray[np.int64],
    counts: NDArray[np.float64],
    beliefs: list[NDArray[np.float64]],
    strength: float,
) -> list[NDArray[np.float64]]:
    updated = []
    for i, belief in enumerate(beliefs):
        seen = np.bincount(codes[:, i], weights=counts, minlength=len(belief) + 1)[1:]
        mixed = seen + strength * belief
        updated.append(mixed / mixed.sum())
    return updated
