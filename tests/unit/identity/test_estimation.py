"""What is learned from pairs, and what is not moved however many pairs say otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.identity.linkage.comparison import (
    MOST_BITS,
    Comparison,
    Level,
    LinkageModel,
    otherwise,
)
from tieline.identity.linkage.estimation import Parameters, digits, estimate

MAIL = Comparison(
    "mail", "true", (Level("same", "true", m=0.6, u=1e-4),), otherwise("other", m=0.4, u=1.0)
)
NAME = Comparison(
    "name",
    "true",
    (Level("same", "true", m=0.9, u=1e-3, bits_at_most=6.0),),
    otherwise("other", m=0.1, u=1.0, m_at_most=0.12),
)
CITY = Comparison(
    "city",
    "true",
    (Level("same", "true", m=0.7, u=0.1, stated=True),),
    otherwise("other", m=0.3, u=0.9),
)
MODEL = LinkageModel("things", (MAIL, NAME, CITY), ())


def pattern(*codes: int) -> int:
    return sum(code << (4 * place) for place, code in enumerate(codes))


def learned(rows: int, found: dict[tuple[int, ...], int]) -> Parameters:
    """What `MODEL` learns from counts of outcomes (mail, name, city) among candidate pairs."""
    patterns = np.array([pattern(*codes) for codes in found])
    counts = np.array(list(found.values()))
    apart = np.array([pattern(2, 2, 2)]), np.array([1000])
    return estimate(MODEL, rows, (patterns, counts), apart)


# Pairs that share the mail but, unlike what is believed, nearly never the name, and often the city.
ODD = {(1, 1, 1): 300, (1, 2, 1): 600, (2, 2, 2): 100}


def times(number: int) -> dict[tuple[int, ...], int]:
    return {codes: count * number for codes, count in ODD.items()}


def test_stated_outcomes_are_not_moved():
    found = learned(100_000, times(100))
    assert found.m["city"][0] == 0.7
    assert found.u["city"][0] == 0.1


def test_bounds_hold_against_any_data():
    found = learned(100_000, times(100))
    assert found.m["name"][1] <= 0.12
    name = found.weights(MODEL)[1]
    assert np.log2(found.m["name"][0] / found.u["name"][0]) > 6.0
    assert name[1] == 6.0
    assert all(abs(weight) <= MOST_BITS for of_field in found.weights(MODEL) for weight in of_field)


def test_unknown_weighs_nothing():
    assert [of_field[0] for of_field in learned(1000, ODD).weights(MODEL)] == [0.0, 0.0, 0.0]


def test_a_hundred_rows_are_judged_by_belief_and_a_hundred_thousand_by_themselves():
    # All pairs that match have the same mail; believed are six in ten.
    same = {(1, 1, 1): 10}
    small = learned(100, same).m["mail"][0]
    large = learned(100_000, {(1, 1, 1): 50_000}).m["mail"][0]
    assert small == pytest.approx(0.6, abs=0.03)
    assert large > 0.99


def test_more_rows_make_a_match_of_any_two_less_likely():
    assert learned(100_000, {(1, 1, 1): 100}).prior < learned(1000, {(1, 1, 1): 100}).prior < 0


@pytest.mark.parametrize("rows", [0, 1, 2])
@pytest.mark.filterwarnings("error")
def test_a_list_with_nothing_to_compare_is_learned_from_without_harm(rows):
    nothing = np.array([], dtype=np.int64)
    found = estimate(MODEL, rows, (nothing, nothing), (nothing, nothing))
    assert found.m["mail"] == pytest.approx([0.6, 0.4])
    assert np.isfinite(found.prior)


@given(st.lists(st.integers(0, 15), min_size=1, max_size=13))
def test_a_pattern_holds_the_outcome_of_every_field(codes):
    assert digits(np.array([pattern(*codes)]), len(codes)).tolist() == [codes]
