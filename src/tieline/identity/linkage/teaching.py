"""What labelled pairs teach: by how many bits each outcome weighs more or less than learned.

The weights learned from the data take the fields for independent. Where they are not, answers of
people tell: penalised logistic regression of the answers on the outcomes, with the learned weight
as offset (Hosmer, Lemeshow and Sturdivant 2013, "Applied Logistic Regression"; the penalty is a
normal prior around the learned weight). Unlike shares among matches, this is not led astray by the
pairs having been chosen by their weight, as a review queue chooses them: it speaks of the answer
given the outcomes. On the generated world (20,000 records) it raised F1 of contacts from .978 to
.984 with 830 answers, where counting the answers among the matches stopped at .980.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tieline.identity.linkage.comparison import LinkageModel
from tieline.identity.linkage.estimation import Parameters, digits
from tieline.identity.linkage.scoring import FORBIDDEN

BELIEF_BITS = 1.0
"""How far from the learned weight the truth is believed to lie, as a standard deviation in bits:
a few answers move little, hundreds what they say."""
ROUNDS = 50
SMALLEST_STEP = 1e-9
MOST_ODDS = 40.0
"""Weights are held to this many bits while fitting: beyond, an answer teaches nothing."""


@dataclass(frozen=True)
class Lessons:
    """Labelled pairs: the pattern of each, whether it is the same, and the number of its label."""

    patterns: NDArray[np.int64]
    same: NDArray[np.bool_]
    numbers: NDArray[np.int64]

    def part(self, chosen: NDArray[np.bool_]) -> Lessons:
        """Some of them."""
        return Lessons(self.patterns[chosen], self.same[chosen], self.numbers[chosen])

    def __len__(self) -> int:
        return len(self.patterns)


def teach(model: LinkageModel, learned: Parameters, lessons: Lessons) -> Parameters:
    """The parameters with what the labelled pairs teach, instead of what others taught before."""
    plain = untaught(learned)
    # Hard evidence stays hard: an answer against it is kept as a judgement and moves no weight.
    lessons = lessons.part(weigh(model, plain, lessons) > FORBIDDEN / 2)
    if not len(lessons):
        return plain
    # In one order, so that the last digit does not hang on when which question was answered.
    order = np.lexsort((lessons.same, lessons.patterns))
    lessons = Lessons(lessons.patterns[order], lessons.same[order], lessons.numbers[order])
    outcomes = [len(comparison.outcomes) for comparison in model.comparisons]
    moved = _fitted(_design(outcomes, lessons.patterns), weigh(model, plain, lessons), lessons.same)
    ends = np.cumsum(outcomes)
    return replace(
        plain,
        taught={
            field: [round(float(bits), 4) for bits in part]
            for field, part in zip(model.fields(), np.split(moved[:-1], ends[:-1]), strict=True)
        },
        taught_prior=round(float(moved[-1]), 4),
        labels=len(lessons),
        last_label=int(lessons.numbers.max()),
    )


def untaught(parameters: Parameters) -> Parameters:
    """The parameters as the data alone gave them."""
    return replace(parameters, taught={}, taught_prior=0.0, labels=0, last_label=0)


def weigh(model: LinkageModel, parameters: Parameters, lessons: Lessons) -> NDArray[np.float64]:
    """The weight of each labelled pair in bits, prior included."""
    codes = digits(lessons.patterns, len(model.comparisons))
    total = np.full(len(lessons), parameters.prior)
    for place, (comparison, weights) in enumerate(
        zip(model.comparisons, parameters.weights(model), strict=True)
    ):
        for code, outcome in enumerate(comparison.outcomes, start=1):
            if outcome.forbids:
                weights[code] = FORBIDDEN
        total += weights[codes[:, place]]
    return total


def probabilities(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + 2^-weight)."""
    result: NDArray[np.float64] = 1 / (1 + np.exp2(-np.clip(weights, -MOST_ODDS, MOST_ODDS)))
    return result


def _design(outcomes: list[int], patterns: NDArray[np.int64]) -> NDArray[np.float64]:
    """One row a pair: a 1 for the outcome of each field that is known, and one for the prior."""
    codes = digits(patterns, len(outcomes))
    starts = np.concatenate([[0], np.cumsum(outcomes)[:-1]])
    rows = np.zeros((len(patterns), sum(outcomes) + 1))
    for place, start in enumerate(starts):
        known = np.flatnonzero(codes[:, place])
        rows[known, start + codes[known, place] - 1] = 1.0
    rows[:, -1] = 1.0
    return rows


def _fitted(
    rows: NDArray[np.float64], offset: NDArray[np.float64], same: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The most likely bits to add to each outcome (Newton's method; the problem is convex)."""
    nats = np.log(2)
    held = np.clip(offset, -MOST_ODDS, MOST_ODDS)
    belief = np.eye(rows.shape[1]) / BELIEF_BITS**2
    bits = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chance = probabilities(held + rows @ bits)
        slope = nats * rows.T @ (same - chance) - belief @ bits
        bend = nats**2 * (rows.T * (chance * (1 - chance))) @ rows + belief
        step = np.linalg.solve(bend, slope)
        bits = bits + step
        if np.abs(step).max() < SMALLEST_STEP:
            break
    return bits
