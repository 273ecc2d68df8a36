"""Why a column got its field, in words for the person who may correct it."""

from __future__ import annotations

from tieline.data.kinds import IGNORED
from tieline.data.mapping.content import (
    EXPECTATIONS,
    FEW,
    TYPICAL_FROM,
    possible_share,
    typical_share,
)
from tieline.data.mapping.scoring import Candidate

DOUBT_WITHIN = 0.12
"""A second field whose score is that near is named as a doubt."""
NAMED = 3
"""So many alternatives are given."""


def alternatives(candidate: Candidate, field: str | None) -> tuple[tuple[str, float], ...]:
    """The next best fields with scores of at least 0.2, best first."""
    ranked = sorted(candidate.scores.items(), key=lambda item: (-item[1], item[0]))
    family = next((t for t in candidate.scores if field and field.startswith(t)), field)
    return tuple(
        (target, round(value, 2)) for target, value in ranked
        if value >= 0.2 and target not in (field, family)
    )[:NAMED]  # fmt: skip


def because(
    candidate: Candidate, field: str, target: str, others: tuple[tuple[str, float], ...]
) -> str:
    """One sentence: the header, the values, and a doubt where there is one."""
    parts = [part for part in (_header(candidate, target), _values(candidate, target)) if part]
    parts += candidate.doubts
    overruled = _overruled(candidate, target)
    if overruled:
        parts.append(overruled)
    elif others and candidate.scores.get(target, 0.0) - others[0][1] < DOUBT_WITHIN:
        parts.append(f"it might also be {others[0][0]}")
    return "; ".join(parts) if parts else f"fits {field} best"


def _header(candidate: Candidate, target: str) -> str:
    evidence = candidate.reading.evidence.get(target)
    if evidence is None or evidence.score < 0.2:
        return ""
    verb = "means" if evidence.score >= 0.8 else "looks like"
    return f"header {candidate.column!r} {verb} {target}"


def _values(candidate: Candidate, target: str) -> str:
    profile, expected = candidate.profile, EXPECTATIONS.get(target)
    if not profile.values:
        return "the column is empty here"
    if expected is None:
        return ""
    typical = typical_share(profile, target)
    if typical >= TYPICAL_FROM:
        return f"{typical:.0%} of the values are {expected.says}"
    possible = possible_share(profile, target)
    if possible is not None and possible < 0.6 and profile.filled >= FEW:
        return f"only {possible:.0%} of the values can be {expected.says}"
    return ""


def _overruled(candidate: Candidate, target: str) -> str:
    """The header said something else, and the values won."""
    said = {n: e.score for n, e in candidate.reading.evidence.items() if n != IGNORED}
    if not said or target in said:
        return ""
    best = max(sorted(said), key=lambda name: said[name])
    return f"the header says {best}, the values decide" if said[best] >= 0.6 else ""
