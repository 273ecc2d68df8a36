"""Laws of concentration: what holds of any spread over companies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.metrics import inequality

AMOUNTS = st.lists(st.integers(1, 50), min_size=1, max_size=40)


def spread(amounts):
    values, counts = np.unique(np.array(amounts, dtype=np.float64), return_counts=True)
    return values, counts.astype(np.float64)


def measured(amounts):
    values, counts = spread(amounts)
    return (
        float(inequality.gini(values, counts)),
        float(inequality.herfindahl(values, counts)),
        float(inequality.effective_companies(values, counts)),
        float(inequality.top_share(values, counts, 3)),
    )


@settings(deadline=None)
@given(AMOUNTS)
def test_they_are_what_their_definitions_say(amounts):
    x = np.sort(np.array(amounts, dtype=np.float64))
    apart = np.abs(x[:, None] - x[None, :]).sum() / (2 * len(x) ** 2 * x.mean())
    shares = x / x.sum()
    expected = (apart, (shares**2).sum(), 1 / (shares**2).sum(), np.sort(shares)[-3:].sum())
    assert measured(amounts) == pytest.approx(expected)


@settings(deadline=None)
@given(AMOUNTS)
def test_shares_stay_shares(amounts):
    gini, herfindahl, effective, top = measured(amounts)
    assert 0 <= gini < 1
    assert 1 / len(amounts) <= herfindahl + 1e-9 <= 1 + 2e-9
    assert 1 <= effective + 1e-9 <= len(amounts) + 2e-9
    assert 0 < top <= 1 + 1e-9


@settings(deadline=None)
@given(AMOUNTS, st.integers(2, 5))
def test_more_of_the_same_is_as_concentrated(amounts, times):
    assert measured([one * times for one in amounts]) == pytest.approx(measured(amounts))
    assert measured(amounts * times)[0] == pytest.approx(measured(amounts)[0])


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(1, 40))
def test_equal_companies_are_not_concentrated(amount, many):
    gini, herfindahl, effective, _ = measured([amount] * many)
    assert gini == pytest.approx(0, abs=1e-12)
    assert herfindahl == pytest.approx(1 / many)
    assert effective == pytest.approx(many)


def test_one_company_has_all_and_no_inequality():
    assert measured([7]) == pytest.approx((0, 1, 1, 1))


@settings(deadline=None)
@given(AMOUNTS.filter(lambda amounts: len(amounts) > 1))
def test_an_interval_holds_its_value_and_is_the_same_again(amounts):
    values, counts = spread(amounts)
    low, high = inequality.interval(inequality.gini, values, counts)
    assert low <= measured(amounts)[0] <= high
    assert (low, high) == inequality.interval(inequality.gini, values, counts)


def test_the_interval_of_the_gini_holds_the_truth_as_often_as_told():
    rng = np.random.default_rng(5)
    # Geometric amounts with p = 0.3 have a Gini coefficient of (1 - p) / (2 - p) = 0.41 in the end.
    inside = 0
    for _ in range(200):
        low, high = inequality.interval(inequality.gini, *spread(rng.geometric(0.3, 300)))
        inside += low <= 0.7 / 1.7 <= high
    assert inside / 200 >= 0.9
