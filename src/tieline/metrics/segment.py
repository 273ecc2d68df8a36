"""Segments and products as the settings name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tieline.errors import TielineError, did_you_mean

ALL = "all"
"""The segment that stands for all of them in the tables; no segment is called so."""
ANY_FUNCTION = "any"
"""In a buying-role list: whatever the function."""


@dataclass(frozen=True)
class Segment:
    """A named rule over sites: `priority` 1 comes first; `owner` and `product` may be ''."""

    name: str
    rule: str
    priority: int
    owner: str = ""
    product: str = ""


@dataclass(frozen=True)
class Product:
    """What is sold: who plays a role in buying it, and the `target` share of sites with such.

    `key_players` gives the levels by function (no level for every level); the function `any`
    stands for every function.
    """

    name: str
    key_players: Mapping[str, Sequence[str]]
    target: float


def check_segment(name: str, known: Sequence[str]) -> None:
    """Refuse a segment that the snapshot lacks; TielineError with the one that was meant."""
    if name in known:
        return
    hint = did_you_mean(name, known)
    raise TielineError(
        "unknown_segment",
        f"There is no segment {name!r} in the snapshot.{hint}",
        next_step=f"The segments are: {', '.join(known)}. A new one needs a build.",
    )


def by_priority(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, the first by priority first; those of one priority by name."""
    return sorted(segments, key=lambda one: (one.priority, one.name))
