"""What the name of a column says: words of eight languages looked up in `header_aliases.tsv`.

The table has one line per field and language with the names that columns of that field go by,
written without accents. A name that stands under several fields is ambiguous: what the column
holds decides. Lines with `-` name columns that are known and not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from anyascii import anyascii
from rapidfuzz import fuzz, process

from tieline.data.mapping import header_words

WHOLE = 1.0
"""Score of a header that is an alias as it stands."""
AMBIGUOUS = 0.85
"""Score of an alias that several fields share."""
QUALIFIER_COST = 0.06
"""Taken off for each word that only says whose value it is (`billing`, `contact`)."""
UNKNOWN_COST = 0.22
"""Taken off for each word that nobody knows."""
VAGUE = 0.5
"""What is left when the alias itself only says whose value it is (`lead` in `lead origin`)."""
BLOCKED = 0.12
"""All that is left when a word says the value is something about the field (`email status`)."""
FUZZY_FROM = 84.0
"""Least rapidfuzz ratio (0..100) at which a misspelt header still counts."""

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9])")
_NUMBER_SIGN = re.compile(r"№|#|\b[Nn][°º]")
_WORD = re.compile(r"[a-z]+|[0-9]+")


@dataclass(frozen=True)
class NameEvidence:
    """What a header says for one field: score 0..1, the alias that was met, its language."""

    score: float
    alias: str
    language: str


@dataclass(frozen=True)
class HeaderReading:
    """What one header says: evidence by field, and the rank it states (`Phone 2`; 0 for none)."""

    evidence: dict[str, NameEvidence]
    place: int


def words_of(header: str) -> tuple[str, ...]:
    """The lower-case ASCII words and numbers of a header; CamelCase and snake_case are split."""
    folded = anyascii(_NUMBER_SIGN.sub(" no ", header))
    return tuple(_WORD.findall(_CAMEL.sub(" ", folded).replace("'", " ").lower()))


@lru_cache(maxsize=20_000)
def read_header(header: str) -> HeaderReading:
    """Everything a header says for each field."""
    words = words_of(header)
    place = _place(words)
    found = _spans(words)
    bare = _without_number(words)
    if bare != words and not any(evidence.score >= AMBIGUOUS for evidence in found.values()):
        for field, evidence in _spans(bare).items():
            _keep(found, field, evidence)
    if not any(evidence.score >= 0.6 for evidence in found.values()):
        for field, evidence in _compounds(bare):
            _keep(found, field, evidence)
    if not any(evidence.score >= 0.6 for evidence in found.values()):
        for field, evidence in _fuzzy("".join(bare)):
            _keep(found, field, evidence)
    return HeaderReading(found, place)


def _keep(found: dict[str, NameEvidence], field: str, evidence: NameEvidence) -> None:
    if field not in found or evidence.score > found[field].score:
        found[field] = evidence


@cache
def aliases() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """(field, language, alias) by alias without spaces, in the order of the table."""
    index: dict[str, list[tuple[str, str, str]]] = {}
    text = files("tieline.data.mapping").joinpath("header_aliases.tsv").read_text("utf-8")
    for line in text.splitlines()[1:]:
        field, language, names = line.split("\t")
        field = "" if field == "-" else field
        for alias in names.split("; "):
            entries = index.setdefault(alias.replace(" ", ""), [])
            if all(field != known for known, _, _ in entries):
                entries.append((field, language, alias))
    return {key: tuple(entries) for key, entries in index.items()}


def _lookup(key: str, share: float) -> Iterator[tuple[str, NameEvidence]]:
    entries = aliases().get(key, ())
    certainty = WHOLE if len(entries) == 1 else AMBIGUOUS
    for field, language, alias in entries:
        yield field, NameEvidence(round(certainty * share, 4), alias, language)


def _spans(words: tuple[str, ...]) -> dict[str, NameEvidence]:
    """Aliases among the words; what stands around them lowers the score by what it means."""
    found: dict[str, NameEvidence] = {}
    if not words or len(words) > 14:
        return found
    whole = "".join(words)
    for field, evidence in _lookup(whole, 1.0):
        _keep(found, field, evidence)
    if found:
        return found
    for start in range(len(words)):
        for stop in range(len(words), start, -1):
            key = "".join(words[start:stop])
            if len(key) < 2 or key not in aliases():
                continue
            rest = words[:start] + words[stop:]
            share = _share(rest)
            if share <= 0 or (len(key) == 2 and share < 0.7):
                continue
            if share < 0.8 and all(w in header_words.QUALIFIERS for w in words[start:stop]):
                share *= VAGUE
            for field, evidence in _lookup(key, share):
                _keep(found, field, evidence)
    return found


def _share(rest: tuple[str, ...]) -> float:
    cost = 0.0
    for word in rest:
        if word in header_words.BLOCKERS:
            return BLOCKED
        if word in header_words.QUALIFIERS or word.isdigit():
            cost += QUALIFIER_COST
        elif word in header_words.FILLERS:
            cost += 0.01
        elif word in aliases():
            cost += UNKNOWN_COST * 1.5
        else:
            cost += UNKNOWN_COST
    return 1.0 - cost


def _compounds(words: tuple[str, ...]) -> Iterator[tuple[str, NameEvidence]]:
    """German and Dutch put the qualifier in front without a space: `Rechnungsort`."""
    whole = "".join(words)
    for prefix in header_words.COMPOUND_PREFIXES:
        rest = whole.removeprefix(prefix)
        if rest != whole and len(rest) >= 2:
            yield from _lookup(rest, 0.9)


def _fuzzy(key: str) -> Iterator[tuple[str, NameEvidence]]:
    if len(key) < 5 or len(key) > 40:
        return
    best = process.extractOne(key, _long_aliases(), scorer=fuzz.ratio, score_cutoff=FUZZY_FROM)
    if best is not None:
        yield from _lookup(best[0], 0.8 * best[1] / 100)


@cache
def _long_aliases() -> tuple[str, ...]:
    return tuple(key for key in aliases() if len(key) >= 5)


def _without_number(words: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(word for word in words if not word.isdigit() and word not in header_words.PLACES)
    return kept or words


def _place(words: tuple[str, ...]) -> int:
    for word in words:
        if word in header_words.PLACES:
            return header_words.PLACES[word]
        if word.isdigit() and len(word) == 1:
            return max(int(word), 1)
    return 0
