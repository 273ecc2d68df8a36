"""What is on no list: estimates hold the truth as often as they say, or say why they cannot."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.metrics.capture.assumptions import OTHERS, choose, copied, doubts_of_two
from tieline.metrics.capture.histories import Histories
from tieline.metrics.capture.many_lists import chao_bound, log_linear
from tieline.metrics.capture.two_lists import chapman

NAMES = "abcdefgh"


def draw(rng, many, shares, *, uneven=0.0, copy=None):
    """Capture histories of `many` things on lists with these shares.

    `uneven` is how far things differ in how easily they are listed (the deviation of the log odds);
    `copy` = (one, other, share) puts that share of one list on the other, too.
    """
    odds = np.log(np.array(shares) / (1 - np.array(shares)))
    ease = rng.normal(0, uneven, (many, 1)) if uneven else np.zeros((many, 1))
    on = rng.random((many, len(shares))) < 1 / (1 + np.exp(-(odds + ease)))
    if copy:
        one, other, share = copy
        on[:, other] |= on[:, one] & (rng.random(many) < share)
    counts = Counter((on * (1 << np.arange(len(shares)))).sum(1).tolist())
    counts.pop(0, None)
    return Histories(tuple(NAMES[: len(shares)]), dict(counts))


def held(many, shares, estimate, runs=200, **how):
    """In how many runs, 0 to 1, the interval holds the truth, and the mean estimate."""
    rng = np.random.default_rng(7)
    found = [estimate(draw(rng, many, shares, **how)) for _ in range(runs)]
    inside = sum(one.low <= many <= one.high for one in found) / runs
    return inside, sum(one.total for one in found) / runs


@pytest.mark.parametrize(("many", "shares"), [(500, (0.3, 0.2)), (2_000, (0.5, 0.1))])
def test_two_independent_lists(many, shares):
    inside, mean = held(many, shares, chapman)
    assert inside >= 0.92
    assert mean == pytest.approx(many, rel=0.02)


@pytest.mark.parametrize("shares", [(0.3, 0.2, 0.4), (0.1, 0.05, 0.3, 0.1, 0.1)])
@pytest.mark.parametrize("estimate", [chao_bound, lambda h: log_linear(h).estimate])
def test_many_independent_lists(shares, estimate):
    inside, mean = held(1_000, shares, estimate)
    assert inside >= 0.92
    assert mean == pytest.approx(1_000, rel=0.02)


def test_a_copied_list_is_seen_and_taken_into_account():
    inside, mean = held(1_000, (0.3, 0.2, 0.4), lambda h: log_linear(h).estimate, copy=(0, 1, 0.6))
    assert inside >= 0.9
    assert mean == pytest.approx(1_000, rel=0.03)
    one = draw(np.random.default_rng(1), 2_000, (0.3, 0.05, 0.4), copy=(0, 1, 0.9))
    assert [pair[:2] for pair in copied(one)] == [("a", "b")]


def test_unequal_sites_are_seen_and_the_bound_stays_below():
    rng = np.random.default_rng(3)
    drawn = [draw(rng, 1_000, (0.3, 0.2, 0.4), uneven=1.0) for _ in range(50)]
    assert sum(log_linear(one).uneven for one in drawn) >= 40
    assert all(chao_bound(one).total < 1_000 for one in drawn)
    equal = [draw(rng, 1_000, (0.3, 0.2, 0.4)) for _ in range(50)]
    assert sum(log_linear(one).uneven for one in equal) <= 5


def groups(*rows):
    return {(frozenset(lists), place): many for lists, place, many in rows}


def two(found):
    return choose(found).histories


def test_too_little_overlap_is_said():
    found = groups(("a", "DE", 90), ("b", "DE", 80), ("ab", "DE", 5))
    assert "Too little overlap: 5" in doubts_of_two(two(found), found)


def test_a_list_drawn_from_another_is_said():
    found = groups(("a", "DE", 90), ("ab", "DE", 60), ("b", "DE", 1))
    assert "drawn from the other" in doubts_of_two(two(found), found)


def test_lists_that_reach_countries_unalike_are_said():
    found = groups(
        ("a", "DE", 400), ("b", "DE", 60), ("ab", "DE", 20),
        ("a", "FR", 60), ("b", "FR", 400), ("ab", "FR", 20),
    )  # fmt: skip
    assert "do not reach everywhere alike" in doubts_of_two(two(found), found)


def test_nothing_speaks_against_two_good_lists():
    found = groups(("a", "DE", 100), ("b", "DE", 80), ("ab", "DE", 40))
    assert doubts_of_two(two(found), found) == ""


def test_small_and_narrow_lists_are_joined():
    found = groups(
        (("crm",), "DE", 100), (("crm",), "FR", 100), (("dach",), "DE", 60), (("fr",), "FR", 60),
        (("crm", "dach"), "DE", 40), (("crm", "fr"), "FR", 40), (("tiny",), "DE", 3),
    )  # fmt: skip
    choice = choose(found)
    assert choice.histories.lists == ("crm", OTHERS)
    assert choice.notes == (f"{OTHERS} are dach, fr, tiny",)
    assert choice.histories.both(0, 1) == 80


def test_a_contained_list_is_left_out_where_a_third_shows_it():
    rng = np.random.default_rng(2)
    on = rng.random((2_000, 3)) < (0.3, 0.0, 0.4)
    on[:, 1] = on[:, 0] & (rng.random(2_000) < 0.4)
    found = Counter(
        (frozenset(np.array(list("abc"))[row].tolist()), "DE") for row in on if row.any()
    )
    choice = choose(found)
    assert choice.histories.lists == ("c", "a")
    assert "looks drawn from a: b" in choice.notes[-1]


HISTORIES = st.dictionaries(st.integers(1, 7), st.integers(0, 40), min_size=1).map(
    lambda counts: Histories(("a", "b", "c"), counts)
)


@settings(deadline=None)
@given(HISTORIES)
def test_no_estimate_is_below_what_was_seen(histories):
    found = [chapman(histories), chao_bound(histories)]
    model = log_linear(histories)
    for one in [*found, model.estimate if model else None]:
        if one is not None:
            assert histories.seen <= one.low <= one.total <= one.high or one.total <= histories.seen


@settings(deadline=None)
@given(HISTORIES, st.permutations([0, 1, 2]))
def test_the_order_of_the_lists_does_not_matter(histories, order):
    moved = Histories(
        histories.lists,
        {
            sum(1 << order[place] for place in range(3) if history >> place & 1): many
            for history, many in histories.counts.items()
        },
    )
    one, other = chao_bound(histories), chao_bound(moved)
    assert (one is None) == (other is None)
    if one is not None:
        assert one.total == pytest.approx(other.total, rel=1e-4, abs=1e-3)
