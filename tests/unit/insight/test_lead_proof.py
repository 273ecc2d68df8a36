"""Periods, segments, calibration, disagreements and thresholds on leads whose truth is known."""

import numpy as np
import pytest

from tieline.insight import lead_parts
from tieline.insight.lead_cases import Cases, Column, Scored
from tieline.insight.outlook_learning import Learned
from tieline.insight.points_compared import APART, NEITHER, OPPOSITE, SAME, compared, disagreements
from tieline.insight.scorecard_bins import binned
from tieline.insight.threshold_simulation import months, simulated
from tieline.metrics.scorecard import Criterion, Scorecard


def cases_of(columns, won, came=()):
    return Cases(columns, np.array(won, float), [str(n) for n in range(len(won))], came)


def learned(chances, won):
    same = [str(n) for n in range(len(won))]
    return Learned(np.array(chances, float), np.array(won, float), same, np.zeros(len(won), int))


def test_periods_are_years_where_there_are_three_and_else_fifths():
    won = [0, 1] * 5
    assert lead_parts.periods(cases_of({}, won)) == []
    days = [f"20{20 + n // 4}-05-0{1 + n % 4}" for n in range(10)]
    told = {name: list(rows) for name, rows in lead_parts.periods(cases_of({}, won, days))}
    assert told == {"2020": [0, 1, 2, 3], "2021": [4, 5, 6, 7], "2022": [8, 9]}
    told = lead_parts.periods(cases_of({}, won, [str(n) for n in range(10)]))
    assert [(name, len(rows)) for name, rows in told][:2] == [("0 to 1", 2), ("2 to 3", 2)]


def test_segments_are_values_the_frequent_first_and_numbers_quarters():
    told = lead_parts.segments(Column("x", ["b", "a", "b", None]))
    assert [(name, list(rows)) for name, rows in told] == [
        ("b", [0, 2]), ("a", [1]), ("unknown", [3]),
    ]  # fmt: skip
    many = lead_parts.segments(Column("x", [f"v{n:02}" for n in range(40)]))
    assert len(many) == lead_parts.MOST_PARTS
    assert many[-1][0] == "all others"
    assert sum(len(rows) for _, rows in many) == 40
    numbers = np.arange(100.0)
    quarters = lead_parts.segments(Column("n", [f"{n:g}" for n in numbers], numbers))
    assert [len(rows) for _, rows in sorted(quarters, key=lambda one: one[1][0])] == [
        25,
        25,
        25,
        25,
    ]


def test_a_part_with_too_few_outcomes_tells_its_size_only():
    rng = np.random.default_rng(4)
    won = (rng.random(400) < 0.5).astype(float)
    found = learned(won * 0.5 + rng.random(400), won)
    large, small = lead_parts.measured(
        [("large", np.arange(300)), ("small", np.arange(300, 399))], found
    )
    assert large.auc[1] < large.auc[0] < large.auc[2]
    assert large.share[1] < large.won / 300 < large.share[2]
    assert (small.cases, small.auc, small.lift) == (99, None, None)


def test_each_tenth_tells_what_was_predicted_and_what_was_won():
    score = np.arange(1_000.0)
    chances = (score // 100 + 0.5) / 10
    won = (np.arange(1_000) % 100 < np.round(chances * 100)).astype(float)
    tenths = list(lead_parts.tenths(learned(chances, won), score))
    assert [one.cases for one in tenths] == [100] * 10
    assert [one.lowest for one in tenths] == [100.0 * n for n in range(10)]
    assert all(one.predicted == pytest.approx(one.share[0]) for one in tenths)


def card(*names):
    criteria = tuple(Criterion(name, "attributes", field=f"cases.{name}") for name in names)
    stages = (("marketing_qualified", 3.0), ("sales_accepted", 5.0), ("sales_qualified", 8.0))
    return Scorecard("x", "x", criteria, stages, cases="x.csv")


@pytest.fixture(scope="module")
def judged():
    """Size and need decide; the scorecard has the size upside down, and a colour beside them."""
    rng = np.random.default_rng(9)
    size, need, colour = (rng.choice(["yes", "no"], 1_500) for _ in range(3))
    logit = np.where(size == "yes", 1.2, -1.2) + np.where(need == "yes", 0.7, -0.7)
    won = (rng.random(1_500) < 1 / (1 + np.exp(-logit))).astype(float)
    columns = {
        name: Column(name, list(values))
        for name, values in (("size", size), ("need", need), ("colour", colour))
    }
    points = {
        "size": np.where(size == "yes", -10.0, 0.0),
        "need": np.where(need == "yes", 8.0, 0.0),
        "colour": np.where(colour == "yes", 1.0, 0.0),
    }
    told = Scored(card("size", "need", "colour"), points, {}, won)
    cases = cases_of(columns, won)
    return cases, told, {name: (name,) for name in columns}


def test_criteria_that_point_against_the_data_are_named(judged):
    found = {one.criterion: one for one in compared(*judged, [])}
    assert found["size"].verdict == OPPOSITE
    assert found["need"].verdict == SAME
    assert found["colour"].verdict in (NEITHER, APART, SAME)
    assert found["size"].together == pytest.approx(-1.0)
    left_out = {one.criterion: one.verdict for one in compared(*judged, ["size"])}
    assert left_out["size"] == NEITHER


def test_the_most_telling_cases_are_those_judged_upside_down(judged):
    cases, _, _ = judged
    found = disagreements(*judged, [])
    assert len(found) == 10
    gaps = [abs(one.agreed_rank - one.data_rank) for one in found]
    assert gaps == sorted(gaps, reverse=True)
    for one in found:
        first = one.reasons[0]
        assert first.criterion == "size"
        assert first.seen == cases.columns["size"].texts[one.case]
        assert (first.agreed > first.data) == (one.agreed_rank > one.data_rank)
        assert one.data_was_right == (one.won == (one.data_rank > one.agreed_rank))


def test_thresholds_tell_leads_good_ones_hours_and_the_best_for_the_capacity():
    score = np.arange(1.0, 11.0)
    won = [0, 0, 0, 1, 0, 0, 1, 1, 1, 1]
    stages = (("marketing_qualified", 4.5),)
    rows = simulated(cases_of({}, won), score, stages, hours=2.0, capacity=9.0)
    by_points = {one.points: one for one in rows}
    assert [one.points for one in rows] == sorted(by_points)
    at = by_points[4.5]
    assert (at.named, at.leads, at.good, at.found, at.hours) == (
        "marketing_qualified", 6, 4, 0.8, 12.0,
    )  # fmt: skip
    assert at.precision[1] < 4 / 6 < at.precision[2]
    best = next(one for one in rows if one.is_best)
    assert best.hours <= 9.0
    assert all(one.hours > 9.0 for one in rows if one.points < best.points)
    none = simulated(cases_of({}, won), score, stages, hours=2.0, capacity=1.0)
    assert not any(one.is_best for one in none)


def test_where_days_are_known_the_hours_are_those_of_a_month():
    days = [f"2026-{1 + n // 2:02}-{1 + 14 * (n % 2):02}" for n in range(8)]
    cases = cases_of({}, [0, 1] * 4, days)
    spanned = months(cases)
    assert spanned == pytest.approx(105 / 30.4375)
    lowest = simulated(cases, np.arange(8.0), (), hours=3.0, capacity=None)[0]
    assert lowest.a_month == pytest.approx(8 / spanned)
    assert lowest.hours == pytest.approx(24 / spanned)
    assert months(cases_of({}, [0, 1], ["2026-01-01", ""])) is None


def test_bands_go_one_way_where_a_step_back_may_be_chance():
    rng = np.random.default_rng(3)
    numbers = np.repeat(np.arange(8.0), 150)
    # It rises, with a step back that chance may well make.
    shares = np.array([0.10, 0.15, 0.40, 0.28, 0.45, 0.60, 0.62, 0.80])
    won = np.concatenate([np.arange(150) < 150 * share for share in shares]).astype(float)
    told = binned(Column("n", [f"{n:g}" for n in numbers], numbers), won)
    assert list(told.of_bands) == sorted(told.of_bands)
    assert len(told.of_bands) >= 3
    # None at all means something else than few: the dip is far too deep for chance.
    many = np.repeat(np.arange(8.0), 1_000)
    shares = np.array([0.5, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    won = (rng.random(8_000) < np.repeat(shares, 1_000)).astype(float)
    told = binned(Column("n", [f"{n:g}" for n in many], many), won)
    assert told.of_bands[0] > told.of_bands[1]
    assert list(told.of_bands[1:]) == sorted(told.of_bands[1:])
