"""What profiles are made of: nothing that other profiles change without need."""

from __future__ import annotations

from collections.abc import Sequence


def node_of(columns: Sequence[str]) -> str:
    """The SQL expression of the number of a profile, BIGINT, not negative.

    60 bits of a hash of all that is said: among a million profiles two share a number with a chance
    of one in two million.
    """
    texts = ", ".join(f"{column}::VARCHAR" for column in columns)
    return f"('0x' || left(md5(to_json([{texts}])::VARCHAR), 15))::BIGINT"


def at_most(count: str, steps: Sequence[int]) -> str:
    """The SQL expression of a count rounded up to the next step; one above the last for more.

    So a profile does not change with each other one, but only where it makes a difference.
    """
    cases = " ".join(f"WHEN {count} <= {step} THEN {step}" for step in steps)
    return f"CASE WHEN {count} IS NULL THEN NULL {cases} ELSE {steps[-1] + 1} END"
