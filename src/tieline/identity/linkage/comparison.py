"""How two rows are compared on one field: an ordered list of outcomes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

MOST_BITS = 15.0
"""One outcome weighs at most this much, about as much as not knowing anything weighs against: no
agreement in a single field makes two rows the same."""
UNKNOWN = 0
"""The code of the outcome "one of the two rows does not say"; it carries no weight."""


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison.

    `when` is an SQL condition over the rows `l` and `r` (and the pair's features `f`). `m` and `u`
    are what is believed before any data is seen: the share of pairs that mean the same thing, and
    of pairs that do not, with this outcome. Data moves them (see `estimation`). `says` is the
    outcome in words. An outcome that `forbids` is hard evidence: such a pair is never linked.
    `m_at_most` bounds what data may move m to: where colleagues share much else, unbounded learning
    ends up believing that different names are the same person. `bits_at_most` bounds the weight: a
    value that one in N carries cannot weigh more than log2 N. A `stated` outcome is not moved.
    """

    says: str
    when: str
    m: float
    u: float
    forbids: bool = False
    m_at_most: float = 1.0
    bits_at_most: float = MOST_BITS
    stated: bool = False


@dataclass(frozen=True)
class Comparison:
    """One field's outcomes, the first that holds is taken; the last one is "none of these".

    `known` is the SQL condition under which the two rows can be compared at all; otherwise the
    outcome is unknown and says nothing.
    """

    field: str
    known: str
    levels: tuple[Level, ...]
    otherwise: Level

    @property
    def outcomes(self) -> tuple[Level, ...]:
        """Every outcome but "unknown", in order; outcome i has the code i + 1."""
        return (*self.levels, self.otherwise)

    def code(self) -> str:
        """The SQL expression of the outcome's code."""
        cases = " ".join(
            f"WHEN {level.when} THEN {code}" for code, level in enumerate(self.levels, start=1)
        )
        return (
            f"CASE WHEN NOT coalesce({self.known}, false) THEN {UNKNOWN} "
            f"{cases} ELSE {len(self.levels) + 1} END"
        )


def otherwise(
    says: str, *, m: float, u: float, forbids: bool = False, m_at_most: float = 1.0
) -> Level:
    """The last outcome of a comparison: none of the others held."""
    # Disagreement is never evidence for: learned shares may make it so by a fraction of a bit.
    return Level(says, "true", m, u, forbids, m_at_most, bits_at_most=0.0)


def one_apart(left: str, right: str) -> str:
    """The SQL condition that two texts differ by one edit or two letters changed places.

    The built-in Damerau distance says the same but takes eight times as long as this.
    """
    edits = f"levenshtein({left}, {right})"
    swapped = f"length({left}) = length({right}) AND jaccard({left}, {right}) = 1"
    # The lengths are compared first: it is cheap, and most pairs differ in them.
    near = f"length({left}) - length({right}) BETWEEN -1 AND 1"
    return f"({near} AND ({edits} = 1 OR ({edits} = 2 AND {swapped})))"


MANY_DESCRIPTIONS = 1000
"""Limit of a key that by itself nearly names one entity: half a million pairs, some seconds.

Somebody on hundreds of lists, or a company with hundreds of branches, would come apart without
such a key: each of their other keys has more rows than are compared.
"""


@dataclass(frozen=True)
class Block:
    """A reason to look at a pair at all: two rows with the same key are compared.

    `key` is an SQL expression over a row (NULL: no key; with `many` a list of keys). A key that
    more than `limit` rows share is not used: it tells nobody apart, and others find its pairs.
    """

    name: str
    key: str
    limit: int = 60
    many: bool = False


@dataclass(frozen=True)
class LinkageModel:
    """What is compared for one kind of entity, and which pairs are looked at.

    With a `match_share`, the share of the pairs looked at that are taken to match, nothing is
    learned: the stated m and u hold, given what all blocks have in common. `measures` are SQL
    expressions over `l` and `r` that several comparisons need; they are computed once a pair and
    stand in conditions as `p.<name>`.
    """

    entity: str
    comparisons: tuple[Comparison, ...]
    blocks: tuple[Block, ...]
    measures: tuple[tuple[str, str], ...] = ()
    match_share: float | None = None

    def fields(self) -> tuple[str, ...]:
        """The fields compared, in the order of the digits of a pattern."""
        return tuple(comparison.field for comparison in self.comparisons)

    def expressions(self) -> tuple[str, ...]:
        """All SQL that rows are read with."""
        measures = (sql for _, sql in self.measures)
        codes = (comparison.code() for comparison in self.comparisons)
        return (*measures, *codes, *(block.key for block in self.blocks))

    def fingerprint(self) -> str:
        """Changes when what is compared changes: learned weights then no longer fit."""
        compared = [*self.measures, *((c.field, c.code()) for c in self.comparisons)]
        text = "\n".join(f"{name}: {sql}" for name, sql in compared)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
