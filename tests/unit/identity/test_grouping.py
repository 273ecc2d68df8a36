"""From pairs to groups: no chains, no forbidden pair inside, nothing depends on the order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.identity.linkage.clustering import components, contract
from tieline.identity.linkage.grouping import Scored, group
from tieline.identity.linkage.scoring import FORBIDDEN

Pair = tuple[int, int, float]


def scored(pairs: list[Pair]) -> Scored:
    """Pairs as scoring hands them on: each once, the smaller node first, in order."""
    listed = sorted((min(a, b), max(a, b), weight) for a, b, weight in pairs)
    left, right, weight = zip(*listed, strict=True) if listed else ((), (), ())
    return Scored(
        np.array(left, dtype=np.int64),
        np.array(right, dtype=np.int64),
        np.array(weight, dtype=float),
    )


def groups(size: int, pairs: list[Pair]) -> list[int]:
    return group(size, scored(pairs), 0.9).tolist()


def test_a_chain_is_cut_at_its_weakest_link():
    chain = [(0, 1, 10.0), (1, 2, 4.0), (2, 3, 10.0), (0, 2, -8.0), (0, 3, -8.0), (1, 3, -8.0)]
    assert groups(4, chain) == [0, 0, 2, 2]


def test_a_pair_never_compared_speaks_a_little_against():
    assert groups(3, [(0, 1, 8.0), (1, 2, 5.0), (0, 2, -6.0)]) == [0, 0, 2]
    assert contract({0: 1, 1: 1, 2: 1}, [(0, 1, 8.0, 1), (1, 2, 5.0, 1)]) == {0: 0, 1: 0, 2: 0}
    assert contract({0: 1, 1: 1, 2: 9}, [(0, 1, 8.0, 1), (1, 2, 5.0, 1)])[2] == 2


def test_agreement_of_most_outweighs_one_doubt():
    assert groups(3, [(0, 1, 9.0), (1, 2, 9.0), (0, 2, -3.0)]) == [0, 0, 0]


def test_a_pair_below_the_probability_joins_nothing():
    # 0.9 is 3.17 bits.
    assert groups(2, [(0, 1, 3.1)]) == [0, 1]
    assert groups(2, [(0, 1, 3.2)]) == [0, 0]


def test_what_is_certain_is_not_questioned_by_many_small_doubts():
    certain = [(0, 1, 25.0)]
    doubts = [(0, n, 5.0) for n in (2, 3, 4)] + [(1, n, -11.0) for n in (2, 3, 4)]
    labels = groups(5, certain + doubts + [(2, 3, 6.0), (3, 4, 6.0), (2, 4, 6.0)])
    assert labels[0] == labels[1] == 0
    assert labels[2] != 0


def test_hard_evidence_is_stronger_than_certainty():
    assert groups(3, [(0, 1, 30.0), (1, 2, 30.0), (0, 2, FORBIDDEN)]) in ([0, 0, 2], [0, 1, 1])


def test_components_are_labelled_by_their_smallest_node():
    left, right = np.array([5, 4, 1]), np.array([3, 5, 2])
    assert components(7, left, right).tolist() == [0, 1, 1, 3, 3, 3, 6]


@st.composite
def pairs_of(draw: st.DrawFn) -> tuple[int, list[Pair]]:
    """A few rows and pairs among them, no two of the same weight, so that there are no ties."""
    size = draw(st.integers(2, 9))
    every = [(a, b) for a in range(size) for b in range(a + 1, size)]
    chosen = draw(st.lists(st.sampled_from(every), unique=True, max_size=len(every)))
    # Powers of two apart: no two sums of them are equal either.
    noise = [2.0**-n for n in range(1, len(chosen) + 1)]
    steps = draw(st.lists(st.integers(-9, 11), min_size=len(chosen), max_size=len(chosen)))
    forbidden = draw(st.lists(st.booleans(), min_size=len(chosen), max_size=len(chosen)))
    return size, [
        (a, b, FORBIDDEN if no and step < -5 else step + tiny)
        for (a, b), step, tiny, no in zip(chosen, steps, noise, forbidden, strict=True)
    ]


@settings(deadline=None, max_examples=150)
@given(pairs_of(), st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing(case, random):
    size, pairs = case
    shuffled = [(b, a, w) if random.random() < 0.5 else (a, b, w) for a, b, w in pairs]
    random.shuffle(shuffled)
    assert groups(size, shuffled) == groups(size, pairs) == groups(size, pairs)


@settings(deadline=None, max_examples=150)
@given(pairs_of())
def test_a_group_holds_no_forbidden_pair_and_is_named_by_its_smallest_node(case):
    size, pairs = case
    labels = groups(size, pairs)
    for a, b, weight in pairs:
        assert weight != FORBIDDEN or labels[a] != labels[b]
    for node, label in enumerate(labels):
        assert label <= node
        assert labels[label] == label


@settings(deadline=None, max_examples=150)
@given(pairs_of(), st.randoms(use_true_random=False))
def test_other_names_for_the_nodes_give_the_same_groups(case, random):
    size, pairs = case
    # Sums are rounded to 1e-6 and forbidden pairs all weigh the same; neither may tie here.
    pairs = [p for p in pairs[:15] if p[2] != FORBIDDEN]
    renamed = list(range(size))
    random.shuffle(renamed)
    before = groups(size, pairs)
    after = groups(size, [(renamed[a], renamed[b], w) for a, b, w in pairs])
    for a in range(size):
        for b in range(size):
            assert (before[a] == before[b]) == (after[renamed[a]] == after[renamed[b]])


@pytest.mark.parametrize("weight", [-5.0, 2.0])
def test_rows_without_a_strong_pair_stay_alone(weight):
    assert groups(3, [(0, 1, weight)]) == [0, 1, 2]
    assert groups(3, []) == [0, 1, 2]
