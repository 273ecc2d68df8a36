"""Folding: what two spellings of one text share (plain ASCII, lower case, single spaces)."""

from __future__ import annotations

import re

from anyascii import anyascii

from tieline.data.values.garbled import repair

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")
# Nobody's name, company or title is longer; a pasted document must not cost seconds to parse.
LONGEST_TEXT = 400


def tidy(text: str | None) -> str:
    """The text, garbled letters repaired, outer and repeated white space taken away; or empty."""
    return " ".join(repair(text[:LONGEST_TEXT]).split()) if text else ""


def fold(text: str) -> str:
    """Lower-case ASCII of any script, accents off, white space single."""
    if text.isascii():
        return _SPACES.sub(" ", text.lower()).strip()
    return _SPACES.sub(" ", anyascii(text).lower()).strip()


def fold_words(text: str) -> str:
    """Lower-case ASCII letters and digits only, every other run of characters one space."""
    folded = text if text.isascii() else anyascii(text)
    return _NOT_WORD.sub(" ", folded.lower()).strip()


# Mueller, Müller and Muller are one name: the two-letter form of an umlaut folds to its vowel, as
# the accent does. Only between consonants (or at the start), not after q or g (Miguel, Enrique) and
# not in names that end in -ael, -oel, -uel (Michael, Joel, Manuel, Noelle).
_TWO_LETTER_UMLAUT = re.compile(
    r"(?<![a-z])([aou])e(?=[bcdfghjklmnpqrstvwxz])(?!r[aio])"
    r"|(?<=[bcdfhjklmnprstvwxz])([aou])e(?=[bcdfghjklmnpqrstvwxz])(?!ll?[aei]?s?(?![a-z]))"
)


def fold_umlauts(folded: str) -> str:
    """Folded text with ae, oe, ue as a, o, u where they stand for an umlaut."""
    if "ae" in folded or "oe" in folded or "ue" in folded:
        return _TWO_LETTER_UMLAUT.sub(lambda found: found[1] or found[2], folded)
    return folded
