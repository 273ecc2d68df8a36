"""Sets of known words for the detectors, read from packages, each loaded on first use."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from functools import cache

from anyascii import anyascii
from nicknames import NickNamer
from phonenumbers import SUPPORTED_REGIONS

from tieline.data.mapping.word_lists import groups
from tieline.data.values.country import country_locales

_NAME_LOCALES = (
    "de_DE", "de_AT", "en_US", "en_GB", "en_IN", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_PT",
    "pt_BR", "pl_PL", "sv_SE", "da_DK", "no_NO", "fi_FI", "cs_CZ", "hu_HU", "ro_RO", "tr_TR",
    "id_ID", "ru_RU", "ja_JP", "zh_CN",
)  # fmt: skip
_COUNTRY_LANGUAGES = ("aa", "en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "cs")

COUNTRY_CODES = frozenset(code.lower() for code in SUPPORTED_REGIONS) | {"uk"}
"""ISO 3166 alpha-2 codes (those of phonenumbers) and `uk`, which many lists write for `gb`."""


def words(group: str) -> frozenset[str]:
    """One group of `content_words.tsv`."""
    return groups("content_words.tsv")[group]


@cache
def country_names() -> frozenset[str]:
    """Names of countries in the main European languages, lower case ASCII."""
    names = {
        anyascii(by_language[language]).lower()
        for by_language in country_locales().values()
        for language in _COUNTRY_LANGUAGES
        if not by_language.get(language, "*").startswith("*")
    }
    return frozenset(names | words("country_name"))


@cache
def given_names() -> frozenset[str]:
    """Given names of the locales above and of the nicknames package, lower case ASCII."""
    names = _from_faker("first_names", "first_names_male", "first_names_female")
    for canonical, nicks in NickNamer.default_lookup().items():
        names.add(canonical)
        names.update(nicks)
    return frozenset(name for name in names if len(name) > 1)


@cache
def family_names() -> frozenset[str]:
    """Family names of the locales above, lower case ASCII."""
    return frozenset(name for name in _from_faker("last_names") if len(name) > 1)


def _from_faker(*attributes: str) -> set[str]:
    names: set[str] = set()
    for locale in _NAME_LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in attributes:
            values: Iterable[str] = getattr(provider, attribute, ())
            names.update(anyascii(str(value)).lower() for value in values)
    return names
