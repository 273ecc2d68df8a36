"""What "fast" and "right" mean here, as data: the limits printed beside what is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """Limits for one set; None = no limit. Peers' limits are taken from the same run."""

    seconds: float | None = None
    peak_gb: float | None = None
    f1: dict[str, float] | None = None
    precision: float | None = None
    above_peers: bool = True


# Small public sets: only "above every peer in the same run".
DEFAULT = Target()
TARGETS = {
    "demo": Target(
        seconds=30,
        peak_gb=3,
        f1={"contact": 0.985, "site": 0.98, "account": 0.98},
        precision=0.99,
    ),
    "demo_1000000": Target(
        peak_gb=10,
        f1={"contact": 0.985, "site": 0.98, "account": 0.98},
        precision=0.99,
        above_peers=False,
    ),
}
# A million records may take this many times the 150,000.
MILLION_RATIO = 8
# The whole 150,000 build may take this many times GoldenMatch's matching alone.
GOLDENMATCH_RATIO = 2


def in_words(name: str) -> str:
    """The limits of a set as one sentence part."""
    limits = target(name)
    parts = [f"{entity} F1 ≥ {least}" for entity, least in (limits.f1 or {}).items()]
    if limits.above_peers:
        parts.append("F1 above every peer")
    if limits.precision:
        parts.append(f"precision ≥ {limits.precision}")
    if limits.seconds:
        parts.append(f"≤ {limits.seconds:g} s and ≤ {GOLDENMATCH_RATIO} times GoldenMatch")
    if name == "demo_1000000":
        parts.append(f"≤ {MILLION_RATIO} times the 150,000 build")
    if limits.peak_gb:
        parts.append(f"≤ {limits.peak_gb:g} GB")
    return ", ".join(parts)


def target(name: str) -> Target:
    """The limits of a set."""
    return TARGETS.get(name, DEFAULT)
