"""`[actions]` and `[media.<name>]` of `tieline.toml`: what next actions cost, bring and may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field, field_validator

from tieline.errors import did_you_mean

if TYPE_CHECKING:
    from tieline.decisions.approach import Approach
    from tieline.workspace.stage_settings import CampaignSettings

# The steps' own file is loaded where they are needed: most commands need none.

Days = Annotated[int, Field(ge=1, le=36_500)]
Money = Annotated[float, Field(ge=0.0)]


class ActionSettings(BaseModel, frozen=True, extra="forbid", strict=True):
    """`[actions]`: how often anybody may be approached, and what a step is worth."""

    period_days: Days = 30
    """Length of the period that the limits below count: a month."""
    per_person: Annotated[int, Field(ge=1)] = 2
    """So many touches of one contact in a period at most; ours, to be set."""
    per_site: Annotated[int, Field(ge=1)] = 4
    """So many touches at one site in a period at most; ours, to be set."""
    worth: dict[str, Money] = {}
    """What a step is worth if it succeeds, in the currency of the plan: `{ start_dialogue = 150 }`.
    Left out: 150 for find_contact, 200 find_key_player, 300 start_dialogue, 500 offer_solution,
    1000 offer_product, 2000 hand_over. Ours, to be set."""

    @field_validator("worth")
    @classmethod
    def _known_steps(cls, value: dict[str, float]) -> dict[str, float]:
        from tieline.decisions.approach import STEPS

        for name in value:
            _known(name, [step.name for step in STEPS], "step")
        return value


class MediumSettings(BaseModel, frozen=True, extra="forbid", strict=True):
    """`[media.<name>]`: one of email, mail, phone, web; what is left out keeps its default."""

    cost: Money | None = None
    """What one touch costs, in the currency of the plan. Left out: email 0.05, mail 1.50, phone 12,
    web 0.01, of the order that trade reports give."""
    response_rate: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    """How often a touch is answered, as far as is believed before the memory tells. Left out: email
    and web 0.02 and 0.01, mail 0.03, phone 0.10; 50 touches of the memory weigh as much."""
    capacity: Annotated[int, Field(ge=0)] | None = None
    """So many touches of a period at most; 0 for no limit. Left out: 400 for phone, which is one
    seller's month at 20 a day."""


def check_media(names: Mapping[str, object]) -> None:
    """Refuse a medium that no step can take; ValueError."""
    if not names:
        return
    from tieline.decisions.approach import MEDIA

    for name in names:
        _known(name, MEDIA, "medium", "media.")


def approach(
    actions: ActionSettings, media: Mapping[str, MediumSettings], campaigns: CampaignSettings
) -> Approach:
    """The sections as the tables take them."""
    from dataclasses import replace

    from tieline.decisions.approach import DEFAULT_MEDIA, Approach

    told = {
        name: {key: value for key, value in one.model_dump().items() if value is not None}
        for name, one in media.items()
    }
    chosen = tuple(replace(one, **told.get(one.name, {})) for one in DEFAULT_MEDIA)
    return Approach(
        media=chosen,
        response_days=campaigns.response_days,
        consent_needed=campaigns.consent_needed,
        **actions.model_dump(),
    )


def _known(word: str, words: list[str] | tuple[str, ...], what: str, before: str = "") -> None:
    if word in words:
        return
    hint = did_you_mean(word, words, cutoff=0.5)
    raise ValueError(f"{before}{word}: is no {what}.{hint} Known are: {', '.join(words)}")
