"""The words of a job title: what was meant by abbreviations, endings, notes and former posts.

A cell may hold several titles, and one that its bearer gave up: `ex-CEO`, `ehem. Vertriebsleiter`,
`Advisor, former CFO`. What is over tells nothing of today and is left out; a deputy's or an interim
post is kept, and told.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tieline.data.values.folding import fold, fold_umlauts, fold_words, tidy
from tieline.data.values.word_list import rows

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
_FEMALE_ENDING = re.compile(  # after three letters: C.E.O. has none
    r"(?<=[a-z]{3})[/*:_(.·-]{1,2}(?:in|innen|frau|e|a|ra|trice|rice|euse|ne|se|iere)\b\)?"
)
_MANY_LETTERS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_PLAIN = re.compile(r"[a-z0-9 ,;|']*")
_R_AND_D = re.compile(r"\br\s?(?:&|and|\+|n)\s?d\b")
_JOINED = re.compile(r"(?<=[a-z])[+&@](?=[a-z])")
_FORMER = re.compile(
    r"\b(?:ex(?=[\s-])|former(?:ly)?\b|past(?=[\s-])|previous(?:ly)?\b|retired\b|emeritus\b"
    r"|ehemal\w*|ehem\b|fruehere?[rs]?\b|pensioniert\w*|im ruhestand\b|a\. ?d\b|i\. ?r\b"
    r"|ancien(?:ne)?\b|en retraite\b|retraitee?\b|antigu[oa]\b|jubilad[oa]\b|pensionat[oa]\b"
    r"|in pensione\b|gia(?= [a-z]))"
)
_NOT_OVER = re.compile(r"\bex(?:[- ]aequo|[- ]im|[- ]port|[- ]officio|[- ]works)\b")
_PARTS = re.compile(r"[,;|()\[\]/]| - | – | — |\bnow\b|\bjetzt\b")
_DEPUTY = re.compile(
    r"\b(?:deputy|stellv\w*|stv|vertretung de[rs]|adjointe?|sous[- ]directeur|subdirector\w*"
    r"|subjefe|vice ?direttore|vicario|vicaria|suplente)\b"
)
_INTERIM = re.compile(
    r"\b(?:interim\w*|acting|kommissarisch\w*|komm\.|a\. ?i\b|i\. ?v\b|en funciones"
    r"|interin[oa]|facente funzioni?|par interim|pro tempore)(?![a-z])"
)
# Abbreviations that are words of another language unless in capitals: addetto ai servizi.
_CAPITALS = re.compile(r"\b(?:AI|AL|FIN|IS)\b")
_CAPITALS_FOLDED = re.compile(r"\b(?:ai|al|fin|is)\b")
# One of them is in every title that one of the three above is in, and they are quick to look for.
_MARKS = (
    *("ex ", "ex-", "former", "past", "previous", "retire", "emerit", "hemal", "ehem", "here"),
    *("pension", "ruhest", "a.", "ancien", "retrait", "antig", "jubil", "gia ", "deputy", "stellv"),
    *("stv", "vertret", "adjoint", "sous", "subd", "subj", "vice d", "viced", "vicari", "suplent"),
    *("interi", "acting", "kommiss", "komm.", "i.", "funcion", "funzion", "tempore"),
)
LITTLE_WORDS = frozenset(
    {"of", "the", "and", "for", "to", "in", "at", "a", "an", "der", "die", "das", "des", "und"}
    | {"fuer", "fur", "im", "am", "de", "du", "la", "le", "les", "et", "l", "d", "del", "y", "e"}
    | {"di", "dei", "delle", "della", "des", "en", "den", "dem", "von", "with", "mit", "on"}
)
_ACRONYMS = frozenset(
    {"CEO", "CFO", "COO", "CTO", "CIO", "CMO", "CRO", "CPO", "CISO", "CHRO", "VP", "SVP", "EVP"}
    | {"AVP", "IT", "HR", "PR", "QA", "QC", "R&D", "UX", "UI", "SEO", "CRM", "ERP", "SAP", "PMO"}
    | {"EMEA", "DACH", "APAC", "UK", "US", "USA", "EU", "II", "III", "IV", "AI", "BI", "EHS", "HSE"}
)


class Words(NamedTuple):
    """A title as shown (None for none), its key for comparing, and the words that count.

    `notes` tells what else the title says: former, deputy, interim.
    """

    title: str | None
    key: str | None
    words: list[str]
    notes: tuple[str, ...]


_NONE = Words(None, None, [], ())


def read_words(raw: str | None) -> Words:
    """The words of one raw title."""
    title = _GENDER_NOTE.sub("", tidy(raw)).strip(" ,;.-\"'*/|")
    plain = fold_words(title)
    if plain in _NOTHING:
        return _NONE
    folded = fold(title)
    expanded = _expanded(title, folded)
    key = " ".join(word for word in expanded if word not in LITTLE_WORDS)
    if not any(mark in folded for mark in _MARKS):
        return Words(_display(title), key or plain, expanded, ())
    notes = []
    if _FORMER.search(folded):
        current = _current(folded)
        if current != folded:
            notes.append("former")
            expanded = _expanded(current, current)
    if _DEPUTY.search(folded):
        notes.append("deputy")
    if _INTERIM.search(folded):
        notes.append("interim")
    return Words(_display(title), key or plain, expanded, tuple(notes))


def _current(folded: str) -> str:
    """The parts of a title that are not said to be over."""
    folded = _NOT_OVER.sub(lambda found: found[0].replace("-", "").replace(" ", ""), folded)
    parts = _PARTS.split(folded)
    kept = [part for part in parts if not _FORMER.search(part)]
    if _FORMER.match(folded) and "," in folded and not re.search(r"[;|/]|\bnow\b", folded):
        return ""  # `former VP, Sales`: the comma parts one title, not two
    return " , ".join(kept) if len(kept) < len(parts) else folded


@cache
def _abbreviations() -> dict[str, list[str]]:
    found = {
        row[0]: fold_umlauts(fold(row[1])).split() for row in rows("job_title_abbreviations.tsv")
    }
    return {**found, "vicepresident": ["vice", "president"]}


def _expanded(title: str, text: str) -> list[str]:
    """Words of the folded title, abbreviations written out and female endings taken off."""
    if not _PLAIN.fullmatch(text):
        text = _MANY_LETTERS.sub("", _FEMALE_ENDING.sub("", text))
        text = _R_AND_D.sub("research and development", text)
        text = _JOINED.sub(" ", text).replace("&", " and ")
    elif " d" in text:
        text = _R_AND_D.sub("research and development", text)
    abbreviations = _abbreviations()
    words: list[str] = []
    if _CAPITALS.search(title):
        text = _CAPITALS_FOLDED.sub(lambda found: f"{found[0]}{found[0]}", text)
    for word in fold_umlauts(fold_words(text.replace("'", ""))).split():
        words += abbreviations.get(word) or (word,)
    return words


def _display(title: str) -> str:
    """Titles all in capitals or all in small letters get a capital for each word."""
    if not (title.isupper() or title.islower()) or (title.isupper() and len(title) <= 5):
        return title
    return " ".join(_shown(word, first=not place) for place, word in enumerate(title.split()))


def _shown(word: str, first: bool) -> str:
    bare = word.strip("(),.;:/").upper()
    if bare in _ACRONYMS:
        return word.upper()
    if not first and word.lower() in LITTLE_WORDS:
        return word.lower()
    return "-".join(part.capitalize() for part in word.split("-"))
