"""`[outlook]` of `tieline.toml`: from which figure on a rule of the outlook holds."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

Days = Annotated[int, Field(ge=1, le=36_500)]


class OutlookSettings(BaseModel, frozen=True, extra="forbid", strict=True):
    """`[outlook]`: when a relationship grows, is at risk, or serves another purpose."""

    period_days: Days = 180
    """Length of the period that is held against the one before: two quarters, so that one slow
    quarter is no verdict."""
    silence_days: Days = 365
    """After so many days without a response a relationship has fallen silent: a year, the usual
    round of a budget."""
    other_share: Annotated[float, Field(gt=0.5, le=1.0)] = 0.6
    """From this share of contacts on who are there for another purpose (media, investors, vendors,
    job seekers, ...), that is the account's. More than half; our reading of "serves another
    purpose" in the essay on the contact mix, which names no figure."""
    fall: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.5
    """Responses fell where there are fewer than this share of the period before."""
    rise: Annotated[float, Field(gt=1.0)] = 1.5
    """Responses rose where there are at least so many times those of the period before."""
    least_responses: Annotated[int, Field(ge=1)] = 4
    """Fewer responses in a period tell no fall and no rise: of a constant 4, one period in eleven
    has at most one by chance (Poisson)."""
