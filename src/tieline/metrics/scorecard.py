"""A product's scorecard: when a person is a lead, as marketing and sales wrote it down."""

from __future__ import annotations

from dataclasses import dataclass, field

from tieline.metrics.hand_over import HandOver

GROUPS = ("demographics", "attributes", "activity", "buying_status")
"""The four groups of criteria (SPEC M5)."""
COLLECTORS = ("marketing", "inside_sales", "field_sales")
"""Who can find out what a criterion asks."""
INQUIRY, NONE = "inquiry", "none"
"""Somebody who responded; somebody who never did."""
THRESHOLDS = ("marketing_qualified", "sales_accepted", "sales_qualified")
"""The stages that a score leads to, in their order."""
OUTCOMES = ("won", "lost")
DRAFT, PROPOSED, IN_FORCE = "draft", "proposed", "in_force"
UNUSABLE = "unusable"
"""The state of a scorecard of which no text can be applied."""
CASES = "cases."
"""How fields of a table of past cases begin; all others are fields of contacts and companies."""


@dataclass(frozen=True)
class Band:
    """Points of numbers from `at_least` on and `below`; None for no end."""

    points: float
    at_least: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Criterion:
    """One question of a scorecard, and the points of its answers.

    It asks one of three things: whether a rule holds (`when`), what a `field` holds (by `values` or
    `bands`), or what somebody did (`kinds`, `topics` of responses; each counts half after
    `half_life_days`, all together no more than `most`). `points` are those of the rule or of one
    response; `otherwise` those of any other answer, `unknown` those of none. `required_for` is the
    stage that nobody reaches without an answer, '' for nice to have. `collected_by` says who finds
    it out and how reliably, from 0 to 1; `question` in which words, '' for the usual ones.
    """

    name: str
    group: str
    points: float = 0.0
    when: str = ""
    field: str = ""
    values: tuple[tuple[str, float], ...] = ()
    bands: tuple[Band, ...] = ()
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    half_life_days: float = 0.0
    most: float = 1.0
    otherwise: float = 0.0
    unknown: float = 0.0
    required_for: str = ""
    collected_by: tuple[tuple[str, float], ...] = ()
    known_before_outcome: bool = False
    question: str = ""

    @property
    def is_activity(self) -> bool:
        """Whether it asks what somebody did."""
        return bool(self.kinds or self.topics)

    def range(self) -> tuple[float, float]:
        """The fewest and the most points it can give."""
        if self.is_activity:
            most = self.points * self.most
            return min(0.0, most), max(0.0, most)
        told = [self.otherwise, self.unknown]
        told += [points for _, points in self.values] + [band.points for band in self.bands]
        if self.when:
            told.append(self.points)
        return min(told), max(told)


@dataclass(frozen=True)
class Scorecard:
    """The scorecard of a product: criteria, thresholds in the order of `THRESHOLDS`, owners.

    `version` is the beginning of the hash of its text, `state` draft, proposed or in_force;
    `in_force_since` an ISO 8601 moment, '' for never. `cases` is the file of past cases it is
    about, '' where it is about the contacts of the workspace. `earlier` are the versions that were
    in force before, the oldest first. `problem` says what is wrong with its file, '' for nothing:
    the text in force counts all the same, and without one nothing does.
    """

    name: str
    product: str
    criteria: tuple[Criterion, ...]
    thresholds: tuple[tuple[str, float], ...]
    marketing_owner: str = ""
    sales_owner: str = ""
    version: str = ""
    state: str = DRAFT
    in_force_since: str = ""
    hand_over: HandOver = field(default_factory=HandOver)
    cases: str = ""
    outcome: str = ""
    won: str = ""
    order: str = ""
    problem: str = ""
    earlier: tuple[Scorecard, ...] = ()

    @property
    def versions(self) -> tuple[Scorecard, ...]:
        """Every version that tells of some time, the oldest first."""
        return (*self.earlier, self)

    @property
    def of_contacts(self) -> bool:
        """Whether a build scores contacts by it."""
        return not self.cases and self.state != UNUSABLE

    @property
    def hands_over(self) -> bool:
        """Whether leads are handed over by it: only what both departments signed moves a lead."""
        return self.of_contacts and self.state == IN_FORCE

    @property
    def handing_over_since(self) -> str:
        """When its first version came into force, ISO 8601; '' for never."""
        return self.versions[0].in_force_since

    @property
    def handed_stages(self) -> tuple[str, ...]:
        """The stages at which a lead is handed over."""
        return THRESHOLDS[THRESHOLDS.index(self.hand_over.from_stage) :]
