"""Job titles: cleaned, with the function and the level they stand for.

`function`: executive (runs the whole), sales, marketing, communications, product, finance,
procurement, legal, hr, it (information technology and software), engineering, research, quality,
operations (production, facilities, projects), logistics, support (customer service), consulting
(advice, analysis), administration, other (professions outside a business: teacher, nurse).
`level`: owner, c_level, vp, director, manager (also team leads), senior, staff, assistant.
Both are NULL where nothing in the title is known. The words are rows in `job_title_*.tsv`,
in English, German, French, Spanish and Italian; the first row that fits decides.
"""

from __future__ import annotations

import re
from functools import cache

import pyarrow as pa

from tieline.data.values.folding import fold, fold_umlauts, fold_words, tidy
from tieline.data.values.output_table import output_table, text_column
from tieline.data.values.phrase_list import PhraseList
from tieline.data.values.word_list import rows

VERSION = 4
INPUTS = ("title",)
LIBRARIES = ("anyascii",)
OUTPUT = pa.schema([(name, pa.string()) for name in ("title", "title_key", "function", "level")])
ISSUES: dict[str, str] = {}

FUNCTIONS = (
    *("executive", "sales", "marketing", "communications", "product", "finance", "procurement"),
    *("legal", "hr", "it", "engineering", "research", "quality", "operations", "logistics"),
    *("support", "consulting", "administration", "other"),
)
LEVELS = ("owner", "c_level", "vp", "director", "manager", "senior", "staff", "assistant")

Row = tuple[str | None, ...]

_NOTHING = frozenset(
    {"", "n a", "na", "none", "no", "nil", "null", "unknown", "unbekannt", "test", "tbd", "title"}
    | {"k a", "keine angabe", "other", "sonstige", "not available", "not applicable", "x", "xx"}
    | {"position", "job title", "titel", "nan", "not specified", "autre", "otro", "altro"}
)
_GENDER_NOTE = re.compile(
    r"\s*[(\[]\s*(?:[mwfdhxi]|div|gn|all genders|alle geschlechter)"
    r"(?:\s*[/|,*.-]\s*[mwfdhxi]\w*)*\s*[)\]]",
    re.IGNORECASE,
)
_FEMALE_ENDING = re.compile(r"(?<=[a-z])[/*:_(]-?(?:in|innen|frau|e|a|rice|euse|trice|ne)\b\)?")
_MANY_LETTERS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_R_AND_D = re.compile(r"\br\s?(?:&|and|\+|n)\s?d\b")
_NOT_OWNERS = re.compile(
    r"\b(?:product|process|system|service|data|risk|budget|platform|project|application) owner\b"
)
_LITTLE_WORDS = frozenset(
    {"of", "the", "and", "for", "to", "in", "at", "a", "an", "der", "die", "das", "des", "und"}
    | {"fuer", "fur", "im", "am", "de", "du", "la", "le", "les", "et", "l", "d", "del", "y", "e"}
    | {"di", "dei", "delle", "della", "des", "en", "den", "dem", "von", "with", "mit", "on"}
)
_ACRONYMS = frozenset(
    {"CEO", "CFO", "COO", "CTO", "CIO", "CMO", "CRO", "CPO", "CISO", "CHRO", "VP", "SVP", "EVP"}
    | {"AVP", "IT", "HR", "PR", "QA", "QC", "R&D", "UX", "UI", "SEO", "CRM", "ERP", "SAP", "PMO"}
    | {"EMEA", "DACH", "APAC", "UK", "US", "USA", "EU", "II", "III", "IV", "AI", "BI", "EHS", "HSE"}
)


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "title")), OUTPUT)


@cache
def _abbreviations() -> dict[str, str]:
    found = {row[0]: fold_umlauts(fold(row[1])) for row in rows("job_title_abbreviations.tsv")}
    return {**found, "vicepresident": "vice president"}


@cache
def _phrases(name: str) -> PhraseList:
    return PhraseList((row[0], row[1]) for row in rows(name))


def _one(raw: str | None) -> Row:
    title = _GENDER_NOTE.sub("", tidy(raw)).strip(" ,;.-\"'*/|")
    words = fold_words(title)
    if words in _NOTHING:
        return None, None, None, None
    expanded = _expanded(title)
    key = " ".join(word for word in expanded.split() if word not in _LITTLE_WORDS)
    function = _function(expanded)
    level = _level(expanded) or ("staff" if function else None)
    return _display(title), key or words, function, level


def _expanded(title: str) -> str:
    """Folded words with the abbreviations written out and female endings taken off."""
    text = _FEMALE_ENDING.sub("", fold(title))
    text = _R_AND_D.sub("research and development", _MANY_LETTERS.sub("", text)).replace(
        "&", " and "
    )
    abbreviations = _abbreviations()
    words = fold_umlauts(fold_words(text.replace("'", ""))).split()
    return " ".join(abbreviations.get(word, word) for word in words)


def _function(expanded: str) -> str | None:
    """The first function of the list with a phrase in the title; the general ones come last."""
    return _phrases("job_title_functions.tsv").value(expanded.split())


def _level(expanded: str) -> str | None:
    text = _NOT_OWNERS.sub("specialist", expanded)
    return _phrases("job_title_levels.tsv").value(text.split())


def _display(title: str) -> str:
    """Titles all in capitals or all in small letters get a capital for each word."""
    if not (title.isupper() or title.islower()) or (title.isupper() and len(title) <= 5):
        return title
    return " ".join(_shown(word, first=not place) for place, word in enumerate(title.split()))


def _shown(word: str, first: bool) -> str:
    bare = word.strip("(),.;:/").upper()
    if bare in _ACRONYMS:
        return word.upper()
    if not first and word.lower() in _LITTLE_WORDS:
        return word.lower()
    return "-".join(part.capitalize() for part in word.split("-"))
