"""Past leads whose outcome is known, column by column, and what a scorecard makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tieline.metrics.scorecard import Scorecard

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """What one column of the cases holds: texts, None for empty; `numbers` where all are such."""

    name: str
    texts: Sequence[str | None]
    numbers: Floats | None = None

    @property
    def is_filled(self) -> Bools:
        """Which cases have a value."""
        return np.array([text is not None for text in self.texts], dtype=np.bool_)

    def chosen(self, rows: npt.NDArray[np.int64]) -> Column:
        """The same of some cases."""
        numbers = None if self.numbers is None else self.numbers[rows]
        return Column(self.name, [self.texts[n] for n in rows], numbers)


@dataclass(frozen=True)
class Cases:
    """Past leads in the order of their arrival, and whether each was won.

    `same` names cases that are one row written twice, or of one company: they are never on both
    sides of a test. `came` is what the column of their order says of each; empty without one.
    """

    columns: Mapping[str, Column]
    won: Floats
    same: Sequence[str]
    came: Sequence[str] = ()

    def chosen(self, rows: npt.NDArray[np.int64]) -> Cases:
        """The same of some cases."""
        return Cases(
            {name: one.chosen(rows) for name, one in self.columns.items()},
            self.won[rows],
            [self.same[n] for n in rows],
            [self.came[n] for n in rows] if self.came else (),
        )


@dataclass(frozen=True)
class Scored:
    """What a scorecard makes of people or cases: one row of each array for each of them.

    `points` and `answered` are by criterion; `won` is 1, 0 or nan where the outcome is not known.
    """

    scorecard: Scorecard
    points: Mapping[str, Floats]
    answered: Mapping[str, Bools]
    won: Floats

    @property
    def score(self) -> Floats:
        """The sum of the parts."""
        parts = [self.points[one.name] for one in self.scorecard.criteria]
        told: Floats = np.round(np.sum(parts, axis=0), 2)
        return told
