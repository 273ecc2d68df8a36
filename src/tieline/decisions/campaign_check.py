"""Whether a planned campaign fits where the relationships stand, and whom it may reach.

The rule is that of the essay on one-to-one marketing: "If the database indicates very few
companies/sites are at the mid-dialogue stage, then product-centric communication is not
appropriate. Trying to advance the relationships too fast, for example by skipping steps, results in
poor response rates."
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tieline.data.sql_text import literal
from tieline.decisions.approach import CHANNELS
from tieline.decisions.response_history import Rate, rates
from tieline.engine.tables import Engine
from tieline.metrics.response_rules import StageLimits
from tieline.metrics.segment import ALL, check_segment
from tieline.metrics.stage_words import STAGES, place_sql

Verdict = Literal["fits", "part", "skips", "nobody"]

CHECK_TABLES = (
    "as_of", "site_stage_periods", "site_stages", "stage_distribution", "universe", "contacts",
    "contact_stays", "site_players", "consents", "touches", "responses",
)  # fmt: skip
"""The snapshot tables that a check reads."""


@dataclass(frozen=True)
class Family:
    """A family of messages: the places of the stages it fits, `aim` the place it leads to.

    `to_players` says that it is for key players; else it is for every contact of the site.
    """

    name: str
    fits: tuple[int, ...]
    aim: int
    says: str
    to_players: bool = True

    @property
    def least(self) -> int:
        """The first place at which there is anybody to say it to; all sites can be looked into."""
        return 1 if self.to_players else 0


FAMILIES = {
    one.name: one
    for one in (
        Family("identification", (0, 1), 2, "finds out who plays a role in buying", False),
        Family("dialogue", (2, 3), 3, "asks for interest and project, and for an opt-in"),
        Family("solution", (3, 4), 4, "helps to look into solutions"),
        Family("product", (4, 5), 5, "talks of a product, a price or a talk with sales"),
    )
}
"""By SPEC M3 and X1: each leads to the stage after those it fits, and none is left out."""


@dataclass(frozen=True)
class Campaign:
    """What is planned: to which segment, which family of messages, by which medium, when."""

    family: str
    medium: str
    segment: str = ALL
    on: date | None = None


@dataclass(frozen=True)
class CheckLimits:
    """The settings `[campaigns]`."""

    few_share: float
    response_days: int
    least_touches: int
    consent_needed: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """The sites of a segment at one place, and the people there whom the message is for.

    `skipped` counts the stages that the message leaves out there (0 where it fits), `beyond` says
    that they are further than it leads. `people` = `may` + `withdrawn` + `unsaid`; `unreached` of
    those who may have no address for the medium.
    """

    place: int
    sites: int
    skipped: int
    beyond: bool
    people: int
    may: int
    withdrawn: int
    unsaid: int
    unreached: int
    rate: Rate


@dataclass(frozen=True)
class Checked:
    """What came of a check: the verdict, a group per place, and when the distribution stands."""

    campaign: Campaign
    verdict: Verdict
    groups: tuple[Group, ...]
    as_of: date | None

    @property
    def addressed(self) -> tuple[Group, ...]:
        """The groups with somebody to say it to: where no contact is known, nothing is sent."""
        return tuple(g for g in self.groups if g.place >= FAMILIES[self.campaign.family].least)

    @property
    def sites(self) -> int:
        """All sites where there is somebody to say it to."""
        return sum(group.sites for group in self.addressed)

    @property
    def fitting(self) -> tuple[Group, ...]:
        """The groups that the message fits."""
        return tuple(g for g in self.groups if g.place in FAMILIES[self.campaign.family].fits)

    @property
    def early(self) -> tuple[Group, ...]:
        """The groups for which it comes too early."""
        return tuple(group for group in self.addressed if group.skipped)

    @property
    def most_skipped(self) -> int:
        """How many stages it skips at the stage where most sites stand for which it is early."""
        return max(self.early, key=lambda group: group.sites).skipped if self.early else 0

    @property
    def expected(self) -> tuple[float, float] | None:
        """How many answers of those it fits and may reach, 95 % interval; None where not known."""
        told = [(g.may - g.unreached, g.rate) for g in self.fitting if g.may > g.unreached]
        if not told or any(rate.low is None or rate.high is None for _, rate in told):
            return None
        low = sum(many * (rate.low or 0.0) for many, rate in told)
        return low, sum(many * (rate.high or 0.0) for many, rate in told)


def family_for(place: int) -> Family | None:
    """The family that leads furthest from a place without leaving a stage out; None for sales."""
    return next((one for one in reversed(FAMILIES.values()) if place in one.fits), None)


def check_campaign(
    engine: Engine, campaign: Campaign, limits: CheckLimits, stages: StageLimits
) -> Checked:
    """Hold a campaign against the stages of its segment and against consent.

    `engine` has the tables of a snapshot. Raises TielineError for a segment that is not there.
    """
    family = FAMILIES[campaign.family]
    _check(engine, campaign.segment)
    sites = _sites(engine, campaign.segment)
    people = _people(engine, campaign, family, limits.consent_needed)
    history = rates(engine, campaign.medium, limits, stages)
    groups = tuple(
        Group(
            place=place,
            sites=sites.get(place, 0),
            skipped=0 if place in family.fits else max(family.aim - place - 1, 0),
            beyond=place > max(family.fits),
            rate=history[place],
            **people.get(place, dict.fromkeys(_COUNTS, 0)),
        )
        for place in range(len(STAGES))
    )
    as_of = engine.arrow("SELECT as_of FROM as_of")["as_of"].to_pylist()[0]
    return Checked(campaign, _verdict(groups, family, limits.few_share), groups, as_of)


_COUNTS = ("people", "may", "withdrawn", "unsaid", "unreached")


def _verdict(groups: tuple[Group, ...], family: Family, few_share: float) -> Verdict:
    """Whether it fits all but a few of the sites, a part, or so few that it skips steps."""
    addressed = [group for group in groups if group.place >= family.least]
    whole = sum(group.sites for group in addressed)
    fits = sum(group.sites for group in addressed if group.place in family.fits)
    early = sum(group.sites for group in addressed if group.skipped)
    if not whole:
        return "nobody"
    if fits < few_share * whole:
        return "skips" if early else "nobody"
    return "part" if early >= few_share * whole else "fits"


def _check(engine: Engine, segment: str) -> None:
    known = engine.arrow("SELECT DISTINCT segment FROM stage_distribution WHERE segment <> ''")
    names = sorted(known["segment"].to_pylist())
    check_segment(segment, names)


def _sites(engine: Engine, segment: str) -> dict[int, int]:
    rows = engine.arrow(
        f"SELECT place, sites FROM stage_distribution WHERE segment = {literal(segment)}"
    ).to_pylist()
    return {row["place"]: row["sites"] for row in rows}


def _people(
    engine: Engine, campaign: Campaign, family: Family, needed: tuple[str, ...]
) -> dict[int, dict[str, int]]:
    """Of the people at the sites of each place: who may be written to, and has an address."""
    inside = "" if campaign.segment == ALL else f"AND s.segment = {literal(campaign.segment)}"
    players = "JOIN site_players p ON p.site_id = t.site_id AND p.contact_id = t.contact_id"
    channel = CHANNELS[campaign.medium]
    agreed = "TRUE" if channel not in needed else "coalesce(c.granted, FALSE)"
    address = {"email": "k.email", "phone": "coalesce(k.phone, k.mobile)", "sms": "k.mobile"}
    reached = address.get(campaign.medium, "''")
    rows = engine.arrow(f"""
    WITH said AS (
      SELECT contact_id, bool_or(state = 'withdrawn') AS withdrawn,
        bool_or(state = 'granted') AS granted
      FROM consents WHERE purpose = 'marketing' AND channel IN ('any', {literal(channel or "")})
      GROUP BY contact_id
    ),
    people AS (
      SELECT {place_sql("s")} AS place, coalesce(c.withdrawn, FALSE) AS withdrawn,
        {agreed} AS agreed, {reached} IS NOT NULL AS reached
      FROM contact_stays t
      JOIN site_stages s ON s.site_id = t.site_id {inside}
      JOIN contacts k ON k.contact_id = t.contact_id
      {players if family.to_players else ""}
      LEFT JOIN said c ON c.contact_id = t.contact_id AND {"TRUE" if channel else "FALSE"}
      WHERE t.entered_on <= coalesce(s.as_of, t.entered_on)
        AND (t.left_on IS NULL OR t.left_on > s.as_of)
    )
    SELECT place, count(*) AS people,
      count(*) FILTER (WHERE agreed AND NOT withdrawn) AS may,
      count(*) FILTER (WHERE withdrawn) AS withdrawn,
      count(*) FILTER (WHERE NOT withdrawn AND NOT agreed) AS unsaid,
      count(*) FILTER (WHERE agreed AND NOT withdrawn AND NOT reached) AS unreached
    FROM people GROUP BY place
    """).to_pylist()
    return {row.pop("place"): row for row in rows}
