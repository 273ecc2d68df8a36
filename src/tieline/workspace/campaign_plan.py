"""A planned campaign as a file or the command line says it: read, and checked word by word."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieline.decisions.approach import CHANNELS
from tieline.decisions.campaign_check import FAMILIES, Campaign, CheckLimits
from tieline.errors import Place, TielineError, did_you_mean
from tieline.metrics.segment import ALL

if TYPE_CHECKING:
    from tieline.workspace.stage_settings import CampaignSettings

KEYS = ("segment", "family", "medium", "date")


def read_plan(path: Path) -> dict[str, Any]:
    """What a TOML file says of a campaign; TielineError if it cannot be read or has other keys."""
    place = Place(str(path))
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise TielineError(
            "no_plan",
            f"The file cannot be read: {problem.strerror}.",
            place=place,
            next_step="Name a file that has family and medium, or say them with options.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise TielineError(
            "bad_plan",
            f"The file is not valid TOML: {problem}.",
            place=place,
            next_step='Write a line for each: family = "product", medium = "email".',
        ) from None
    for key in values:
        if key not in KEYS:
            raise _unknown("setting of a campaign", str(key), KEYS, place)
    return values


def campaign_of(values: Mapping[str, Any], place: Place | None = None) -> Campaign:
    """The campaign with these words; TielineError naming the one that is missing or unknown.

    `date` is a day or its text in ISO 8601.
    """
    place = place or Place("")
    for key, known in (("family", FAMILIES), ("medium", CHANNELS)):
        if not values.get(key):
            raise TielineError(
                "campaign_open",
                f"Nothing says the {key} of the campaign.",
                place=place,
                next_step=f"Say one of: {', '.join(known)}.",
            )
        if values[key] not in known:
            raise _unknown(key, str(values[key]), tuple(known), place)
    return Campaign(
        family=str(values["family"]),
        medium=str(values["medium"]),
        segment=str(values.get("segment") or ALL),
        on=_day(values.get("date"), place),
    )


def _day(told: object, place: Place) -> date | None:
    if not told:
        return None
    if isinstance(told, date):
        return told
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        raise TielineError(
            "bad_day",
            f"{told!r} is no day.",
            place=place,
            next_step="Write it as year, month, day: 2026-03-31.",
        ) from None


def _unknown(what: str, told: str, known: tuple[str, ...], place: Place) -> TielineError:
    hint = did_you_mean(told, known, cutoff=0.5)
    return TielineError(
        "unknown_campaign_word",
        f"{told!r} is no {what}.{hint}",
        place=place,
        next_step=f"Known are: {', '.join(known)}.",
    )


def check_limits(section: CampaignSettings) -> CheckLimits:
    """The section `[campaigns]` as the check takes it."""
    return CheckLimits(
        section.few_share, section.response_days, section.least_touches, section.consent_needed
    )
