"""What became of accounts: grown or lost, by the true mix of their people and by what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.demo.cards import Population
from tieline.demo.columns import choose, glue, numbers, take, where
from tieline.demo.draws import Floats, Ints, stream
from tieline.demo.formats import delimited, header, write_lines
from tieline.demo.true_categories import CATEGORIES, LAST_DAY, TrueCategories
from tieline.demo.wording import ISO, times

MIX_STRENGTH = 1.2
"""Log odds of growth for one standard deviation of the log ratio of buyers to the others."""
SIZE_STRENGTH = 0.6
"""Log odds for one standard deviation of the logarithm of employees."""
INDUSTRY_STRENGTH = 0.5
"""Log odds between the best and the worst industry, on either side of none."""
DECIDED_SHARE = 0.9
"""Of so many accounts with people we learn what became."""
FIRST_DECISION, LAST_DECISION = LAST_DAY + 120, LAST_DAY + 370
BUYERS = ("decision_maker", "procurement")
OFFERS = ("Renewal of service", "Expansion of the plant", "Modernisation", "New frame contract")


def write_outcomes(
    folder: Path, truth: Path, world: Population, true: TrueCategories, seed: int
) -> Path:
    """Write `account_deals.csv` and `truth/outcomes.parquet`; the log's path.

    log odds = MIX_STRENGTH * z(log((buyers + 0.5) / (others + 0.5)))
    + SIZE_STRENGTH * z(log employees) + an industry's own, in INDUSTRY_STRENGTH either way.
    """
    rng = stream(seed, "outcomes")
    people = np.arange(len(world.prominence))
    day = np.full(len(people), LAST_DAY)
    account = world.careers.account[world.careers.at(people, day)]
    category = true.at(people, day)
    outside = ~(world.accounts.is_own | world.accounts.is_competitor)
    there = np.unique(account[outside[account]])
    mix, firm = _parts(world, account, category, there)
    probability = 1.0 / (1.0 + np.exp(-(MIX_STRENGTH * mix + firm)))
    decided = rng.random(len(there)) < DECIDED_SHARE
    grew = rng.random(len(there)) < probability
    closed = rng.integers(FIRST_DECISION, LAST_DECISION, len(there))
    named = _named(account, category, there, rng)
    rows = np.flatnonzero(decided)[np.argsort(closed[decided], kind="stable")]
    outcome = where(grew[rows], "grew", "lost")
    epoch = np.datetime64("2010-01-01")
    table = pa.table(
        {
            "account_id": glue("A", numbers(there[rows], 7)),
            "outcome": outcome,
            "date": pa.array(epoch + closed[rows].astype("timedelta64[D]")),
            "probability": pa.array(np.round(probability[rows], 6)),
            "mix_part": pa.array(np.round(MIX_STRENGTH * mix[rows], 6)),
            "firm_part": pa.array(np.round(firm[rows], 6)),
        }
    )
    pq.write_table(table, truth / "outcomes.parquet", compression="zstd")
    job = world.careers.at(named[rows], closed[rows] - 60)
    work = take(world.careers.mail, job)
    private = take(world.people.private_mail, named[rows])
    amount = np.round(rng.lognormal(9.8, 0.9, len(rows)), -2).astype(np.int64)
    columns = [
        ("Opportunity ID", glue("D-", numbers(np.arange(len(rows)) + 1, 6))),
        ("Opportunity Name", choose(rng.integers(0, len(OFFERS), len(rows)), OFFERS)),
        ("Account Name", take(world.accounts.name, there[rows])),
        ("Contact email", pc.fill_null(where(np.asarray(work.is_null()), private, work), "")),
        ("Stage", where(grew[rows], "Closed Won", "Closed Lost")),
        ("Amount", numbers(amount)),
        ("Created Date", times(closed[rows] - rng.integers(30, 110, len(rows)), rng, ISO, " ")),
        ("Close Date", times(closed[rows], rng, ISO, " ")),
    ]
    lines = [header(columns, ","), *delimited(columns, ",")]
    write_lines(folder / "account_deals.csv", lines, "utf-8")
    return folder / "account_deals.csv"


def _parts(world: Population, account: Ints, category: Ints, there: Ints) -> tuple[Floats, Floats]:
    """What the mix of people and what size and industry say of each account, in log odds or z."""
    buys = np.isin(category, [CATEGORIES.index(name) for name in BUYERS])
    count = len(world.accounts.market)
    buyers = np.bincount(account[buys], minlength=count)[there]
    others = np.bincount(account[~buys], minlength=count)[there]
    mix = _standard(np.log((buyers + 0.5) / (others + 0.5)))
    size = _standard(np.log(world.accounts.employees[there]))
    industries = (world.accounts.industry[there] * 7 % 5 - 2) / 2
    return mix, np.asarray(SIZE_STRENGTH * size + INDUSTRY_STRENGTH * industries)


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9))


def _named(account: Ints, category: Ints, there: Ints, rng: np.random.Generator) -> Ints:
    """The person named on each account's deal: a buyer where there is one."""
    buys = np.isin(category, [CATEGORIES.index(name) for name in BUYERS])
    order = np.lexsort((rng.random(len(account)), ~buys, account))
    first = np.searchsorted(account[order], there)
    return np.asarray(order[first], dtype=np.int64)
