"""A street line: its house number, its street, and the key by which two spellings are equal.

The words of streets are rows of `address_words.csv` (languages, canonical form, forms), after USPS
Publication 28 appendix C for English and national postal usage for the others.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from tieline.data.values.folding import fold_words
from tieline.data.values.place_regions import CountryRules

_LANGUAGES = {
    **dict.fromkeys(["DE", "AT", "LI"], ("de",)),
    **dict.fromkeys(["CH"], ("de", "fr", "it")),
    **dict.fromkeys(["LU"], ("fr", "de")),
    **dict.fromkeys(
        ["FR", "MC", "GP", "MQ", "RE", "GF", "YT", "NC", "PF", "CI", "SN", "MA", "TN", "DZ"],
        ("fr",),
    ),
    "BE": ("fr", "nl"),
    "NL": ("nl",),
    "CA": ("en", "fr"),
    **dict.fromkeys(["IT", "SM", "VA"], ("it",)),
    **dict.fromkeys(
        [
            "ES",
            "MX",
            "AR",
            "CL",
            "CO",
            "PE",
            "UY",
            "VE",
            "EC",
            "BO",
            "PY",
            "CR",
            "PA",
            "GT",
            "HN",
            "NI",
            "SV",
            "DO",
            "CU",
            "AD",
        ],
        ("es",),
    ),
    **dict.fromkeys(["PT", "BR", "AO", "MZ", "CV"], ("pt",)),
    **dict.fromkeys(["SE", "NO", "DK", "FI", "IS", "AX", "FO"], ("no",)),
    **dict.fromkeys(
        ["PL", "CZ", "SK", "SI", "HR", "RS", "BA", "ME", "MK", "BG", "RU", "UA", "BY"], ("sl",)
    ),
    "HU": ("hu",),
    "RO": ("ro",),
    "MD": ("ro",),
    "TR": ("tr",),
}
# Words written onto the name or apart from it: Hauptstrasse, Haupt Strasse, Kalverstraat.
_GLUED = {
    "de": (("strasse", "str"), ("str", "str"), ("platz", "pl"), ("allee", "al"), ("weg", "weg")),
    "nl": (("straat", "str"), ("str", "str"), ("laan", "ln"), ("plein", "pl"), ("weg", "wg")),
    "no": (
        ("gatan", "g"),
        ("gata", "g"),
        ("gaten", "g"),
        ("gate", "g"),
        ("gade", "g"),
        ("vagen", "v"),
        ("veien", "v"),
        ("vegen", "v"),
        ("vej", "v"),
        ("vei", "v"),
        ("katu", "k"),
        ("tie", "t"),
    ),
}
_GLUED_WORDS = {
    "de": frozenset({"str", "pl", "al", "weg", "gasse", "ring", "damm", "ufer"}),
    "nl": frozenset({"str", "ln", "pl", "wg", "kd", "gr"}),
    "no": frozenset({"g", "v", "k", "t"}),
}
_ROMANCE = frozenset({"es", "fr", "it", "pt"})
_PARTICLES_TEXT = "de del de la las los el do da dos das della dello di du des le les"
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_APOSTROPHE = re.compile(r"\b([ldLD])['’](?=\w)")
_INITIAL_DOTS = re.compile(r"(?<=\b[A-Za-z])\.(?=[A-Za-z]\b)")
_ITALIAN_DOTS = re.compile(r"(?<=\b[A-Za-z])\.(?=[a-z]{2,3}\b)")  # P.za, V.le, C.so
_UMLAUT = re.compile(r"(?<![aeiou])(ae|oe|ue|aa)")
_TH = re.compile(r"\b(\d+) (st|nd|rd|th)\b")

_FIRST = re.compile(
    r"^(?:(?:no|nr|nº|n°|num|#)\.?\s*)?#?"
    r"(\d+(?:\s?[-–/&]\s?\d+)*(?:\s?½|\s1/[234]|\s?\.5)?(?:\s?(?:bis|ter|quater)\b)?"
    r"(?:\s[A-Z](?=\s+(?:N|S|E|W|No|So|North|South|East|West)\b)|[A-Za-z])?"
    r"|[NSEW]\s?\d+\s?[NSEW]\s?\d+|\d+-?[A-Za-z]|[A-Za-z]-?\d+)(?:\s*,\s*|\s+)(?=\S*[^\W\d])(\S.*)$"
)
_LAST = re.compile(
    r"^(.*?[^\W\d_].*?)(?:\s*,\s*|\s+)(?:(?:no|nr|nº|n°|n|num|núm|numero|número|č\.\s?p|d|nro)\.?"
    r"\s*|№\s*)?"
    r"(\d+(?:\s?[-–/]\s?\d+)*(?:\s?[-/]?\s?[A-Za-z](?:\s?-\s?[A-Za-z])?)?(?:\s?bis)?"
    r"|\d+\s?[A-Za-z]?\s?[-–/]\s?\d+\s?[A-Za-z]?|s/n\.?|sn)\.?$",
    re.IGNORECASE,
)
_ROUTE_END = re.compile(
    r"(?:highway|hwy|route|rte|rt|road|rd|county|co|us|state|interstate|i|fm|sr|cr|box|km|unit|"
    r"carr|carretera|ruta|nacional|loop|pier|gate|terminal)$|^(?:street|avenue|ave|st)$",
    re.IGNORECASE,
)
_NUMBER_WORDS = "one two three four five six seven eight nine ten"
_WRITTEN = {name: str(number) for number, name in enumerate(_NUMBER_WORDS.split(), 1)}
_BETWEEN = re.compile(r"(?<=\d) (?=\d)")


class Street(NamedTuple):
    """House number and street of a line."""

    house: str | None
    street: str


@cache
def _words() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("address_words.csv").read_text("utf-8")
    words: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        known = words.setdefault(row["languages"], {})
        for form in row["forms"].split("|"):
            known.setdefault(fold_words(form), row["canonical"])
    return words


@cache
def languages_of(iso2: str | None) -> tuple[str, ...]:
    """Languages streets are written in; English where we know no better."""
    return _LANGUAGES.get(iso2 or "", ("en",))


@cache
def street_words(languages: tuple[str, ...]) -> dict[str, str]:
    """Every form of a street word to its canonical form."""
    merged: dict[str, str] = {}
    for language in languages:
        for form, canonical in _words()[language].items():
            merged.setdefault(form, canonical)
    if languages != ("en",):
        for form in ("street", "avenue", "road", "boulevard", "drive", "lane"):
            merged.setdefault(form, _words()["en"][form])
    return merged


@lru_cache(maxsize=1 << 14)
def street_key(street: str, iso2: str | None) -> str:
    """The street for comparing: folded, every street word in its one short form."""
    languages = languages_of(iso2)
    if "." in street:
        if "it" in languages:
            street = _ITALIAN_DOTS.sub("", street)
        street = _INITIAL_DOTS.sub("", street)
    if "'" in street or "’" in street:
        street = _APOSTROPHE.sub(r"\1 ", street) if languages[0] in _ROMANCE else street
        street = street.replace("'", "").replace("’", "")
    key = fold_words(street)
    if "1" in key or "t" in key:
        key = _TH.sub(r"\1\2", key)
    words = street_words(languages)
    tokens = [words.get(token, token) for token in key.split()]
    if languages[0] in _ROMANCE:
        tokens = [t for t in tokens if t not in _PARTICLES and t not in ("l", "d")] or tokens
    if languages[0] == "sl" and len(tokens) > 1:
        tokens = [token for token in tokens if token != "ul"]
    for language in languages:
        if language in _GLUED:
            tokens = _glue(tokens, language)
    return " ".join(tokens)


def _glue(tokens: list[str], language: str) -> list[str]:
    glued: list[str] = []
    words = _GLUED_WORDS[language]
    for token in tokens:
        if glued and token in words and not glued[-1][-1].isdigit():
            glued[-1] += token
            continue
        for ending, short in _GLUED[language]:
            if len(token) > len(ending) + 2 and token.endswith(ending):
                token = token[: -len(ending)] + short
                break
        glued.append(_UMLAUT.sub(lambda found: found.group(1)[0], token))
    return glued


def _written_number(line: str, rules: CountryRules) -> Street | None:
    """`One Equinox Way` is number 1; `One World` alone is a name."""
    word, _, street = line.partition(" ")
    number = _WRITTEN.get(word.lower())
    if number and rules.number_first and " " in street:
        return Street(number, street)
    return None


def split_house_number(line: str, rules: CountryRules) -> Street:
    """House number and street of one line, by the habit of the country where both ends have one."""
    first = _FIRST.match(line)
    if first and (rules.number_first or not _LAST.match(line)):
        return Street(first.group(1), first.group(2))
    last = _LAST.match(line)
    if last and not (rules.iso2 in ("US", "CA", None) and _ROUTE_END.search(last.group(1))):
        return Street(last.group(2), last.group(1).rstrip(" ,"))
    if first:
        return Street(first.group(1), first.group(2))
    return _written_number(line, rules) or Street(None, line)


@lru_cache(maxsize=1 << 14)
def house_key(house: str | None) -> str:
    """A house number for comparing: 12 B, 12b and 12-B are one."""
    return _BETWEEN.sub("-", fold_words(house)).replace(" ", "") if house else ""
