"""Categories of contacts: their names, what a workspace says of them, and the lists beside it.

The lists are `category_weights.tsv` (what speaks for which category, and how strongly) and
`category_words.tsv` (by which words a text is known to say so).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

CATEGORIES = (
    *("decision_maker", "influencer", "user", "finance", "procurement", "partner", "analyst"),
    *("media", "investor", "job_seeker", "vendor", "competitor", "employee", "other"),
)
AT_WORK = CATEGORIES[:5]
"""Those who take part in buying, using or paying; the others' company serves another purpose."""
UNKNOWN = "unknown"
"""What a contact is where too little speaks for any category."""

PRIORS = {
    "unknown": 0.50, "user": 0.10, "decision_maker": 0.08, "influencer": 0.08,
    "procurement": 0.05, "finance": 0.05, "partner": 0.03, "other": 0.03, "vendor": 0.02,
    "media": 0.01, "analyst": 0.01, "investor": 0.01, "job_seeker": 0.01, "competitor": 0.01,
    "employee": 0.01,
}  # fmt: skip
"""What share of contacts is expected to be in each category before anything is known of them. Our
estimate: half of a database says too little of its people; in the other half the departments' lists
of the first essay (marketing's, support's, finance's, those for press and investors) in the order
of the sizes that such lists have. One piece of good evidence (4 bits) outweighs all of it."""

TEMPERATURE = 1.1
"""Bits of evidence are divided by it, so that stated probabilities come true. Fitted by
`benchmarks/categories.py --fit` on the invented market of seed 11, checked on others."""


@dataclass(frozen=True)
class CategoryRule:
    """A user's rule: what fits all that it names is of this category; '' names nothing.

    `kind` and `topic` are of a response, `source` is where it or the contact comes from, `function`
    is that of the contact's title. A `*` stands for any letters.
    """

    category: str
    kind: str = ""
    topic: str = ""
    source: str = ""
    function: str = ""


@dataclass(frozen=True)
class CategoryRules:
    """What the settings say of categories, and from which list each source comes.

    A response counts half after `half_life_days`. `repetition` is how much two responses of one
    person say the same, 0 to 1. A usual mix needs `usual_accounts` that bought.
    """

    half_life_days: float = 1000.0
    repetition: float = 0.2
    usual_accounts: int = 10
    rules: tuple[CategoryRule, ...] = ()


@dataclass(frozen=True)
class SourceOwner:
    """A source and the department it comes from ('' where the settings name none)."""

    source: str
    owner: str = ""


class Weight(NamedTuple):
    """One line of `category_weights.tsv`: what it speaks for, in bits, and in words."""

    basis: str
    said: str
    words: str
    telling: float
    speaks_for: tuple[tuple[str, float], ...]
    why: str


@cache
def weights() -> tuple[Weight, ...]:
    """The lines of the list of weights, in its order."""
    found = []
    for basis, said, words, telling, speaks_for, why in _rows("category_weights.tsv"):
        pairs = [part.rpartition(" ") for part in speaks_for.split("; ") if part]
        bits = tuple((category, float(number)) for category, _, number in pairs)
        found.append(Weight(basis, said, words, float(telling), bits, why))
    return tuple(found)


@cache
def phrases(field: str) -> tuple[tuple[str, str], ...]:
    """What is said and the phrases that say so, in a `field` (kind, topic, source, ...)."""
    return tuple(
        (said, words)
        for fields, said, _, words in _rows("category_words.tsv")
        if field in fields.split(",")
    )


def prior_bits() -> dict[str, float]:
    """The priors as bits, log2 of the share."""
    return {name: math.log2(share) for name, share in PRIORS.items()}


def _rows(name: str) -> Sequence[list[str]]:
    text = files("tieline.metrics").joinpath(name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
    return [line.split("\t") for line in lines[1:]]
