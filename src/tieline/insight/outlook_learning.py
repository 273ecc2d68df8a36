"""What is learned from won and lost deals: features, the model, and how good it is.

Knows rows of `outlook_cases` and numbers, no table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Row = Mapping[str, Any]

LEAST_CASES, LEAST_OF_EACH = 100, 30
"""With fewer closed deals, or fewer won or lost ones, nothing is learned: the 95 % interval of an
AUC from 30 and 70 is .12 wide on either side (Hanley and McNeil, 1982)."""
FOLDS, RESAMPLES, SEED = 5, 400, 20_011
EARLIER = 0.7
"""This share of the deals, the oldest, teaches what is tested on the later ones."""
MOST_INDUSTRIES = 8
NORMAL_95 = 1.959963984540054

FIRMOGRAPHICS = "firmographics"
WITH_MIX = "firmographics and mix"
WITH_ALL = "firmographics, mix and memory"
FEATURE_SETS = (FIRMOGRAPHICS, WITH_MIX, WITH_ALL)
_MIX = ("decision_maker", "influencer", "user", "finance", "procurement", "others")


@dataclass(frozen=True)
class Learned:
    """Out-of-sample chances of one feature set, with those of the firmographics beside them."""

    chances: Floats
    won: Floats
    accounts: Sequence[str]


def features(rows: Sequence[Row], kind: str, industries: Sequence[str]) -> Floats:
    """One line per row: numbers of people enter by their logarithm, the mix by its shares too."""
    lines = []
    for row in rows:
        employees = row["employees"]
        line = [np.log1p(employees or 0.0), float(employees is None)]
        line += [float(row["industry"] == name) for name in industries]
        if kind != FIRMOGRAPHICS:
            people = max(row["contacts"], 1)
            line += [np.log1p(row["contacts"])]
            line += [np.log1p(row[name]) for name in _MIX] + [row[name] / people for name in _MIX]
        if kind == WITH_ALL:
            line += [np.log1p(row["responses"]), row["stage_rank"], np.log1p(row["won_before"])]
        lines.append(line)
    return np.array(lines, dtype=np.float64)


def frequent_industries(rows: Sequence[Row]) -> list[str]:
    """The industries that most cases have."""
    counted: dict[str, int] = {}
    for row in rows:
        if row["industry"]:
            counted[row["industry"]] = counted.get(row["industry"], 0) + 1
    return sorted(counted, key=lambda name: (-counted[name], name))[:MOST_INDUSTRIES]


def chances(known: Sequence[Row], asked: Sequence[Row], kind: str) -> Floats:
    """The chance that a deal is won of each asked row, learned from the known ones.

    A logistic regression with a ridge of 1 on standardised features: readable, and calibrated by
    its likelihood.
    """
    # It takes most of a second to load, and most builds have too few deals.
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    industries = frequent_industries(known)
    won = np.array([row["won"] for row in known], dtype=bool)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
    model.fit(features(known, kind, industries), won)
    told: Floats = model.predict_proba(features(asked, kind, industries))[:, 1]
    return told


def cross_validated(rows: Sequence[Row], kind: str) -> Learned:
    """Chances by models that never saw the account: five folds, whole accounts in each."""
    accounts = sorted({row["account_id"] for row in rows})
    order = np.random.default_rng(SEED).permutation(len(accounts))
    fold = {name: int(order[n]) % FOLDS for n, name in enumerate(accounts)}
    told = np.zeros(len(rows))
    for number in range(FOLDS):
        known = [row for row in rows if fold[row["account_id"]] != number]
        at = [n for n, row in enumerate(rows) if fold[row["account_id"]] == number]
        if at and len({row["won"] for row in known}) == 2:
            told[at] = chances(known, [rows[n] for n in at], kind)
    return _learned(told, rows)


def out_of_time(rows: Sequence[Row], kind: str) -> Learned | None:
    """Chances of the later deals by a model of the earlier ones; None where either lacks a kind."""
    ordered = sorted(rows, key=lambda row: (row["known_before"], row["case_id"]))
    cut = round(EARLIER * len(ordered))
    known, asked = ordered[:cut], ordered[cut:]
    if any(len({row["won"] for row in part}) < 2 for part in (known, asked)):
        return None
    return _learned(chances(known, asked, kind), asked)


def _learned(told: Floats, rows: Sequence[Row]) -> Learned:
    won = np.array([float(row["won"]) for row in rows])
    return Learned(told, won, [row["account_id"] for row in rows])


def auc(chances: Floats, won: Floats, weights: Floats) -> float:
    """The chance that a won deal was given more than a lost one; ties count half.

    Mann and Whitney's U by its definition over weights, so that resampled rows need no copies.
    """
    order = np.argsort(chances, kind="stable")
    told, positive = chances[order], (won * weights)[order]
    negative = ((1 - won) * weights)[order]
    starts = np.flatnonzero(np.r_[True, told[1:] != told[:-1]])
    of_positive, of_negative = np.add.reduceat(positive, starts), np.add.reduceat(negative, starts)
    below = np.cumsum(of_negative) - of_negative
    whole = positive.sum() * negative.sum()
    return float((of_positive * (below + of_negative / 2)).sum() / whole) if whole else 0.5


def brier(chances: Floats, won: Floats, weights: Floats) -> float:
    """The mean squared distance of chance and outcome (Brier, 1950); 0 is best."""
    return float(((chances - won) ** 2 * weights).sum() / weights.sum())


def interval(accounts: Sequence[str], measure: Callable[[Floats], float]) -> tuple[float, float]:
    """The 95 % interval of a measure of weights, from resampling whole accounts, percentiles."""
    names, group = np.unique(np.array(accounts), return_inverse=True)
    rng = np.random.default_rng(SEED)
    found = [
        measure(rng.multinomial(len(names), np.full(len(names), 1 / len(names)))[group] * 1.0)
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
