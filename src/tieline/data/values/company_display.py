"""The display form of a company name: spacing, and names written in capitals only."""

from __future__ import annotations

import re
from functools import lru_cache

from tieline.data.values.company_words import tokens_of, trailing_forms
from tieline.data.values.folding import fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?)])(?=\s|$)")
_WEB_NAME = re.compile(r"^(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}$", re.IGNORECASE)
_LITTLE = frozenset(
    {"and", "of", "for", "the", "in", "on", "at", "to", "by", "und", "für", "fuer", "der", "die"}
    | {"das", "von", "et", "de", "la", "le", "les", "du", "des", "y", "e", "del", "di", "van", "en"}
)
_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôû")


def display_form(name: str) -> str:
    """The name with single spaces; all-capital and all-small names in capitals and small letters.

    Short words without vowel (BMW, KPMG) stay capital; so does the only word beside a legal form.
    """
    text = _SPACE_BEFORE.sub(r"\1", name).strip(" ,;")
    has_lower = any(letter.islower() for letter in text)
    has_upper = any(letter.isupper() for letter in text)
    if has_lower and has_upper:
        return text
    if _WEB_NAME.match(text):
        return text.lower()
    if not has_lower and (not has_upper or len(text) <= 5):
        return text
    found = list(_WORD.finditer(text))
    forms = [_form_label(match.group()) for match in found]
    names = sum(1 for form in forms if form is None)
    pieces, end = [], 0
    for position, (match, form) in enumerate(zip(found, forms, strict=True)):
        pieces.append(text[end : match.start()])
        lone = names == 1 and not has_lower
        initial = text[match.end() : match.end() + 1] == "." and len(match.group()) == 1
        glued = text[max(0, match.start() - 1) : match.start()] == "."
        dotted = initial or (glued and not has_lower)
        word = match.group().upper() if dotted else match.group()
        if not dotted:
            word = form if form and position else _written(word, position == 0, lone, has_lower)
        pieces.append(word)
        end = match.end()
    pieces.append(text[end:])
    return "".join(pieces)


# Words of company names repeat themselves.
@lru_cache(maxsize=1 << 16)
def _form_label(word: str) -> str | None:
    """The usual writing of a word that is a legal form by itself ('GMBH' -> 'GmbH')."""
    if not word.isalpha():
        return None
    label = trailing_forms().get(tuple(tokens_of(fold(word))))
    if label is None:
        return None
    return label if label.lower() == word.lower() else word.capitalize()


def _written(word: str, first: bool, lone: bool, was_lower: bool) -> str:
    lower = word.lower()
    if not first and lower in _LITTLE:
        return lower
    if any(letter.isdigit() for letter in word):
        return word.upper() if not was_lower else word
    if not was_lower:
        vowels = any(letter in _VOWELS for letter in lower)
        if len(word) <= 2 or (len(word) <= 4 and not vowels) or (len(word) == 3 and lone):
            return word
    # Not str.title(): "MCDONALD'S" is "Mcdonald's", never "Mcdonald'S".
    return lower.capitalize()
