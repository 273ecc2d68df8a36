"""Function and level of a job title by the word lists: the first row with a phrase in it decides."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tieline.data.values.phrase_list import PhraseList
from tieline.data.values.word_list import rows

_NOT_OWNERS = re.compile(
    r"\b(?:product|process|system|service|data|risk|budget|platform|project|application) owner\b"
)


class Decision(NamedTuple):
    """What a list says, and by which words of the title (they stand from `start` to `end`)."""

    value: str
    words: str
    start: int
    end: int


@cache
def _phrases(name: str) -> PhraseList:
    return PhraseList((row[0], row[1]) for row in rows(name))


def function_of(words: list[str]) -> Decision | None:
    """The first function of the list with a phrase in the title; the general ones come last."""
    return _decision("job_title_functions.tsv", words)


def level_of(words: list[str]) -> Decision | None:
    """The level; who owns a product or a process is no owner of the company."""
    if "owner" in words:
        words = _NOT_OWNERS.sub("owned thing", " ".join(words)).split()
    return _decision("job_title_levels.tsv", words)


def _decision(name: str, words: list[str]) -> Decision | None:
    found = _phrases(name).found(words)
    if found is None:
        return None
    value, start, end = found
    return Decision(value, " ".join(words[start:end]), start, end)
