"""A country as people write it, to its ISO 3166-1 alpha-2 code.

Table `country_names.csv` (one row is one country) holds code, English name and the usual other
spellings; names in further languages come from the locale table inside `phonenumbers`.
"""

from __future__ import annotations

import csv
import re
import runpy
from functools import cache, lru_cache
from importlib.resources import files

from tieline.data.values.folding import fold_words

_ARTICLE = re.compile(r"^(?:the|republic of|kingdom of|state of) ")


@cache
def _rows() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    text = files(__package__).joinpath("country_names.csv").read_text("utf-8")
    return tuple(
        (row["iso2"], row["iso3"], row["name"], tuple(filter(None, row["also"].split("|"))))
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _common() -> dict[str, str]:
    known: dict[str, str] = {}
    for iso2, iso3, name, also in _rows():
        for text in (iso2, iso3, name, *also):
            key = fold_words(text)
            for form in (key, key.replace(" ", "")):
                known.setdefault(form, iso2)
    for iso2, iso3, _, _ in _rows():  # a code always beats somebody else's abbreviation
        known[iso3.lower()] = iso2
    for iso2, _, _, _ in _rows():
        known[iso2.lower()] = iso2
    return known


@cache
def country_locales() -> dict[str, dict[str, str]]:
    """ISO2 code -> language -> the country's name there; a name with "*" repeats another's."""
    # Read alone: the package around it loads half a second of places of telephone numbers.
    path = str(files("phonenumbers").joinpath("geodata", "locale.py"))
    module = runpy.run_path(path, run_name="phonenumbers.geodata.locale")
    known: dict[str, dict[str, str]] = module["LOCALE_DATA"]
    return known


@cache
def _foreign() -> dict[str, str]:
    known: dict[str, str] = {}
    for iso2, names in sorted(country_locales().items()):
        for name in names.values():
            if not name.startswith("*") and len(key := fold_words(name)) > 3:
                known.setdefault(key, iso2)
    return known


@cache
def country_codes() -> frozenset[str]:
    """All ISO 3166-1 alpha-2 codes we know."""
    return frozenset(iso2 for iso2, _, _, _ in _rows())


def country_name(iso2: str) -> str | None:
    """The English name of a code."""
    return next((name for code, _, name, _ in _rows() if code == iso2), None)


def usual_country_code(text: str) -> str | None:
    """ISO2 code of a country written in English, its own language or a neighbour's."""
    key = fold_words(text)
    return _common().get(key) or _common().get(key.replace(" ", ""))


@lru_cache(maxsize=4096)
def country_code(text: str | None) -> str | None:
    """ISO2 code of a country written in any usual way; None where it names no country we know."""
    key = fold_words(text) if text else ""
    if not key:
        return None
    found = usual_country_code(key)
    if found is None and len(key) > 3:
        found = _foreign().get(key)
        if found is None:
            bare = _ARTICLE.sub("", key)
            if bare != key:
                found = _common().get(bare) or _foreign().get(bare)
    return found
