"""What a file `scorecards/NAME.toml` may say: frozen models, unknown keys refused."""

from __future__ import annotations

import re
from itertools import pairwise
from math import inf
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tieline.errors import TielineError, did_you_mean
from tieline.metrics.hand_over import (
    ANSWER_WITHIN_DAYS,
    REASONS,
    RECYCLE_AFTER_DAYS,
    WORK_WITHIN_DAYS,
    HandOver,
    Seller,
)
from tieline.metrics.lead_fields import BY_NAME
from tieline.metrics.scorecard import (
    CASES,
    COLLECTORS,
    GROUPS,
    THRESHOLDS,
    Band,
    Criterion,
    Scorecard,
)

Points = Annotated[float, Field(ge=-1000.0, le=1000.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
_WORD = re.compile(r"[a-z][a-z0-9_]*\Z")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _one_of(value: str, words: tuple[str, ...]) -> str:

    if value not in words:
        hint = did_you_mean(value, words, cutoff=0.5)
        raise ValueError(f"{value!r} is not known here.{hint} Known are: {', '.join(words)}")
    return value


class BandSettings(_Section):
    """One line of `bands`: the points of numbers from `at_least` on and `below`."""

    at_least: float | None = None
    """The smallest number of the band; left out for no lower end."""
    below: float | None = None
    """The first number above the band; left out for no upper end."""
    points: Points
    """Points of the band."""

    @model_validator(mode="after")
    def _not_empty(self) -> BandSettings:
        low, high = self.ends()
        if low >= high:
            raise ValueError(f"the band {self} holds no number: write at_least < below")
        return self

    def ends(self) -> tuple[float, float]:
        """Both ends, infinite where there is none."""
        return (
            -inf if self.at_least is None else self.at_least,
            inf if self.below is None else self.below,
        )

    def __str__(self) -> str:
        ends = [f"from {self.at_least:g}"] if self.at_least is not None else []
        ends += [f"below {self.below:g}"] if self.below is not None else []
        return " to ".join(ends) or "of every number"


class CriterionSettings(_Section):
    """`[criteria.<name>]`: one question of the scorecard, and the points of its answers."""

    group: str
    """demographics, attributes, activity or buying_status."""
    points: Points = 0.0
    """Points where the rule `when` holds, or of one response of `kinds` and `topics`."""
    when: str = ""
    """A rule over fields: `account.employees >= 50 AND site.country = 'DE'`."""
    field: str = ""
    """One field, with its answers in `values` or `bands`."""
    values: dict[str, Points] = {}
    """Points by text of the field; large and small letters are the same."""
    bands: tuple[BandSettings, ...] = ()
    """Points by ranges of a number."""
    kinds: tuple[str, ...] = ()
    """Words of the kind of response; a `*` at an end of a word is any letters."""
    topics: tuple[str, ...] = ()
    """Words of its topic."""
    half_life_days: Annotated[float, Field(ge=0.0)] = 0.0
    """After so many days a response counts half; 0 for never less."""
    most: Annotated[float, Field(gt=0.0)] = 1.0
    """All responses together count at most as this many."""
    otherwise: Points = 0.0
    """Points where the answer is another one."""
    unknown: Points = 0.0
    """Points where nothing is known."""
    required_for: str = ""
    """The stage that nobody reaches while this is not known; '' for nice to have."""
    collected_by: dict[str, Share] = {}
    """Who finds it out and how reliably: `{ marketing = 0.9, inside_sales = 0.6 }`."""
    question: str = ""
    """In which words it is asked; '' for the usual words of its fields."""
    known_before_outcome: bool = False
    """True says that it is filled in before the outcome, though it looks otherwise."""

    @field_validator("group")
    @classmethod
    def _group(cls, value: str) -> str:
        return _one_of(value, GROUPS)

    @field_validator("required_for")
    @classmethod
    def _stage(cls, value: str) -> str:
        return value and _one_of(value, THRESHOLDS)

    @field_validator("collected_by")
    @classmethod
    def _who(cls, value: dict[str, float]) -> dict[str, float]:
        for who in value:
            _one_of(who, COLLECTORS)
        return value

    @field_validator("bands", "kinds", "topics", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _one_question(self) -> CriterionSettings:
        asked = [
            name
            for name, given in (
                ("when", self.when),
                ("field", self.field),
                ("kinds and topics", self.kinds or self.topics),
            )
            if given
        ]
        if len(asked) != 1:
            told = " and ".join(asked) or "nothing"
            raise ValueError(f"asks {told}: ask one of when, field, or kinds and topics")
        if self.when:
            _check_rule(self.when)
        elif self.field:
            self._check_field()
        else:
            self._check_activity()
        if not self.field and (self.values or self.bands):
            raise ValueError("values and bands need a field")
        return self

    def _check_field(self) -> None:
        if self.points:
            raise ValueError("points are those of values and bands where a field is asked")
        known = BY_NAME.get(self.field)
        if known is None and not (self.field.startswith(CASES) and len(self.field) > len(CASES)):
            from tieline.metrics.segment_rule import unknown_field

            problem = unknown_field(self.field, BY_NAME)
            raise ValueError(f"{problem.message} {problem.next_step}")
        if bool(self.values) == bool(self.bands):
            raise ValueError("give the points of the field in values or in bands")
        if known is not None and known.kind == "text" and self.bands:
            raise ValueError(f"{self.field} is a text: give its points in values")
        if known is not None and known.kind == "number" and self.values:
            raise ValueError(f"{self.field} is a number: give its points in bands")
        for text in self.values if known is not None and known.words else ():
            _one_of(text.strip().lower(), known.words if known else ())
        ordered = sorted(self.bands, key=lambda band: band.ends())
        for one, other in pairwise(ordered):
            if other.ends()[0] < one.ends()[1]:
                raise ValueError(
                    f"the bands {one} and {other} overlap: let one begin where the other ends"
                )
        texts = [text.strip().lower() for text in self.values]
        twice = [text for text in texts if texts.count(text) > 1]
        if twice:
            raise ValueError(f"values has {twice[0]!r} twice")

    def _check_activity(self) -> None:
        from tieline.metrics.response_rules import unreadable

        if not self.points:
            raise ValueError("a criterion of responses needs points")
        for words in (*self.kinds, *self.topics):
            wrong = unreadable(words)
            if wrong:
                raise ValueError(f"{words!r}: {wrong}")


def _check_rule(rule: str) -> None:
    from tieline.metrics.segment_rule import read_rule

    if CASES in rule:
        raise ValueError("a field of past cases is asked with field, and values or bands")
    try:
        read_rule(rule, BY_NAME)
    except TielineError as problem:
        raise ValueError(f"{problem.message} {problem.next_step}") from None


class OwnerSettings(_Section):
    """`[owners]`: who signs for each department."""

    marketing: str = ""
    """Who signs for marketing."""
    sales: str = ""
    """Who signs for sales."""


class ThresholdSettings(_Section):
    """`[thresholds]`: from how many points on somebody is at a stage."""

    marketing_qualified: Points
    """Marketing has done its part: ready to be handed over."""
    sales_accepted: Points
    """Sales takes it up."""
    sales_qualified: Points
    """Sales sees an opportunity."""

    @model_validator(mode="after")
    def _in_order(self) -> ThresholdSettings:
        told = [(stage, getattr(self, stage)) for stage in THRESHOLDS]
        for (one, points), (other, more) in pairwise(told):
            if more <= points:
                raise ValueError(
                    f"{other} ({more:g}) comes after {one} ({points:g}) and needs more points"
                )
        return self


class SellerSettings(_Section):
    """`[[hand_over.sellers]]`: who gets which leads; the first whose rule holds."""

    name: str
    """The seller."""
    when: str
    """A rule over fields: `account.country = 'DE' AND account.employees >= 500`."""

    @model_validator(mode="after")
    def _readable(self) -> SellerSettings:
        if not self.name.strip():
            raise ValueError("a seller needs a name")
        _check_rule(self.when)
        return self


class HandOverSettings(_Section):
    """`[hand_over]`: which leads sales gets, who of them, and in how many days of a calendar."""

    from_stage: str = THRESHOLDS[0]
    """The stage from which on a lead is handed over."""
    answer_within_days: Annotated[int, Field(ge=0, le=365)] = ANSWER_WITHIN_DAYS
    """A lead is answered so many days after it was handed over."""
    work_within_days: Annotated[int, Field(ge=0, le=365)] = WORK_WITHIN_DAYS
    """Something is done about an accepted lead so many days after the answer."""
    recycle_after_days: Annotated[int, Field(ge=1, le=3650)] = RECYCLE_AFTER_DAYS
    """A recycled lead comes back so many days after the answer, if that names no day."""
    reasons: tuple[str, ...] = REASONS
    """Why a lead may be rejected."""
    sellers: tuple[SellerSettings, ...] = ()
    """Who gets which leads; the sales owner all others."""

    @field_validator("from_stage")
    @classmethod
    def _stage(cls, value: str) -> str:
        return _one_of(value, THRESHOLDS)

    @field_validator("reasons", "sellers", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("reasons")
    @classmethod
    def _reasons(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for reason in value:
            if not _WORD.match(reason):
                raise ValueError(
                    f"{reason!r} is no name of a reason: use lower case letters, digits and _"
                )
            if value.count(reason) > 1:
                raise ValueError(f"reasons has {reason!r} twice")
        if not value:
            raise ValueError("it has no reason: leave reasons out for the usual ones")
        return value

    def hand_over(self) -> HandOver:
        """The same as the tables take it."""
        told = self.model_dump(exclude={"sellers"})
        return HandOver(
            sellers=tuple(Seller(one.name.strip(), one.when) for one in self.sellers), **told
        )


class CasesSettings(_Section):
    """`[cases]`: a table of past leads whose outcome is known, for scorecards of such a table."""

    file: str
    """The file, as seen from the workspace's folder."""
    outcome: str
    """The column that says how it ended."""
    won: str = "1"
    """What stands there for a good end."""
    order: str = ""
    """A column that grows with time; '' where none does."""


class ScorecardFile(_Section):
    """The whole of a scorecard's file."""

    product: str
    """The product it is about."""
    owners: OwnerSettings = OwnerSettings()
    thresholds: ThresholdSettings
    hand_over: HandOverSettings = HandOverSettings()
    cases: CasesSettings | None = None
    criteria: dict[str, CriterionSettings]

    @model_validator(mode="after")
    def _whole(self) -> ScorecardFile:
        if not self.criteria:
            raise ValueError("it has no criterion: write a section [criteria.NAME]")
        if self.cases is not None and "hand_over" in self.model_fields_set:
            raise ValueError("a scorecard of past cases hands nobody over: take [hand_over] out")
        for name, one in self.criteria.items():
            of_cases = one.field.startswith(CASES)
            if of_cases and self.cases is None:
                raise ValueError(
                    f"criteria.{name}: {one.field} is a field of past cases, and no section "
                    "[cases] says where they are"
                )
            if self.cases is not None and not of_cases:
                raise ValueError(
                    f"criteria.{name}: a scorecard of past cases asks their columns only, "
                    f"such as field = {CASES + 'source'!r}"
                )
        return self

    def scorecard(self, name: str) -> Scorecard:
        """The same as the tables take it."""
        cases: dict[str, Any] = self.cases.model_dump() if self.cases else {}
        cases["cases"] = cases.pop("file", "")
        return Scorecard(
            name=name,
            product=self.product,
            criteria=tuple(_criterion(key, one) for key, one in self.criteria.items()),
            thresholds=tuple((stage, getattr(self.thresholds, stage)) for stage in THRESHOLDS),
            marketing_owner=self.owners.marketing.strip(),
            sales_owner=self.owners.sales.strip(),
            hand_over=self.hand_over.hand_over(),
            **cases,
        )


def _criterion(name: str, given: CriterionSettings) -> Criterion:
    told = given.model_dump(exclude={"values", "bands", "collected_by"})
    return Criterion(
        name=name,
        values=tuple(given.values.items()),
        bands=tuple(Band(one.points, one.at_least, one.below) for one in given.bands),
        collected_by=tuple(sorted(given.collected_by.items())),
        **told,
    )
