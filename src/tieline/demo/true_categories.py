"""Who everybody truly is to us: a category by function, level, company and chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tieline.demo.cards import Population
from tieline.demo.company_names import INDUSTRIES
from tieline.demo.draws import Flags, Floats, Ints, choices, stream
from tieline.demo.pools import read_pool
from tieline.demo.titles import FUNCTIONS, LEVELS

CATEGORIES = [name for name in read_pool("category_activities")[0] if name != "activity"]
FIRST_DAY, LAST_DAY = 4_000, 5_650
"""Between these days people interact with us; what becomes of accounts comes after."""
COMPANY_KINDS = {"customer": 0.8, "partner": 0.09, "vendor": 0.07, "investor": 0.04}
KIND_FACTORS = {
    "partner": {"partner": 14.0},
    "vendor": {"vendor": 16.0},
    "investor": {"investor": 70.0, "analyst": 10.0},
}
LEVEL_FACTORS = {"c": 12.0, "v": 5.0, "d": 3.0, "m": 1.0, "s": 0.3, "a": 0.1}
"""How much likelier a decision maker is at each level."""
WHATEVER_THE_TITLE = 0.15
"""So many fall into any category: a title alone gives nobody away."""
CHANGE_SHARE, SECOND_ROLE_SHARE = 0.08, 0.2
BECOMES = {
    "user": {"decision_maker": 2.0, "procurement": 2.0, "influencer": 1.0},
    "influencer": {"decision_maker": 3.0, "partner": 1.0},
    "job_seeker": {"user": 2.0, "influencer": 1.0},
    "procurement": {"decision_maker": 1.0, "finance": 0.5},
    "vendor": {"partner": 1.0},
    "finance": {"decision_maker": 1.0},
}


@dataclass(frozen=True)
class TrueCategories:
    """One row is one person: a category by number, `later` from `day` on, `second`; -1 is none."""

    first: Ints
    later: Ints
    day: Ints
    second: Ints

    def at(self, person: Ints, day: Ints) -> Ints:
        """The category of each person on that day."""
        changed = (self.later[person] >= 0) & (day >= self.day[person])
        return np.where(changed, self.later[person], self.first[person])


def draw_categories(world: Population, seed: int) -> TrueCategories:
    """Draw everybody's category, a second role for some, and a change for some."""
    rng = stream(seed, "true categories")
    count = len(world.prominence)
    people = np.arange(count)
    job = world.careers.at(people, np.full(count, LAST_DAY))
    account = world.careers.account[job]
    weights = _weights(world, job, account, rng)
    first = _drawn(weights, rng)
    spread = weights[:, : len(CATEGORIES)].mean(axis=0)
    free = rng.random(count) < WHATEVER_THE_TITLE
    first = np.where(free, choices(rng, spread, count), first)
    first = np.where(world.accounts.is_own[account], CATEGORIES.index("employee"), first)
    rival = world.accounts.is_competitor[account]
    first = np.where(rival, CATEGORIES.index("competitor"), first)
    fixed = world.accounts.is_own[account] | rival
    later, day = _changes(first, fixed, rng)
    second = np.where(rng.random(count) < SECOND_ROLE_SHARE, _drawn(weights, rng), -1)
    return TrueCategories(first, later, day, np.where(fixed, -1, second))


def _weights(world: Population, job: Ints, account: Ints, rng: np.random.Generator) -> Floats:
    """How likely each category is of each person, by function, level and company."""
    pool = {row["function"]: row for row in read_pool("function_categories")}
    table = np.array([[float(pool[f].get(c, 0.0) or 0.0) for c in CATEGORIES] for f in FUNCTIONS])
    title = world.careers.title[job]
    weights = table[world.titles.function[title]]
    level = np.array([LEVEL_FACTORS[name] for name in LEVELS])[world.titles.level[title]]
    weights[:, CATEGORIES.index("decision_maker")] *= level
    kinds = choices(rng, list(COMPANY_KINDS.values()), len(world.accounts.market))[account]
    for number, kind in enumerate(COMPANY_KINDS):
        for category, factor in KIND_FACTORS.get(kind, {}).items():
            weights[kinds == number, CATEGORIES.index(category)] *= factor
    publishers = world.accounts.industry[account] == INDUSTRIES.index("media")
    for category in ("media", "analyst"):
        weights[publishers, CATEGORIES.index(category)] *= 5.0
    return weights


def _drawn(weights: Floats, rng: np.random.Generator) -> Ints:
    """One category for each row, by its own weights."""
    running = np.cumsum(weights, axis=1)
    drawn = rng.random(len(weights)) * running[:, -1]
    return np.asarray((running < drawn[:, None]).sum(axis=1), dtype=np.int64)


def _changes(first: Ints, fixed: Flags, rng: np.random.Generator) -> tuple[Ints, Ints]:
    later = np.full(len(first), -1, dtype=np.int64)
    chosen = (rng.random(len(first)) < CHANGE_SHARE) & ~fixed
    for category, weights in BECOMES.items():
        rows = np.flatnonzero(chosen & (first == CATEGORIES.index(category)))
        targets = np.array([CATEGORIES.index(name) for name in weights])
        later[rows] = targets[choices(rng, list(weights.values()), len(rows))]
    day = rng.integers(FIRST_DAY + 200, LAST_DAY - 200, len(first))
    return later, day
