"""Intervals hold as often as they say, and what was bought teaches the next prediction."""

from __future__ import annotations

import numpy as np
import pytest

from tieline.decisions.offer_estimates import (
    Share,
    of_purchases,
    of_sample,
    rate,
    sites_reached,
)


@pytest.mark.parametrize(("size", "sampled"), [(2_000, 100), (2_000, 400), (500, 450), (300, 20)])
@pytest.mark.parametrize("part", [0.3, 1.0])
def test_nine_of_ten_intervals_hold_the_truth(size, sampled, part):
    dice = np.random.default_rng(7)
    held = 0
    for share in dice.beta(1.5, 4.0, 400):
        truth = dice.permutation(np.arange(size) < round(share * size))
        bought = dice.permutation(truth)[: int(part * size)].sum()
        seen = int(truth[:sampled].sum())
        said = of_sample(seen, sampled).count(int(part * size), size)
        assert said.low <= said.mean <= said.high
        held += said.low <= bought <= said.high
    assert held / 400 >= 0.87


def test_a_list_that_was_shown_whole_is_known():
    said = of_sample(30, 100).count(100, 100)
    assert (said.mean, said.low, said.high) == (30, 30, 30)


def test_a_vendor_whose_samples_promised_too_much_is_believed_less():
    fresh = of_sample(40, 100)
    once = of_sample(40, 100, [-1.0])
    often = of_sample(40, 100, [-1.0] * 6)
    assert fresh.mean > once.mean > often.mean > 0.2
    assert once.interval().high - once.interval().low > fresh.interval().high - fresh.interval().low
    assert often.interval().high < once.interval().high


def test_learning_brings_predictions_nearer_to_what_comes():
    """Vendors differ in how much their samples promise; with each purchase the error shrinks."""
    dice = np.random.default_rng(3)
    errors = {bought: [] for bought in (0, 1, 4)}
    for _ in range(300):
        bias = dice.normal(-0.7, 0.3)
        for bought, found in errors.items():
            odds = dice.normal(-0.5, 0.6)
            seen = dice.binomial(200, 1 / (1 + np.exp(-odds)))
            truth = 1 / (1 + np.exp(-odds - bias - dice.normal(0, 0.2)))
            biases = list(bias + dice.normal(0, 0.25, bought))
            found.append(abs(of_sample(int(seen), 200, biases).mean - truth))
    means = [np.mean(errors[bought]) for bought in (0, 1, 4)]
    assert means[0] > means[1] > means[2]


def test_without_a_sample_the_vendors_own_lists_count_more_than_others():
    purchases = [(400, 1000), (50, 1000), (60, 1000)]
    own = of_purchases([(400, 1000)], purchases)
    other = of_purchases([], purchases)
    assert own.mean > other.mean
    assert other.interval().high > other.mean
    with pytest.raises(ValueError, match="nothing was ever bought"):
        of_purchases([], [])


def test_none_and_all_leave_doubt():
    assert 0 < of_sample(0, 20).mean < 0.05
    assert of_sample(20, 20).interval().low > 0.8
    assert Share(0.0, 0.0).interval().high > 0.9
    assert rate(0, 0) is None
    assert rate(3, 100).low < 0.03 < rate(3, 100).high


@pytest.mark.parametrize(("people", "sites"), [(0, 10), (5, 0), (1, 1), (50, 100), (500, 20)])
def test_people_reach_no_more_sites_than_there_are(people, sites):
    reached = sites_reached(people, sites)
    assert 0 <= reached <= min(people, sites)


def test_people_who_fall_on_sites_at_random():
    dice = np.random.default_rng(1)
    found = [len(set(dice.integers(0, 100, 80))) for _ in range(500)]
    assert sites_reached(80, 100) == pytest.approx(np.mean(found), rel=0.02)
