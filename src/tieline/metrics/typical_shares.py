"""What shares of a universe are usual at the start, and what to aim at.

Source of the figures: the requirements of this product (universe and segments), which restate what
practitioners of B2B marketing databases report: 25 to 40 % of the sites known, 10 to 15 % of those
with useful contacts; 80 to 90 % of the sites of priority segments with a key player as the aim.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """A range of shares, 0 to 1, and what it `says`."""

    low: float
    high: float
    says: str


KNOWN = Band(0.25, 0.40, "that are typical at the start")
"""Sites known, of all sites."""
USEFUL = Band(0.10, 0.15, "that are typical at the start")
"""Sites with a usable key player, of the sites known."""
TARGET = Band(0.80, 0.90, "to aim at in a segment that matters")
"""Sites with a usable key player, of all sites."""
