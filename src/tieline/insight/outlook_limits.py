"""From which figure on a rule of the outlook holds, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OutlookLimits:
    """The figures of `[outlook]`; what each means stands in the settings."""

    period_days: int = 180
    silence_days: int = 365
    other_share: float = 0.6
    fall: float = 0.5
    rise: float = 1.5
    least_responses: int = 4
