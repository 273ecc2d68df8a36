"""`[stages]` and `[campaigns]` of `tieline.toml`: what moves a site, and when a campaign fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

if TYPE_CHECKING:
    from tieline.metrics.response_rules import ResponseRule, StageLimits

# The rules' own file is loaded where there are stages: most commands need none.

Days = Annotated[int, Field(ge=1, le=36_500)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StageRuleSettings(_Section):
    """`[[stages.rules]]`: what responses of some kinds about some topics mean; the first fits."""

    phase: Literal["early", "mid", "late", "none"]
    """The phase of dialogue they show; `none` for what is no dialogue."""
    kinds: tuple[str, ...] = ()
    """Words of the kind of response, or of the source where a row tells no kind; a `*` at the
    beginning or end of a word is any letters. Empty for every kind."""
    topics: tuple[str, ...] = ()
    """Words of the topic, likewise; `*` alone is any topic that is told. Empty for every topic."""

    @field_validator("kinds", "topics", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _readable(self) -> StageRuleSettings:
        from tieline.metrics.response_rules import unreadable

        if not self.kinds and not self.topics:
            raise ValueError("say kinds or topics, or the rule would fit every response")
        for words in (*self.kinds, *self.topics):
            wrong = unreadable(words)
            if wrong:
                raise ValueError(f"{words!r}: {wrong}")
        return self


class StageSettings(_Section):
    """`[stages]`: what moves a site from stage to stage, and back."""

    silence_days: Days = 365
    """After so many days without a response that shows it, a phase of dialogue is over. A year is
    the usual round of a budget; the essay on one-to-one marketing names none."""
    after_close_days: Annotated[int, Field(ge=0, le=36_500)] = 0
    """So many days a site stays in sales after its last opportunity was closed; 0 says that
    marketing has it back on that day, as SPEC M3 knows no stage after sales."""
    rules: tuple[StageRuleSettings, ...] = ()
    """Your own rules for responses; they come before ours, which `tieline stages --rules` shows."""

    @field_validator("rules", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _at_one(self) -> StageSettings:
        from tieline.metrics.response_rules import contradiction

        wrong = contradiction(named_rules(self.rules))
        if wrong:
            raise ValueError(wrong)
        return self


class CampaignSettings(_Section):
    """`[campaigns]`: when `tieline campaign-check` warns, and what holds for next actions, too."""

    few_share: Annotated[float, Field(ge=0.0, le=1.0)] = 0.1
    """Too few sites stand at the stage that a message needs where their share is smaller. The essay
    on one-to-one marketing says "very few" (4 % in the brief's example); a tenth is our reading."""
    response_days: Days = 30
    """A response within so many days answers a touch of the same contact."""
    least_touches: Annotated[int, Field(ge=1)] = 100
    """With fewer touches of a medium at sites of a stage no rate is told: at 100, the 95 % interval
    (Wilson) of a rate of 5 % ends at 2 and 11 %."""
    consent_needed: tuple[str, ...] = ("email", "sms", "fax", "messenger")
    """Channels on which only who agreed may be reached, as law asks in most of Europe (article 13
    of Directive 2002/58/EC); on others whoever has not objected. Calls to businesses: article 13(5)
    leaves them to each country, German law presumes consent of whom the matter concerns (UWG § 7);
    add "phone" where yours does not."""

    @field_validator("consent_needed", mode="before")
    @classmethod
    def _known_channels(cls, value: object) -> object:
        from tieline.data.kinds.consent_fields import CHANNELS

        for channel in value if isinstance(value, list) else ():
            if channel not in CHANNELS:
                raise ValueError(f"{channel!r} is no channel; known are: {', '.join(CHANNELS)}")
        return tuple(value) if isinstance(value, list) else value


def named_rules(sections: Sequence[StageRuleSettings]) -> tuple[ResponseRule, ...]:
    """The sections `[[stages.rules]]` as the tables take them, in their order."""
    from tieline.metrics.response_rules import ResponseRule

    return tuple(
        ResponseRule(one.phase, one.kinds, one.topics, f"rule {number} of tieline.toml")
        for number, one in enumerate(sections, start=1)
    )


def stage_limits(section: StageSettings) -> StageLimits:
    """The section `[stages]` as the tables take it: your rules, then ours."""
    from tieline.metrics.response_rules import RULES, StageLimits

    rules = (*named_rules(section.rules), *RULES)
    return StageLimits(section.silence_days, section.after_close_days, rules)
