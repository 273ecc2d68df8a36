"""`[categories]`: how contacts are told apart by what they do, and the user's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tieline.errors import did_you_mean

if TYPE_CHECKING:
    from tieline.metrics.category import CategoryRules


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CategoryRuleSettings(_Section):
    """`[[categories.rules]]`: what the user says of a kind, topic, source or function."""

    category: str
    """The category of what fits all that the rule names."""
    kind: str = ""
    """Kind of a response, as the source calls it; a `*` is any letters."""
    topic: str = ""
    """Topic of a response; a `*` is any letters."""
    source: str = ""
    """Name of a source; a `*` is any letters."""
    function: str = ""
    """Function of the contact's title."""

    @model_validator(mode="after")
    def _known(self) -> CategoryRuleSettings:
        from tieline.metrics.category import CATEGORIES

        _refuse_unknown("category", self.category, CATEGORIES)
        if not (self.kind or self.topic or self.source or self.function):
            raise ValueError("name at least one of kind, topic, source and function")
        if self.function:
            from tieline.data.values.job_title import FUNCTIONS

            _refuse_unknown("function", self.function, FUNCTIONS)
        return self


class CategorySettings(_Section):
    """`[categories]`: who a contact is to us, by what they do."""

    half_life_days: Annotated[float, Field(ge=30.0)] = 1000.0
    """A response this old counts half: half of the people in lists have another job after 2.7
    years, at the 22.5 % a year that are commonly quoted of B2B contacts."""
    repetition: Annotated[float, Field(ge=0.0, le=1.0)] = 0.2
    """How much two responses of one person say the same, 0 to 1: with 0.2 a hundred tickets prove
    as much as five independent ones (Kish's design effect). Our estimate."""
    usual_accounts: Annotated[int, Field(ge=2)] = 10
    """How many accounts that bought a usual mix needs; with fewer the band is made wider. Ten
    give a mean share about 0.1 either way."""
    rules: tuple[CategoryRuleSettings, ...] = ()
    """Your own rules, which win over the lists of words; of several that fit, the first."""

    @field_validator("rules", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


def category_rules(section: CategorySettings) -> CategoryRules:
    """The section as the tables take it."""
    from tieline.metrics.category import CategoryRule, CategoryRules

    return CategoryRules(
        half_life_days=section.half_life_days,
        repetition=section.repetition,
        usual_accounts=section.usual_accounts,
        rules=tuple(CategoryRule(**rule.model_dump()) for rule in section.rules),
    )


def _refuse_unknown(what: str, word: str, words: tuple[str, ...]) -> None:
    if word in words:
        return
    hint = did_you_mean(word.lower().replace(" ", "_"), words, cutoff=0.5)
    raise ValueError(f"{what}: {word!r} is none.{hint} Known are: {', '.join(words)}")
