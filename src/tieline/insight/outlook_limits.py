"""From which figure on a rule of the outlook holds, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OutlookLimits:
    """The figures of `[outlook]`; what each means and is by default stands there."""

    period_days: int
    silence_days: int
    other_share: float
    fall: float
    rise: float
    least_responses: int
