"""The points agreed on beside those that past leads propose, and the cases they part over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tieline.insight.lead_cases import Cases, Floats, Scored
from tieline.insight.outlook_learning import FOLDS
from tieline.insight.scorecard_bins import telling
from tieline.insight.scorecard_learning import folds, proposed

SAME, OPPOSITE, APART, NEITHER = "same way", "opposite ways", "hardly alike", "no evidence"
ALIKE = 0.3
"""Points go the same way where their correlation over the cases is above, opposite ways where it is
below so much less than nothing."""
MOST_TELLING, REASONS = 10, 3


@dataclass(frozen=True)
class Compared:
    """One criterion: the points it gives to the cases, and those that the data propose.

    `together` is their correlation over the cases, None where either gives all cases the same.
    """

    criterion: str
    agreed: tuple[float, float]
    proposed: tuple[float, float] | None
    together: float | None
    verdict: str


@dataclass(frozen=True)
class Reason:
    """What one criterion adds to the disagreement: its answer, and both points of it.

    Points are told against those of the usual case, both on the scale of the proposed ones.
    """

    criterion: str
    seen: str
    agreed: float
    data: float


@dataclass(frozen=True)
class Disagreement:
    """A past lead of which judgement and data think most differently, and how it ended.

    The ranks are shares of the cases that stand lower, 0 to 1.
    """

    case: int
    won: bool
    agreed_rank: float
    data_rank: float
    agreed_points: float
    data_points: float
    reasons: tuple[Reason, ...]

    @property
    def data_was_right(self) -> bool:
        """Whether the outcome is as the data had it."""
        return self.won == (self.data_rank > self.agreed_rank)


def compared(
    cases: Cases, scored: Scored, columns_of: Mapping[str, Sequence[str]], leave_out: Sequence[str]
) -> list[Compared]:
    """Each criterion beside the points proposed from all cases for the columns it reads."""
    found = proposed(telling(cases.columns, leave_out), cases.won)
    parts = found.parts(list(cases.columns.values()))
    told = []
    for one in scored.scorecard.criteria:
        agreed = scored.points[one.name]
        data = [parts[name] for name in columns_of[one.name] if name in parts]
        told.append(_compared(one.name, agreed, np.sum(data, axis=0) if data else None))
    return told


def _compared(name: str, agreed: Floats, data: Floats | None) -> Compared:
    held = (float(agreed.min()), float(agreed.max()))
    if data is None or np.ptp(data) == 0:
        return Compared(name, held, None, None, NEITHER)
    ends = (float(data.min()), float(data.max()))
    if held[0] == held[1]:
        return Compared(name, held, ends, None, APART)
    together = float(np.corrcoef(agreed, data)[0, 1])
    verdict = SAME if together > ALIKE else OPPOSITE if together < -ALIKE else APART
    return Compared(name, held, ends, together, verdict)


def disagreements(
    cases: Cases, scored: Scored, columns_of: Mapping[str, Sequence[str]], leave_out: Sequence[str]
) -> list[Disagreement]:
    """The cases whose rank by the agreed points and by proposed ones differ most, the first worst.

    Proposed points are of folds that never saw the case. Both are told against the usual case, the
    agreed ones stretched so that both spread alike: only so can 5 points here be held against 20
    there. Of cases that are one row written twice only the first is told.
    """
    data = _parts_unseen(cases, leave_out)
    score, whole = scored.score, np.sum([np.zeros(len(cases.won)), *data.values()], axis=0)
    stretch = float(whole.std()) / (float(score.std()) or 1.0)
    agreed_rank, data_rank = _ranks(score), _ranks(whole)
    told: list[Disagreement] = []
    known: set[str] = set()
    for case in np.argsort(-np.abs(agreed_rank - data_rank), kind="stable"):
        if cases.same[case] in known or len(told) == MOST_TELLING:
            continue
        known.add(cases.same[case])
        reasons = _reasons(int(case), cases, scored, columns_of, data, stretch)
        up = agreed_rank[case] > data_rank[case]
        reasons.sort(key=lambda one: -(one.agreed - one.data) if up else one.agreed - one.data)
        told.append(
            Disagreement(
                int(case),
                bool(cases.won[case] > 0.5),
                float(agreed_rank[case]),
                float(data_rank[case]),
                float(score[case]),
                float(whole[case]),
                tuple(one for one in reasons[:REASONS] if abs(one.agreed - one.data) >= 1),
            )
        )
    return told


def _parts_unseen(cases: Cases, leave_out: Sequence[str]) -> dict[str, Floats]:
    """The proposed points of each case by column, by proposals that never saw the case."""
    columns = telling(cases.columns, leave_out)
    told = {column.name: np.zeros(len(cases.won)) for column in columns}
    fold = folds(cases.same)
    for number in range(FOLDS):
        known, asked = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        found = proposed([column.chosen(known) for column in columns], cases.won[known])
        for name, points in found.parts([column.chosen(asked) for column in columns]).items():
            told[name][asked] = points
    return told


def _ranks(values: Floats) -> Floats:
    """The share of the others that stand lower; ties count half."""
    ordered = np.sort(values)
    low = np.searchsorted(ordered, values, side="left")
    high = np.searchsorted(ordered, values, side="right")
    told: Floats = (low + high - 1) / 2 / max(len(values) - 1, 1)
    return told


def _reasons(
    case: int,
    cases: Cases,
    scored: Scored,
    columns_of: Mapping[str, Sequence[str]],
    data: Mapping[str, Floats],
    stretch: float,
) -> list[Reason]:
    """What each criterion, and each column that no criterion reads, says of a case."""
    told, read = [], set()
    for one in scored.scorecard.criteria:
        points = scored.points[one.name]
        names = [name for name in columns_of[one.name] if name not in read]
        read |= set(names)
        theirs = sum((_against_usual(data[name], case) for name in names if name in data), 0.0)
        seen = ", ".join(cases.columns[n].texts[case] or "unknown" for n in columns_of[one.name])
        told.append(Reason(one.name, seen, stretch * _against_usual(points, case), theirs))
    for name, points in data.items():
        if name not in read:
            seen = cases.columns[name].texts[case] or "unknown"
            told.append(Reason(name, seen, 0.0, _against_usual(points, case)))
    return told


def _against_usual(points: Floats, case: int) -> float:
    return float(points[case] - points.mean())
