"""Where a group comes apart first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.identity.linkage.doubts import MICRO, UNSEEN, weakest_cuts

Pairs = list[tuple[int, int, int]]


def bits(*pairs: tuple[int, int, float]) -> Pairs:
    return [(a, b, round(weight * MICRO)) for a, b, weight in pairs]


def weakest_cut(size: int, pairs: Pairs) -> tuple[set[int], float]:
    """The smaller side and the weight of one group's cut; another group beside must not matter."""
    beside = [(a + size, b + size, weight) for a, b, weight in bits((0, 1, 1.5))]
    one, other, weight = np.array([*pairs, *beside], dtype=np.int64).T
    cuts = weakest_cuts(np.array([0] * size + [1, 1]), one, other, weight)
    assert cuts.weight[1] == 1.5
    first = set(np.flatnonzero(cuts.first[:size]).tolist())
    return min(first, set(range(size)) - first, key=lambda side: (len(side), sorted(side))), float(
        cuts.weight[0]
    )


def test_two_rows_come_apart_between_them():
    assert weakest_cut(2, bits((0, 1, 3.5))) == ({0}, 3.5)


def test_two_tight_clusters_come_apart_at_the_bridge():
    pairs = bits(
        *[(a, b, 12.0) for a, b in ((0, 1), (0, 2), (1, 2), (3, 4))],
        (2, 3, 5.0),
        *[(a, b, -4.0) for a, b in ((0, 3), (0, 4), (1, 3), (1, 4), (2, 4))],
    )
    side, weight = weakest_cut(5, pairs)
    assert side == {3, 4}
    assert weight == pytest.approx((5 - 4 * 5) / 6)


def test_the_mean_decides_and_not_the_weakest_link():
    # Row 2 hangs on the weaker link, but all evidence is for it; row 3 has some against it.
    pairs = bits((0, 1, 9), (0, 2, 5), (1, 2, 5), (0, 3, 6), (1, 3, -6), (2, 3, -6))
    assert weakest_cut(4, pairs) == ({3}, -2.0)


def test_pairs_nobody_looked_at_speak_a_little_against():
    assert weakest_cut(3, bits((0, 1, 9), (1, 2, 8)))[1] == pytest.approx((8 + UNSEEN) / 2)


def test_rows_that_no_evidence_connects_have_no_weakest_link():
    assert np.isnan(weakest_cut(4, bits((0, 1, 9), (2, 3, 9)))[1])


def test_no_groups_have_no_cuts():
    none = np.array([], dtype=np.int64)
    assert len(weakest_cuts(none, none, none, none).weight) == 0


@given(st.integers(2, 7), st.data())
def test_a_cut_has_two_sides_and_does_not_hang_on_the_order_of_the_pairs(size, data):
    weight = st.integers(-12 * MICRO, 12 * MICRO)
    pairs = [(a, b, data.draw(weight)) for a in range(size) for b in range(a + 1, size)]
    side, mean = weakest_cut(size, pairs)
    assert 0 < len(side) < size
    assert weakest_cut(size, data.draw(st.permutations(pairs))) == (side, mean)


@given(st.integers(2, 3), st.data())
def test_of_up_to_three_rows_no_division_is_weaker(size, data):
    weight = st.integers(-12 * MICRO, 12 * MICRO)
    pairs = [(a, b, data.draw(weight)) for a in range(size) for b in range(a + 1, size)]
    _, mean = weakest_cut(size, pairs)
    for alone in range(size):
        against = [w for a, b, w in pairs if alone in (a, b)]
        assert mean <= sum(against) / len(against) / MICRO + 1e-9
