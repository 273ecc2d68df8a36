"""What is learned from won and lost deals: features, the model, and how good it is.

Knows rows of `outlook_cases` and numbers, no table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tieline.metrics.category import AT_WORK

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
RIDGE = 1.0
"""As strong as one deal for and one against each standardised feature, about: the usual default."""

FIRMOGRAPHICS = "firmographics"
WITH_MIX = "firmographics and mix"
WITH_ALL = "firmographics, mix and memory"
FEATURE_SETS = (FIRMOGRAPHICS, WITH_MIX, WITH_ALL)
_BUYING = ("decision_maker", "influencer", "procurement")


@dataclass(frozen=True)
class Learned:
    """Chances of deals by models that never saw their accounts, or that knew earlier deals only."""

    chances: Floats
    won: Floats
    accounts: Sequence[str]
    folds: Ints

    def auc(self, weights: Floats) -> float:
        """The AUC over pairs of deals that one model was asked of.

        Across models, the base of each is the lower the more of its own test were won, so that
        pairs across folds would make guessing look worse than guessing (Forman and Scholz, 2010).
        """
        right = whole = 0.0
        for fold in np.unique(self.folds):
            at = self.folds == fold
            found, pairs = _ordered(self.chances[at], self.won[at], weights[at])
            right, whole = right + found, whole + pairs
        return right / whole if whole else 0.5


def features(rows: Sequence[Row], kind: str, industries: Sequence[str]) -> Floats:
    """One line per row; the mix by log-ratios (Aitchison, 1986), half a person on either side."""
    lines = []
    for row in rows:
        employees = row["employees"]
        line = [np.log1p(employees or 0.0), float(employees is None)]
        line += [float(row["industry"] == name) for name in industries]
        if kind != FIRMOGRAPHICS:
            line += [np.log1p(row["contacts"]), _log_odds(sum(row[name] for name in _BUYING), row)]
            line += [_log_odds(row[name], row) for name in AT_WORK]
        if kind == WITH_ALL:
            line += [np.log1p(row["responses"]), row["stage_rank"], np.log1p(row["won_before"])]
        lines.append(line)
    return np.array(lines, dtype=np.float64)


def _log_odds(people: int, row: Row) -> float:
    return float(np.log((people + 0.5) / (row["contacts"] - people + 0.5)))


def frequent_industries(rows: Sequence[Row]) -> list[str]:
    """The industries that most cases have."""
    counted: dict[str, int] = {}
    for row in rows:
        if row["industry"]:
            counted[row["industry"]] = counted.get(row["industry"], 0) + 1
    return sorted(counted, key=lambda name: (-counted[name], name))[:MOST_INDUSTRIES]


def chances(known: Sequence[Row], asked: Sequence[Row], kind: str) -> Floats:
    """The chance that a deal is won of each asked row, learned from the known ones.

    A logistic regression on standardised features with a ridge: readable, and calibrated by its
    likelihood.
    """
    industries = frequent_industries(known)
    seen, wanted = (features(rows, kind, industries) for rows in (known, asked))
    mean, spread = seen.mean(axis=0), seen.std(axis=0)
    spread[spread == 0] = 1.0
    won = np.array([float(row["won"]) for row in known])
    weights = fitted((seen - mean) / spread, won)
    return logistic(with_one((wanted - mean) / spread) @ weights)


def fitted(seen: Floats, won: Floats, *, least: float | None = None) -> Floats:
    """Weights of greatest likelihood less `RIDGE` times their squares by 2; the last is the base.

    No weight but the base is below `least`. The base is not held back (Hastie, Tibshirani and
    Friedman, The Elements of Statistical Learning, 2009, section 18.3.2).
    """
    # Imported here: it is slow to load, and most builds have too few deals.
    from scipy.optimize import minimize

    lines = with_one(seen)
    held = np.append(np.full(seen.shape[1], RIDGE), 0.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = lines @ weights
        lost = np.logaddexp(0.0, scores).sum() - won @ scores + held @ weights**2 / 2
        return float(lost), lines.T @ (logistic(scores) - won) + held * weights

    bounds = [(least, None)] * seen.shape[1] + [(None, None)]
    start = np.zeros(lines.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", tol=1e-10, bounds=bounds)
    weights: Floats = found.x
    return weights


def with_one(lines: Floats) -> Floats:
    """The lines with a last column of ones, for the base."""
    return np.column_stack([lines, np.ones(len(lines))])


def logistic(scores: Floats) -> Floats:
    """Chances of log-odds."""
    told: Floats = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
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
    return _learned(told, rows, np.array([fold[row["account_id"]] for row in rows]))


def out_of_time(rows: Sequence[Row], kind: str) -> Learned | None:
    """Chances of the later deals by a model of the earlier ones; None where either lacks a kind."""
    ordered = sorted(rows, key=lambda row: (row["known_before"], row["case_id"]))
    cut = round(EARLIER * len(ordered))
    known, asked = ordered[:cut], ordered[cut:]
    if any(len({row["won"] for row in part}) < 2 for part in (known, asked)):
        return None
    return _learned(chances(known, asked, kind), asked, np.zeros(len(asked), dtype=np.int64))


def _learned(told: Floats, rows: Sequence[Row], folds: Ints) -> Learned:
    won = np.array([float(row["won"]) for row in rows])
    return Learned(told, won, [row["account_id"] for row in rows], folds)


def auc(chances: Floats, won: Floats, weights: Floats) -> float:
    """The chance that a won deal was given more than a lost one; ties count half.

    Mann and Whitney's U by its definition over weights, so that resampled rows need no copies.
    """
    right, pairs = _ordered(chances, won, weights)
    return right / pairs if pairs else 0.5


def _ordered(chances: Floats, won: Floats, weights: Floats) -> tuple[float, float]:
    """How many pairs of a won and a lost deal stand in the right order, and how many there are."""
    order = np.argsort(chances, kind="stable")
    told, positive = chances[order], (won * weights)[order]
    negative = ((1 - won) * weights)[order]
    starts = np.flatnonzero(np.r_[True, told[1:] != told[:-1]])
    of_positive, of_negative = np.add.reduceat(positive, starts), np.add.reduceat(negative, starts)
    below = np.cumsum(of_negative) - of_negative
    pairs = float(positive.sum() * negative.sum())
    return float((of_positive * (below + of_negative / 2)).sum()), pairs


def brier(chances: Floats, won: Floats, weights: Floats) -> float:
    """The mean squared distance of chance and outcome (Brier, 1950); 0 is best."""
    return float(((chances - won) ** 2 * weights).sum() / weights.sum())


def interval(accounts: Sequence[str], measure: Callable[[Floats], float]) -> tuple[float, float]:
    """The 95 % interval of a measure of weights, from resampling whole accounts, percentiles."""
    names, group = np.unique(np.array(accounts), return_inverse=True)
    rng, even = np.random.default_rng(SEED), np.full(len(names), 1 / len(names))
    drawn = rng.multinomial(len(names), even, RESAMPLES).astype(np.float64)
    found = [measure(weights[group]) for weights in drawn]
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
