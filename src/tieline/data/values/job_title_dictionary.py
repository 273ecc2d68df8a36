"""Function and level of a job title by the word lists: the first row that fits decides."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from tieline.data.values.phrase_list import PhraseList
from tieline.data.values.word_list import rows

# What looks like a rank and is none, or another one; as many words as before.
_NO_RANKS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (
            r"\b(product|process|system|service|data|risk|budget|platform|project|application)"
            r" owner\b",
            r"\1 thing",
        ),
        (
            r"\b(business|client|channel|measurement|alliance|people|talent|technology|customer"
            r"|sales|marketing|success|resources|learning|strategic|finance) partner\b",
            r"\1 colleague",
        ),
        (
            r"\bchief (?=architect|engineer|scientist|economist|accountant|designer|editor|pilot"
            r"|counsel|regulatory counsel|of staff)",
            "head ",
        ),
        (r"\bleadership\b", "guidance"),
        (r"\badvisory board\b", "advisory panel"),
    )
)
_RANKS = frozenset({"owner", "partner", "chief", "leadership", "advisory"})


class Decision(NamedTuple):
    """What a list says, and by which words of the title (they stand from `start` to `end`).

    A `general` one says little of what somebody does (director, assistant, analyst): other words of
    the title may say more.
    """

    value: str
    words: str
    start: int
    end: int
    general: bool = False


@cache
def _phrases(name: str) -> PhraseList:
    return PhraseList((row[0], row[1]) for row in rows(name))


def function_of(words: list[str]) -> Decision | None:
    """The first function of the lists with a phrase in the title; the general ones come last."""
    decision = _decision("job_title_functions.tsv", words)
    if decision is None:
        decision = _decision("job_title_functions_general.tsv", words)
        return decision and decision._replace(general=True)
    return decision


def level_of(words: list[str]) -> Decision | None:
    """The level; who owns a product or a process is no owner of the company."""
    if _RANKS.isdisjoint(words):
        return _decision("job_title_levels.tsv", words)
    text = " ".join(words)
    for pattern, instead in _NO_RANKS:
        text = pattern.sub(instead, text)
    decision = _decision("job_title_levels.tsv", text.split())
    return decision and decision._replace(words=" ".join(words[decision.start : decision.end]))


@lru_cache(maxsize=100_000)
def is_rank(word: str) -> bool:
    """Whether the word alone tells a level."""
    return level_of([word]) is not None


def _decision(name: str, words: list[str]) -> Decision | None:
    found = _phrases(name).found(words)
    if found is None:
        return None
    value, start, end = found
    return Decision(value, " ".join(words[start:end]), start, end)
