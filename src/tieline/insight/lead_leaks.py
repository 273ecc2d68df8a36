"""Columns that know the outcome too well: they were filled in, or written anew, after it.

A score that uses them looks excellent on the past and is worthless on a new lead, of which they are
empty (leakage: Kaufman, Rosset and Perlich, 2012). No date says when a cell was filled in, so the
traces of it are looked for; the limits are ours, chosen to be plain rather than sharp.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tieline.insight.lead_cases import Cases, Column, Floats
from tieline.insight.outlook_learning import auc
from tieline.metrics.wilson import wilson

SURE = 0.9
"""A value is a verdict where at least this share of its cases ended alike, by a 95 % bound."""
VERDICTS, ON_EACH_SIDE = 0.1, 0.02
"""Verdicts are of at least this share of all cases, and of at least so many on either side."""
ALONE = 0.95
"""A column that alone tells won from lost so well (AUC) is no news but the outcome."""
SELDOM, OFTEN = 0.05, 0.5
"""Filled in for fewer than this share of one outcome, and for more than that of the other."""
FIFTHS, SPELL = 5, 0.5
"""Cases in their order are told in fifths; so much may the share that is filled in differ."""
SHARED, ALIKE, ANEW = 0.5, 0.5, 0.1
"""A column is the later state of another where they share so much of their values, agree in so many
cases, and a value that only the later one has stands in so many."""
MOST_VALUES, BINS = 60, 10


@dataclass(frozen=True)
class Leak:
    """A column that looks as if it knew the outcome, which trace says so, and in words."""

    column: str
    trace: str
    says: str


def leaks(cases: Cases) -> list[Leak]:
    """Every column with a trace of the outcome, in the order of the columns; one trace each."""
    looks: tuple[Callable[[Column, Cases], str], ...] = (_after, _verdict, _alone, _spells)
    found: dict[str, Leak] = {}
    for name, column in cases.columns.items():
        for look in looks:
            says = look(column, cases)
            if says:
                found[name] = Leak(name, look.__name__.strip("_"), says)
                break
    for name, says in _overwritten(cases):
        found.setdefault(name, Leak(name, "overwritten", says))
    return [found[name] for name in cases.columns if name in found]


def _after(column: Column, cases: Cases) -> str:
    """Filled in for one outcome and hardly ever for the other."""
    filled, won = column.is_filled, cases.won > 0.5
    if not 0 < won.sum() < len(won):
        return ""
    shares = {"won": filled[won].mean(), "lost": filled[~won].mean()}
    seldom, often = sorted(shares, key=lambda one: shares[one])
    if shares[seldom] >= SELDOM or shares[often] <= OFTEN:
        return ""
    return (
        f"it is filled in for {shares[often]:.0%} of the {often} cases and {shares[seldom]:.0%} of "
        f"the {seldom} ones: it is filled in only after the outcome"
    )


def _verdict(column: Column, cases: Cases) -> str:
    """Values that are nearly always won beside values that are nearly always lost."""
    good, bad = [], []
    for value, rows in _groups(column):
        won, count = float(cases.won[rows].sum()), len(rows)
        low, high = wilson(won, count)
        if low >= SURE:
            good.append((count, value))
        elif high <= 1 - SURE:
            bad.append((count, value))
    shares = [sum(count for count, _ in side) / len(cases.won) for side in (good, bad)]
    if min(shares) < ON_EACH_SIDE or sum(shares) < VERDICTS:
        return ""
    return (
        f"it holds the verdict: of cases with {max(good)[1]!r} nearly all were won, of those with "
        f"{max(bad)[1]!r} nearly none; such values stand in {sum(shares):.0%} of the cases"
    )


def _alone(column: Column, cases: Cases) -> str:
    """One column tells the outcome."""
    told: Floats = np.full(len(cases.won), float(cases.won.mean()))
    for _, rows in _groups(column):
        # Without the case itself, so that a column of names tells nothing.
        others = np.maximum(len(rows) - 1, 1)
        told[rows] = (cases.won[rows].sum() - cases.won[rows]) / others if len(rows) > 1 else 0.5
    area = auc(told, cases.won, np.ones(len(told)))
    return f"alone it tells won from lost {area:.0%} of the time" if area >= ALONE else ""


def _spells(column: Column, cases: Cases) -> str:
    """Filled in at some times and not at others: by a later action, not when a lead came."""
    shares = [float(part.mean()) for part in np.array_split(column.is_filled, FIFTHS) if len(part)]
    if len(cases.won) < 100 or max(shares) - min(shares) <= SPELL:
        return ""
    return (
        f"in the order of the cases it is filled in for {max(shares):.0%} of one fifth and "
        f"{min(shares):.0%} of another: something fills it in at times, not when a lead comes"
    )


def _overwritten(cases: Cases) -> Iterator[tuple[str, str]]:
    """Columns that say the same as another one until something later is written over it."""
    texts = {
        name: Counter(text for text in column.texts if text is not None)
        for name, column in cases.columns.items()
        if column.numbers is None
    }
    few = {name: values for name, values in texts.items() if 4 <= len(values) <= MOST_VALUES}
    for later, values in few.items():
        for earlier, others in few.items():
            shared = values.keys() & others.keys()
            if later == earlier or len(shared) < SHARED * min(len(values), len(others)):
                continue
            pairs = list(zip(cases.columns[later].texts, cases.columns[earlier].texts, strict=True))
            alike = sum(one == other for one, other in pairs) / len(pairs)
            anew = Counter(
                one
                for one, other in pairs
                if one is not None and other is not None and one != other and one not in others
            ).most_common(1)
            if alike >= ALIKE and anew and anew[0][1] >= ANEW * len(pairs):
                value, count = anew[0]
                yield (
                    later,
                    f"it says the same as {earlier}, but in {count / len(pairs):.0%} of the cases "
                    f"{value!r} was written over it later",
                )


def _groups(column: Column) -> Iterator[tuple[str, Sequence[int]]]:
    """The values of a column with the cases that have them; many numbers in ten bins."""
    values: Sequence[str | None] = column.texts
    distinct = {text for text in values if text is not None}
    if column.numbers is not None and len(distinct) > MOST_VALUES:
        edges = np.unique(np.nanquantile(column.numbers, np.linspace(0, 1, BINS + 1)[1:-1]))
        at = np.searchsorted(edges, column.numbers, side="right")
        values = [
            None if text is None else f"part {n + 1} of {BINS}"
            for text, n in zip(values, at, strict=True)
        ]
    rows: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(values):
        if text is not None:
            rows[text].append(number)
    yield from rows.items()
