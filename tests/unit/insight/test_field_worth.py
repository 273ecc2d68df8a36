"""What a field is worth is told where the truth is known by construction."""

import numpy as np
import pytest

from tieline.insight.field_verdicts import ASK, BUY, DROP, INFER, planned
from tieline.insight.field_worth import Worth, worths
from tieline.insight.lead_cases import Cases, Column
from tieline.insight.lead_resamples import Resamples, difference
from tieline.insight.outlook_learning import Learned, auc, interval

NOTHING = (0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def found():
    """Leads won by need and size; the sector says the size, a number of employees says it, too."""
    rng = np.random.default_rng(11)
    size = rng.choice(["small", "middle", "large"], 4_000)
    need = rng.choice(["yes", "no"], 4_000)
    logit = np.select([size == "large", size == "small"], [1.2, -1.2], 0.0)
    logit = logit + np.where(need == "yes", 1.0, -1.0)
    won = (rng.random(4_000) < 1 / (1 + np.exp(-logit))).astype(float)
    told = np.where(rng.random(4_000) < 0.97, size, rng.choice(["small", "middle", "large"], 4_000))
    columns = {
        "size": Column("size", list(size)),
        "sector": Column("sector", [f"{one} works" for one in told]),
        "need": Column("need", [one if rng.random() < 0.6 else None for one in need]),
        "noise": Column("noise", list(rng.choice(["a", "b", "c"], 4_000))),
        "same": Column("same", ["x"] * 4_000),
    }
    cases = Cases(columns, won, [str(n) for n in range(4_000)])
    whole, told = worths(cases, list(columns))
    return whole, {one.field: one for one in told}


def test_what_decides_costs_accuracy_and_what_says_nothing_does_not(found):
    whole, told = found
    assert whole[1] > 0.7
    assert set(told) == {"size", "sector", "need", "noise"}
    assert told["need"].cost[1] > 0.03
    assert told["noise"].cost[2] < 0.005
    assert told["need"].filled == pytest.approx(0.6, abs=0.05)


def test_a_field_that_another_tells_can_be_inferred_and_one_that_none_tells_cannot(found):
    _, told = found
    assert told["size"].right > 0.95
    assert told["size"].usual < 0.4
    assert told["size"].inferred[2] < 0.01
    assert told["need"].right < 0.65
    # To guess it costs more than not to know it.
    assert told["need"].inferred[0] > 0.03


def verdict(worth, filled=0.5, seller="", askers="marketing 80%", required_for=""):
    done = planned(
        "f", ("c",), filled, worth, seller=seller, askers=askers, required_for=required_for
    )
    return done.verdict, done.why


def test_the_verdict_follows_the_stated_limits():
    useless = Worth("f", 0.5, (0.001, -0.001, 0.004), (0.0, 0.0, 0.01), 0.5, 0.4)
    told = Worth("f", 0.5, (0.02, 0.01, 0.03), (0.001, 0.0, 0.004), 0.96, 0.6)
    needed = Worth("f", 0.5, (0.02, 0.01, 0.03), (0.03, 0.02, 0.04), 0.5, 0.4)
    unsure = Worth("f", 0.5, (0.01, -0.01, 0.03), (0.03, 0.02, 0.04), 0.5, 0.4)
    assert verdict(useless)[0] == DROP
    assert verdict(told)[0] == INFER
    assert verdict(needed)[0] == ASK
    assert verdict(needed, seller="the offer big of Vendor")[0] == BUY
    assert verdict(needed, filled=0.95, seller="the offer big of Vendor")[0] == ASK
    assert "not sure" in verdict(unsure)[1]
    assert "collected_by" in verdict(needed, askers="")[1]
    assert "required for sales_accepted" in verdict(useless, required_for="sales_accepted")[1]
    assert "same answer everywhere" in verdict(Worth("f", 0.0, NOTHING, NOTHING, 0, 0))[1]
    assert verdict(None, seller="the register lei")[0] == BUY


def test_resamples_are_those_of_the_interval_and_a_way_beside_itself_differs_by_nothing():
    rng = np.random.default_rng(2)
    won = (rng.random(300) < 0.4).astype(float)
    chances = np.round(won * 0.3 + rng.random(300), 2)
    same = [str(n // 3) for n in range(300)]
    learned = Learned(chances, won, same, np.arange(300) % 3)
    aucs = Resamples(same).aucs(learned)
    assert aucs[0] == pytest.approx(learned.auc(np.ones(300)))
    assert tuple(np.quantile(aucs[1:], [0.025, 0.975])) == pytest.approx(
        interval(same, learned.auc)
    )
    one_fold = Learned(chances, won, same, np.zeros(300, dtype=np.int64))
    assert Resamples(same).aucs(one_fold)[0] == pytest.approx(auc(chances, won, np.ones(300)))
    assert difference(aucs, aucs) == NOTHING
