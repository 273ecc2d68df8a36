"""Where a group comes apart first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.identity.linkage.doubts import MICRO, UNSEEN, weakest_cut

Pairs = list[tuple[int, int, int]]


def bits(*pairs: tuple[int, int, float]) -> Pairs:
    return [(a, b, round(weight * MICRO)) for a, b, weight in pairs]


def test_two_rows_come_apart_between_them():
    cut = weakest_cut(2, bits((0, 1, 3.5)))
    assert cut is not None
    assert (len(cut.first), cut.weight) == (1, 3.5)


def test_two_tight_clusters_come_apart_at_the_bridge():
    pairs = bits(
        *[(a, b, 12.0) for a, b in ((0, 1), (0, 2), (1, 2), (3, 4))],
        (2, 3, 5.0),
        *[(a, b, -4.0) for a, b in ((0, 3), (0, 4), (1, 3), (1, 4), (2, 4))],
    )
    cut = weakest_cut(5, pairs)
    assert cut is not None
    assert set(cut.first) in ({0, 1, 2}, {3, 4})
    assert cut.weight == pytest.approx((5 - 4 * 5) / 6)


def test_the_mean_decides_and_not_the_weakest_link():
    # Row 2 hangs on the weaker link, but all evidence is for it; row 3 has some against it.
    pairs = bits((0, 1, 9), (0, 2, 5), (1, 2, 5), (0, 3, 6), (1, 3, -6), (2, 3, -6))
    cut = weakest_cut(4, pairs)
    assert cut is not None
    assert set(cut.first) in ({3}, {0, 1, 2})


def test_pairs_nobody_looked_at_speak_a_little_against():
    cut = weakest_cut(3, bits((0, 1, 9), (1, 2, 9)))
    assert cut is not None
    assert cut.weight == pytest.approx((9 + UNSEEN) / 2)


def test_rows_that_no_evidence_connects_have_no_weakest_link():
    assert weakest_cut(4, bits((0, 1, 9), (2, 3, 9))) is None
    assert weakest_cut(1, []) is None


@given(st.integers(2, 7), st.data())
def test_a_cut_has_two_sides_and_does_not_hang_on_the_order_of_the_pairs(size, data):
    weight = st.integers(-12 * MICRO, 12 * MICRO)
    pairs = [(a, b, data.draw(weight)) for a in range(size) for b in range(a + 1, size)]
    cut = weakest_cut(size, pairs)
    assert cut is not None
    assert 0 < len(cut.first) < size
    assert weakest_cut(size, data.draw(st.permutations(pairs))) == cut
