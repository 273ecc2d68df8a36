"""What the user says of job titles: it wins over what the word lists and the model say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tieline.data.values.job_title import buying_role, power
from tieline.data.values.job_title_words import read_words
from tieline.data.values.phrase_list import Found, PhraseList


@dataclass(frozen=True)
class TitleRule:
    """Titles with these words in a row have this function and this level; '' leaves one alone.

    A `*` at the end of a word stands for any letters.
    """

    match: str
    function: str = ""
    level: str = ""


@dataclass(frozen=True)
class TitleRules:
    """The rules in their order: the first that fits decides.

    What no rule says is left open where it is less sure than `confidence`, 0 to 1.
    """

    rules: tuple[TitleRule, ...] = ()
    confidence: float = 0.0


def ruled(job_titles: pa.Table, said: TitleRules | None) -> pa.Table:
    """Standard job titles (with `raw_title`) as the rules have them; as they are without any."""
    if said is None or not (said.rules or said.confidence):
        return job_titles
    by_field = {
        field: _phrases([(getattr(rule, field), rule.match) for rule in said.rules])
        for field in ("function", "level")
    }
    rows = job_titles.to_pylist()
    for row in rows:
        _apply(row, by_field, said.confidence)
    return pa.Table.from_pylist(rows, schema=job_titles.schema)


def unreadable(match: str) -> str | None:
    """What is wrong with the words of a rule; None where they can be looked for."""
    words = _words(match).split()
    if not words:
        return "name the words that a title must hold"
    if len(words) > 1 and "*" in words[0]:
        return "a * stands at the end of the last words, not of the first of several"
    if any("*" in word[:-1] for word in match.split()):
        return "a * stands at the end of a word"
    return None


def _apply(row: dict[str, Any], by_field: dict[str, PhraseList], least: float) -> None:
    read = read_words(row["raw_title"])
    reasons = dict(part.split(": ", 1) for part in _parts(row["title_because"]) if ": " in part)
    for field, phrases in by_field.items():
        found = phrases.found(read.words) if read.words else None
        if found is not None:
            row[field] = found.value
            row[f"{field}_confidence"] = 1.0
            reasons[field] = f'your rule for "{_quoted(read.words, found)}"'
        elif (row[f"{field}_confidence"] or 0.0) < least:
            row[field] = row[f"{field}_confidence"] = None
            reasons.pop(field, None)
    row["power"] = power(row["level"], read.notes)
    row["buying_role"] = buying_role(row["function"], row["level"])
    told = [f"{field}: {reason}" for field, reason in reasons.items()] + list(read.notes)
    row["title_because"] = "; ".join(told) or None


def _parts(because: str | None) -> list[str]:
    return because.split("; ") if because else []


def _quoted(words: list[str], found: Found) -> str:
    return " ".join(words[found.start : found.end])


def _phrases(rules: Sequence[tuple[str, str]]) -> PhraseList:
    return PhraseList((value, _words(match)) for value, match in rules if value)


def _words(match: str) -> str:
    """The words of a rule as those of titles are read, each with its star."""
    words: list[str] = []
    for word in match.replace(";", " ").split():
        read = read_words(word.replace("*", "")).words
        words += [*read[:-1], f"{read[-1]}*" if word.endswith("*") else read[-1]] if read else []
    return " ".join(words)
