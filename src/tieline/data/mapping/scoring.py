"""How well one column fits one field: name and content put together.

    score = (1 - (1 - NAME_WEIGHT * name) * (1 - content)) * fit

`name` is what the header says (0..1, `header.py`), `content` how much the values speak for the
field by themselves (0..1, `content.py`). `fit` falls from 1 to
`REFUTED` as fewer values could be of the field at all, so that strong content overrules a header.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tieline.data.kinds import IGNORED, SCHEMES, families
from tieline.data.mapping.content import (
    EXPECTATIONS,
    FEW,
    Profile,
    content_score,
    possible_share,
    unlike_share,
)
from tieline.data.mapping.header import HeaderReading

NAME_WEIGHT = 0.9
"""A header alone makes nobody surer than this."""
FITS_FROM = 0.6
"""From this share of possible values on, the rest counts as dirt and costs nothing."""
REFUTED = 0.12
"""What is left of a header's score when no value could be of the field."""
UNUSED_HEADER = 0.55
"""What is left of content's score when the header is known to name something we do not use."""
OF_DIGITS = ("phone", "fax", "postcode", "employees", "identifier:vat")
"""Fields whose values look like any long number: a header that names an id outweighs them."""
UNIQUE_FROM = 0.97
"""Least share of different values in a column that is the row's own id."""

TARGETS: tuple[str, ...] = (
    *families(),
    "company_2",
    *(f"identifier:{name}" for name in SCHEMES),
)
"""What a column can be: a family of fields, a trade name, or a scheme of identifiers."""


@dataclass
class Candidate:
    """One column on its way to a field: what it says, and its score 0..1 by target."""

    column: str
    position: int
    reading: HeaderReading
    profile: Profile
    scores: dict[str, float] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def name_score(self, target: str) -> float:
        """What the header alone says for the target, 0..1."""
        evidence = self.reading.evidence.get(target)
        return evidence.score if evidence else 0.0

    @property
    def is_id_header(self) -> bool:
        """Whether the header names an id: the row's own, or a customer's or supplier's number."""
        return self.name_score("record_key") >= 0.6

    @property
    def is_unused_header(self) -> bool:
        """Whether the header is best known as something we do not use."""
        unused = self.name_score(IGNORED)
        return unused >= 0.6 and unused >= max(self.reading_scores(), default=0.0)

    def reading_scores(self) -> list[float]:
        """The header's scores for the fields that are used."""
        return [e.score for name, e in self.reading.evidence.items() if name != IGNORED]


def score(candidate: Candidate) -> None:
    """Fill the candidate's score for each target that its header or its values speak for."""
    for target in TARGETS:
        name = candidate.name_score(target)
        if name == 0.0 and (target not in EXPECTATIONS or not EXPECTATIONS[target].typical):
            continue
        value = _score(candidate, target, name)
        if value >= 0.05:
            candidate.scores[target] = round(value, 4)


def _score(candidate: Candidate, target: str, name: float) -> float:
    profile = candidate.profile
    content = content_score(profile, target)
    if profile.filled < FEW:
        content *= 0.7
    known_as_id = candidate.is_id_header and target in OF_DIGITS and not name
    if candidate.is_unused_header or known_as_id:
        content *= UNUSED_HEADER
    combined = 1 - (1 - NAME_WEIGHT * name) * (1 - content)
    return combined * _fit(profile, target)


def _fit(profile: Profile, target: str) -> float:
    if target == "record_key" and profile.values and profile.unique_share < UNIQUE_FROM:
        return REFUTED
    possible = possible_share(profile, target)
    if possible is None:
        return 1.0
    fit = min(1.0, possible / FITS_FROM) * (1 - unlike_share(profile, target))
    trust = 1.0 if profile.filled >= FEW else 0.6
    return 1 - trust * (1 - (REFUTED + (1 - REFUTED) * fit))
