"""Why a question is one, in words: what speaks for the two being the same, and what against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MOST_SAID = 2
"""The strongest outcomes named on either side; the rest is there to be read."""
DIGIT = 16


def reasons(weights: list[dict[str, Any]], patterns: Sequence[tuple[str, int]]) -> list[str]:
    """A sentence for each (entity, pattern of outcomes), by the rows of `comparison_weights`."""
    known: dict[str, dict[tuple[int, int], tuple[float, str]]] = {}
    for row in weights:
        of_kind = known.setdefault(row["entity"].removesuffix("s"), {})
        of_kind[row["field_number"], row["code"]] = (row["weight"], row["says"])
    return [_sentence(known.get(entity, {}), pattern) for entity, pattern in patterns]


def _sentence(known: dict[tuple[int, int], tuple[float, str]], pattern: int) -> str:
    outcomes = []
    for field in range(max((number for number, _ in known), default=-1) + 1):
        found = known.get((field, (pattern // DIGIT**field) % DIGIT))
        if found is not None:
            outcomes.append((*found, field))
    agreeing = sorted((o for o in outcomes if o[0] > 0), key=lambda o: (-o[0], o[2]))
    differing = sorted((o for o in outcomes if o[0] <= 0), key=lambda o: (o[0], o[2]))
    same = ", ".join(says for _, says, _ in agreeing[:MOST_SAID])
    other = ", ".join(says for _, says, _ in differing[:MOST_SAID])
    if same and other:
        return f"{same}; but {other}"
    return same or other or "nothing that could be compared"
