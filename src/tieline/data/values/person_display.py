"""The display form of the words of a person name: capitals and small letters, spacing."""

from __future__ import annotations

import re
from functools import lru_cache

from tieline.data.values.person_words import particles, second_titles, titles, word_key

_LETTERS = re.compile(r"[^\W\d_]+")
_MC = re.compile(r"^(mc|mac(?=[bcdfglnpqt]))(\w{3,})$", re.IGNORECASE)
_LOWER_PARTICLES = frozenset(
    {"van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "do", "du", "des"}
    | {"vom", "zu", "zum", "zur", "ten", "ter", "te", "y", "e", "bin", "ibn", "la", "los", "las"}
)


def display_words(text: str, whole_is_capital: bool) -> str:
    """Words written in capitals or small letters only get a capital first letter each.

    Particles become small, 'MCDONALD' McDonald, "O'NEILL" O'Neill. Mixed writing is kept. Two
    capitals (JP, TJ) are initials unless the whole name is in capitals.
    """
    return " ".join(_word(word, whole_is_capital) for word in text.split())


@lru_cache(maxsize=1 << 16)
def _word(word: str, whole_is_capital: bool) -> str:
    mixed = not (word.isupper() or word.islower())
    if mixed or word in ("y", "e"):
        return word
    if len(word) == 1:
        return word.upper()
    key = word_key(word)
    if key in _LOWER_PARTICLES and key in particles() | {"y", "e"} and "." not in word:
        return word.lower()
    if word.isupper() and len(key) <= 2 and not whole_is_capital:
        return word
    pieces = _LETTERS.split(word)
    found = [_capital(letters) for letters in _LETTERS.findall(word)]
    return "".join(
        piece + (found[position] if position < len(found) else "")
        for position, piece in enumerate(pieces)
    )


def _capital(letters: str) -> str:
    mc = _MC.match(letters)
    if mc and mc[1].lower() == "mc":
        return f"Mc{mc[2][:1].upper()}{mc[2][1:].lower()}"
    return letters.capitalize()


@lru_cache(maxsize=4096)
def display_prefix(text: str) -> str:
    """Titles in their usual writing; words that are none stay as they are."""
    usual = {**second_titles(), **titles()}
    return " ".join(usual.get(word_key(word), word) for word in text.split())
