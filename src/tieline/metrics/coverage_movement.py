"""How coverage has moved: read from the change feed, which tells every figure that differs."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

FIGURES = (
    "sites", "known", "with_contact", "with_usable_contact", "with_key_player", "known_share",
    "contact_share", "usable_share", "useful_share", "key_player_share",
)  # fmt: skip
"""The figures of `coverage` that move, in the order they are told."""


def movement(feed: pa.Table) -> list[dict[str, Any]]:
    """The figures of `coverage` that are other now than at the beginning of a feed.

    `feed` has the rows of `identity.change_feed.since`, in order. One row per segment, product and
    figure: `before`, `now` and `change` (None where one of both is not there).
    """
    ends: dict[tuple[str, str, str], list[float | None]] = {}
    for row in feed.to_pylist():
        if row["entity"] != "coverage" or row["field"] not in FIGURES:
            continue
        segment, _, product = row["id"].partition("/")
        pair = ends.setdefault((segment, product, row["field"]), [_number(row["before"]), None])
        pair[1] = _number(row["after"])
    order = {name: place for place, name in enumerate(FIGURES)}
    return [
        {
            "segment": segment,
            "product": product,
            "figure": figure,
            "before": before,
            "now": now,
            "change": None if before is None or now is None else now - before,
        }
        for (segment, product, figure), (before, now) in sorted(
            ends.items(), key=lambda one: (one[0][0], one[0][1], order[one[0][2]])
        )
        if before != now
    ]


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
