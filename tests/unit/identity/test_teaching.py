"""What answers teach, how they are held out, and what bounds them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.identity.linkage.calibration import FOLDS, folds, judged, worse_than_chance
from tieline.identity.linkage.comparison import Comparison, Level, LinkageModel, otherwise
from tieline.identity.linkage.estimation import Parameters
from tieline.identity.linkage.teaching import Lessons, probabilities, teach, weigh

NAME = Comparison(
    "name",
    "true",
    (Level("same", "true", m=0.9, u=0.01, bits_at_most=7.0),),
    otherwise("other", m=0.1, u=0.99),
)
TOWN = Comparison(
    "town", "true", (Level("same", "true", m=0.5, u=0.05),), otherwise("other", m=0.5, u=0.95)
)
FATHER = Comparison(
    "generation",
    "true",
    (Level("same", "true", m=0.9, u=0.5),),
    otherwise("father and son", m=0.1, u=0.5, forbids=True),
)
MODEL = LinkageModel("things", (NAME, TOWN, FATHER), ())
LEARNED = Parameters(
    "things",
    match_share=0.01,
    m={"name": [0.9, 0.1], "town": [0.5, 0.5], "generation": [0.9, 0.1]},
    u={"name": [0.01, 0.99], "town": [0.05, 0.95], "generation": [0.5, 0.5]},
    rows=100,
)
SAME_NAME, SAME_TOWN_TOO, FORBIDDEN = 0x001, 0x011, 0x201


def lessons(*answers: tuple[int, bool]) -> Lessons:
    return Lessons(
        np.array([pattern for pattern, _ in answers], dtype=np.int64),
        np.array([same for _, same in answers]),
        np.arange(1, len(answers) + 1),
    )


def chance(parameters: Parameters, pattern: int) -> float:
    return float(probabilities(weigh(MODEL, parameters, lessons((pattern, True))))[0])


def test_without_answers_nothing_moves_and_earlier_lessons_are_forgotten():
    once = teach(MODEL, LEARNED, lessons(*[(SAME_TOWN_TOO, False)] * 9))
    assert once != LEARNED
    assert once.labels == once.last_label == 9
    assert teach(MODEL, once, lessons()) == LEARNED


def test_few_answers_move_little_and_many_what_they_say():
    believed = chance(LEARNED, SAME_TOWN_TOO)
    assert believed > 0.8
    few = chance(teach(MODEL, LEARNED, lessons((SAME_TOWN_TOO, False))), SAME_TOWN_TOO)
    many = chance(teach(MODEL, LEARNED, lessons(*[(SAME_TOWN_TOO, False)] * 300)), SAME_TOWN_TOO)
    assert believed > few > 0.5
    assert many < 0.05


def test_answers_about_one_outcome_speak_of_that_outcome():
    # Of those with one name half are the same, in one town or not: the town says nothing.
    answers = [(p, same) for p in (SAME_NAME, SAME_TOWN_TOO) for same in (True, False)] * 100
    taught = teach(MODEL, LEARNED, lessons(*answers))
    gap = weigh(MODEL, taught, lessons((SAME_TOWN_TOO, True), (SAME_NAME, True)))
    assert abs(gap[0] - gap[1]) < 1.0
    before = weigh(MODEL, LEARNED, lessons((SAME_TOWN_TOO, True), (SAME_NAME, True)))
    assert before[0] - before[1] > 3.0


def test_answers_do_not_pass_bounds_and_hard_evidence_stays_hard():
    taught = teach(MODEL, LEARNED, lessons(*[(SAME_NAME, True)] * 500))
    assert taught.weights(MODEL)[0][1] <= 7.0
    assert taught.weights(MODEL)[0][2] <= 0.0
    assert teach(MODEL, LEARNED, lessons(*[(FORBIDDEN, True)] * 500)) == LEARNED
    assert chance(taught, FORBIDDEN) < 1e-9


@given(st.permutations([(SAME_NAME, True), (SAME_NAME, False), (SAME_TOWN_TOO, False)]))
def test_the_order_of_answers_does_not_matter(answers):
    taught = teach(MODEL, LEARNED, lessons(*answers))
    other = teach(MODEL, LEARNED, lessons(*sorted(answers)))
    assert taught == other


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("ijklmnop")), min_size=1))
def test_pairs_that_share_a_record_are_held_out_together(found):
    left, right = [a for a, _ in found], [b for _, b in found]
    parts = folds(left, right)
    of_record: dict[str, set[int]] = {}
    for a, b, part in zip(left, right, parts.tolist(), strict=True):
        of_record.setdefault(a, set()).add(part)
        of_record.setdefault(b, set()).add(part)
    assert all(len(seen) == 1 for seen in of_record.values())
    assert set(parts.tolist()) <= set(range(FOLDS))


def test_judged_counts_right_and_wrong_and_how_sure():
    said = np.array([0.97, 0.9, 0.6, 0.1, 0.1, 1.0])
    same = np.array([True, False, True, False, True, True])
    found = judged(said, same, 0.5)
    assert (found.precision, found.recall) == (0.75, 0.75)
    assert found.brier == pytest.approx((0.03**2 + 0.81 + 0.16 + 0.01 + 0.81) / 6)
    assert [(low, high, pairs, share) for low, high, pairs, _, share in found.reliability] == [
        (0.05, 0.2, 2, 0.5),
        (0.6, 0.8, 1, 1.0),
        (0.8, 0.95, 1, 0.0),
        (0.95, 1.0, 2, 1.0),
    ]


def test_nothing_judged_as_the_same_has_no_precision():
    found = judged(np.array([0.1, 0.2]), np.array([False, False]), 0.5)
    assert np.isnan(found.precision)
    assert np.isnan(found.recall)


def test_worse_is_said_only_beyond_chance():
    same = np.array([True, False] * 50)
    good = np.where(same, 0.9, 0.1)
    bad = np.where(same, 0.4, 0.6)
    assert worse_than_chance(good, bad, same)
    assert not worse_than_chance(bad, good, same)
    assert not worse_than_chance(good, good, same)
    assert not worse_than_chance(good[:6], bad[:6], same[:6])
