"""Leaks are found by their traces; points are learned, measured honestly, or refused."""

from pathlib import Path

import numpy as np
import pytest

from tieline.actions import lead_draft
from tieline.actions.lead_backtest import backtest, most_telling, simulate
from tieline.actions.lead_cases import read_cases
from tieline.actions.lead_lint import lint
from tieline.actions.lead_plan import plan
from tieline.errors import TielineError
from tieline.insight import scorecard_learning as learning
from tieline.insight.lead_cases import Cases, Column
from tieline.insight.lead_leaks import leaks, wilson
from tieline.insight.scorecard_bins import binned
from tieline.workspace import Workspace
from tieline.workspace.scorecards import path_of

DATA = Path(__file__).parents[4] / "shared" / "data"
LEADS = DATA / "x_education_leads" / "Leads.csv"
DEALS = DATA / "salvirt_b2b_sales" / "Salvirt_B2B_ML_dataset.csv"
WRITTEN_LATER = {
    "tags", "lead_quality", "last_notable_activity", "asymmetrique_activity_index",
    "asymmetrique_profile_index", "asymmetrique_activity_score", "asymmetrique_profile_score",
}  # fmt: skip


def market(count, seed=3):
    """Leads whose chance depends on size and source, and on nothing else."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(4, 1, count).round()
    source = rng.choice(["fair", "web", "list"], count)
    logit = 0.8 * (np.log(size) - 4) + np.where(source == "fair", 1.0, -0.5)
    won = (rng.random(count) < 1 / (1 + np.exp(-logit))).astype(float)
    columns = {
        "size": Column("size", [f"{one:g}" for one in size], size),
        "source": Column("source", list(source)),
        "noise": Column("noise", list(rng.choice(["a", "b", "c"], count))),
    }
    return columns, won


def cases(columns, won):
    return Cases(columns, won, [str(n) for n in range(len(won))])


def test_honest_columns_are_no_leaks():
    assert leaks(cases(*market(2_000))) == []


def test_every_trace_of_the_outcome_is_found():
    columns, won = market(2_000)
    rng = np.random.default_rng(7)
    good = won > 0.5
    verdict = [rng.choice(["hot", "warm"]) if w else rng.choice(["dead", "warm"]) for w in good]
    reason = [None if w or rng.random() < 0.3 else "price" for w in good]
    told = np.where(rng.random(2_000) < 0.02, ~good, good)
    spells = [str(rng.integers(9)) if n < 900 else None for n in range(2_000)]
    last = list(rng.choice(["mail", "call", "chat", "visit"], 2_000))
    later = ["modified" if rng.random() < 0.3 else one for one in last]
    columns |= {
        "verdict": Column("verdict", verdict),
        "lost_because": Column("lost_because", reason),
        "told": Column("told", [None if rng.random() < 0.2 else str(one) for one in told]),
        "spells": Column("spells", spells),
        "last": Column("last", last),
        "later": Column("later", later),
    }
    found = {leak.column: leak.trace for leak in leaks(cases(columns, won))}
    assert found == {
        "verdict": "verdict", "lost_because": "after", "told": "verdict", "spells": "spells",
        "later": "overwritten",
    }  # fmt: skip


def test_the_points_follow_the_evidence_and_are_as_good_as_a_regression():
    columns, won = market(3_000)
    found = learning.proposed(list(columns.values()), won)
    source = next(n for n, one in enumerate(found.bins) if one.name == "source")
    fair, web = (found.points(source, found.bins[source].of_values[n]) for n in ("fair", "web"))
    # 1.5 in the log-odds are 21.6 points, where 10 points are twice the odds.
    assert 17 <= fair - web <= 26
    tested = learning.tested(cases(columns, won), [])
    points, regression = (learning.measured(name, one) for name, one in tested.items())
    assert points.auc[0] > regression.auc[0] - 0.02
    assert points.auc[1] < points.auc[0] < points.auc[2]
    assert points.calibration < 0.05
    assert points.lift[0] > 1.3


def test_where_nothing_tells_the_outcome_the_interval_holds_a_half():
    columns, _ = market(800)
    won = (np.random.default_rng(5).random(800) < 0.4).astype(float)
    told = learning.measured("x", learning.tested(cases(columns, won), [])["proposed points"])
    assert told.auc[1] < 0.5 < told.auc[2]


def test_rows_written_twice_are_never_on_both_sides():
    same = [str(n // 2) for n in range(200)]
    found = learning.folds(same)
    assert all(found[n] == found[n + 1] for n in range(0, 200, 2))


def test_past_leads_of_which_nothing_tells_the_outcome_are_no_fault(tmp_path):
    file = tmp_path / "same.csv"
    rows = [f"{n},x,{'Won' if n % 2 else 'Lost'}" for n in range(200)]
    file.write_text("\n".join(["id,source,Status", *rows]), "utf-8")
    workspace = Workspace.create(tmp_path / "w")
    with pytest.raises(TielineError) as caught:
        lead_draft.from_cases(workspace, "deals", file, "Status", won="Won")
    assert caught.value.code == "nothing_told"
    path = path_of(workspace, "deals")
    path.write_text(
        'product = "x"\n[thresholds]\nmarketing_qualified = 1\nsales_accepted = 2\n'
        f'sales_qualified = 3\n[cases]\nfile = "{file}"\noutcome = "Status"\nwon = "Won"\n'
        'order = "id"\n[criteria.source]\ngroup = "attributes"\nfield = "cases.source"\n'
        "values = { x = 5 }\n",
        "utf-8",
    )
    found = backtest(workspace, "deals", by="source")
    assert [one.name for one in found.measured] == ["this scorecard"]
    assert found.measured[0].auc[0] == 0.5
    assert [part.cases for part in found.segments] == [200]
    assert most_telling(workspace, "deals")[1][0].reasons == ()
    assert plan(workspace, "deals").auc is None
    assert len(simulate(workspace, "deals", 1.0, 10.0).rows) >= 1


def test_too_few_outcomes_are_refused():
    columns, _ = market(99)
    assert "too few" in learning.too_few(cases(columns, np.ones(99)))
    few = np.zeros(500)
    few[:29] = 1
    assert "29 of them won" in learning.too_few(cases({}, few))
    few[:30] = 1
    assert learning.too_few(cases({}, few)) == ""


def test_neighbouring_bands_that_tell_the_same_are_one():
    numbers = np.arange(1_000.0)
    won = (np.random.default_rng(1).random(1_000) < np.where(numbers < 500, 0.2, 0.6)) * 1.0
    found = binned(Column("n", [str(n) for n in numbers], numbers), won)
    assert len(found.of_bands) == 2
    assert 450 <= found.edges[0] <= 550


def test_wilson_is_as_published():
    # Newcombe (1998), table 1: 81 of 263 and 1 of 29.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=1e-4)


@pytest.mark.skipif(not LEADS.is_file(), reason="the real leads are not here")
def test_leaking_columns_of_real_leads_are_found_and_no_others():
    told = read_cases(LEADS, "Converted")
    assert {leak.column for leak in leaks(told)} == WRITTEN_LATER


@pytest.mark.skipif(not LEADS.is_file(), reason="the real leads are not here")
def test_a_scorecard_of_real_leads_that_uses_a_leak_is_not_fit(tmp_path):
    workspace = Workspace.create(tmp_path / "w")
    done = lead_draft.from_cases(workspace, "courses", LEADS, "Converted")
    assert {leak.column for leak in done.left_out} == WRITTEN_LATER
    path = path_of(workspace, "courses")
    more = (
        '\n[criteria.tags]\ngroup = "attributes"\nfield = "cases.tags"\n'
        "values = { ringing = -30 }\ncollected_by = { inside_sales = 0.9 }\n"
    )
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    found = [
        (one.code, one.criterion) for one in lint(workspace, "courses") if one.level == "error"
    ]
    assert found == [("leak", "tags")]
    path.write_text(path.read_text("utf-8") + "known_before_outcome = true\n", "utf-8")
    assert not [one for one in lint(workspace, "courses") if one.level == "error"]
    path.write_text(path.read_text("utf-8").replace("cases.tags", "cases.tgs"), "utf-8")
    with pytest.raises(TielineError, match=r"Did you mean 'cases\.tags'"):
        lint(workspace, "courses")


@pytest.mark.skipif(not DEALS.is_file(), reason="the real deals are not here")
def test_a_scorecard_of_real_deals_is_as_good_as_a_regression(tmp_path):
    workspace = Workspace.create(tmp_path / "w")
    lead_draft.from_cases(workspace, "deals", DEALS, "Status", won="Won")
    found = backtest(workspace, "deals")
    past = found.past
    assert (len(past.cases.won), past.cases.won.sum(), past.leaking) == (448, 227, ())
    by_name = {one.name: one for one in found.measured}
    points, regression = by_name["proposed points"], by_name["logistic regression"]
    assert points.auc[0] > 0.75
    assert points.auc[0] > regression.auc[0] - 0.02
    shares = [one.precision[0] for one in found.passed]
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("outcome", "won", "said"),
    [
        ("Statsu", "Won", "Did you mean 'status'"),
        ("Status", "Gewonnen", "nothing to tell apart"),
    ],
)
def test_an_outcome_that_is_not_there_is_told(tmp_path, outcome, won, said):
    file = tmp_path / "deals.csv"
    rows = [f"{n},fair,{'Won' if n % 2 else 'Lost'}" for n in range(40)]
    file.write_text("\n".join(["id,source,Status", *rows]), "utf-8")
    with pytest.raises(TielineError, match=said):
        read_cases(file, outcome, won)
    with pytest.raises(TielineError, match="too few"):
        lead_draft.from_cases(Workspace.create(tmp_path / "w"), "deals", file, "Status", won="Won")
