"""What past deals teach: a known effect is found, and where there is none, that is said."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.engine.duck import DuckEngine
from tieline.engine.graph import compute
from tieline.insight import models
from tieline.insight import outlook_learning as learning

BY_NAME = {model.name: model for model in models()}
COLUMNS = {
    "case_id": pa.string(), "account_id": pa.string(), "known_before": pa.date32(),
    "won": pa.bool_(), "employees": pa.float64(), "industry": pa.string(),
    "won_before": pa.int64(), "contacts": pa.int64(), "decision_maker": pa.int64(),
    "influencer": pa.int64(), "user": pa.int64(), "finance": pa.int64(),
    "procurement": pa.int64(), "others": pa.int64(), "responses": pa.int64(),
    "stage_rank": pa.float64(),
}  # fmt: skip


def cases(count, *, of_mix, of_size, seed=5):
    """Deals whose chance depends on buyers among ten people, and on size, as strongly as said."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        buyers, employees = int(rng.integers(0, 11)), float(rng.integers(5, 5000))
        score = of_mix * (buyers - 5) / 3 + of_size * (np.log(employees) - 7)
        rows.append(
            {
                "case_id": f"O{number:05d}",
                "account_id": f"A{number // 2:05d}",
                "known_before": date(2024, 1, 1) + timedelta(days=number),
                "won": bool(rng.random() < 1 / (1 + np.exp(-score))),
                "employees": employees,
                "industry": None,
                "won_before": 0,
                "contacts": 10,
                **dict.fromkeys(("influencer", "user", "finance", "procurement"), 0),
                "decision_maker": buyers,
                "others": 10 - buyers,
                "responses": 0,
                "stage_rank": 0.0,
            }
        )
    return rows


def learned(rows):
    """The tables outlook_models and outlook_chances of these cases."""
    with DuckEngine(threads=1) as engine:
        schema = pa.schema(list(COLUMNS.items()))
        engine.load("outlook_cases", pa.Table.from_pylist(rows, schema=schema))
        for name in ("outlook_models", "outlook_chances"):
            compute(BY_NAME[name], engine, {})
        told = engine.arrow("SELECT * FROM outlook_models").to_pylist()
        return told, engine.arrow("SELECT * FROM outlook_chances").to_pylist()


def today(account, buyers):
    row = cases(1, of_mix=0, of_size=0)[0]
    return {**row, "case_id": account, "account_id": account, "won": None, "decision_maker": buyers,
            "others": 10 - buyers, "employees": 100.0}  # fmt: skip


def test_an_effect_of_the_mix_is_found_and_used():
    rows = [*cases(400, of_mix=1.5, of_size=0.3), today("A-many", 9), today("A-few", 1)]
    told, chances = learned(rows)
    mix = next(
        row
        for row in told
        if row["features"] == learning.WITH_MIX and row["validation"] == "other accounts"
    )
    assert mix["gain_low"] > 0
    assert "mix adds to the firmographics" in mix["says"]
    by_account = {row["account_id"]: row["chance"] for row in chances}
    assert by_account["A-many"] > 0.7
    assert by_account["A-few"] < 0.3


def test_where_the_mix_says_nothing_the_table_says_so():
    told, _ = learned(cases(400, of_mix=0, of_size=1.0))
    mix = next(
        row
        for row in told
        if row["features"] == learning.WITH_MIX and row["validation"] == "other accounts"
    )
    assert "adds nothing certain over the firmographics" in mix["says"]
    assert {row["features"] for row in told if row["is_used"]} == {learning.FIRMOGRAPHICS}


def test_guessing_gives_no_chances():
    told, chances = learned([*cases(400, of_mix=0, of_size=0), today("A", 5)])
    assert not any(row["is_used"] for row in told)
    assert all("may be guessing" in row["says"] for row in told if row["auc_low"] <= 0.5)
    assert chances == []


def test_few_deals_teach_nothing_and_the_table_says_how_many_are_needed():
    told, chances = learned([*cases(99, of_mix=2, of_size=0), today("A", 5)])
    (row,) = told
    assert "too few to learn from; 100 are needed" in row["says"]
    assert chances == []


def test_a_model_is_not_tested_on_accounts_it_saw():
    """Two deals of an account have one outcome by an unseen cause: seeing one gives the other."""
    rows = cases(400, of_mix=0, of_size=0)
    for number, row in enumerate(rows):
        row["employees"] = float(number // 2)
        row["won"] = (number // 2 * 7919) % 2 == 0
    found = learning.cross_validated(rows, learning.FIRMOGRAPHICS)
    assert found.auc(found.won * 0 + 1) == pytest.approx(0.5, abs=0.1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 3)), min_size=1))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    won = [(chance, weight) for chance, is_won, weight in rows if is_won]
    lost = [(chance, weight) for chance, is_won, weight in rows if not is_won]
    pairs = [((0.5 if a == b else float(a > b)), v * w) for a, v in won for b, w in lost if v * w]
    expected = sum(s * w for s, w in pairs) / sum(w for _, w in pairs) if pairs else 0.5
    columns = (np.array([float(row[n]) for row in rows]) for n in range(3))
    assert learning.auc(*columns) == pytest.approx(expected)
