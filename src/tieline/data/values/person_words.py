"""What is known about words in person names: titles, suffixes, particles, given and family names.

The lists of titles, suffixes, particles, non-names and nickname families lie beside this file. The
usual given and family names of nine countries come from the word lists inside `faker`; they decide
only what the writing leaves open (MUELLER HANS, a single name, two family names).
"""

from __future__ import annotations

import importlib
from functools import cache, lru_cache

from nicknames import name_triplets

from tieline.data.values.folding import fold_umlauts, fold_words
from tieline.data.values.word_list import rows

_LOCALES = (
    "de_CH",
    "de_DE",
    "en_GB",
    "en_US",
    "es_ES",
    "fr_FR",
    "it_IT",
    "nl_NL",
    "pt_BR",
    "sv_SE",
)
_IBERIAN = ("es_ES", "es_MX", "pt_PT", "pt_BR")
# Words that tell a company or a department, never a person.
COMPANY_WORDS = frozenset(
    {"inc", "llc", "ltd", "limited", "gmbh", "corp", "corporation", "company", "plc", "srl", "sarl"}
    | {"sro", "kg", "ohg", "llp", "gesellschaft", "department", "dept", "solutions", "services"}
    | {"systems", "technologies", "industries", "university", "universitaet", "hospital", "gbr"}
    | {"consulting", "associates", "holdings", "holding", "enterprises", "pty", "pvt", "bv", "eg"}
    | {"abteilung", "stadtwerke", "verein", "foundation", "hotel", "restaurant", "restaurante"}
)


# The words of names repeat themselves from row to row.
@lru_cache(maxsize=1 << 16)
def word_key(word: str) -> str:
    """One word as the lists hold it: folded, without dots, dashes and apostrophes."""
    return fold_words(word).replace(" ", "")


@lru_cache(maxsize=1 << 16)
def name_key(text: str) -> str:
    """A part of a name as the lists of known given and family names hold it."""
    return fold_umlauts(fold_words(text))


@cache
def _words(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row_kind, standard, written in rows("person_words.tsv"):
        if row_kind == kind:
            for word in written.split(";"):
                found[word_key(word)] = standard
    return found


@cache
def titles() -> dict[str, str]:
    """Words before a name that are no part of it -> their usual writing."""
    return _words("title")


@cache
def second_titles() -> dict[str, str]:
    """Words that are a title only behind another one: 'Dr. med.', but 'Phil Collins'."""
    return _words("second title")


@cache
def suffixes() -> dict[str, str]:
    """Words after a name that are no part of it (degrees, Jr.) -> their usual writing."""
    return {**_words("suffix"), **_words("generation")}


@cache
def generations() -> frozenset[str]:
    """The suffixes that tell father from son; they distinguish people."""
    return frozenset(_words("generation"))


@cache
def particles() -> frozenset[str]:
    """Little words that begin a family name."""
    return frozenset(_words("particle"))


@cache
def non_names() -> dict[str, str]:
    """Texts that name nobody -> issue code."""
    return {row[0]: row[1] for row in rows("person_no_name.tsv")}


def _faker_names(locale: str, *attributes: str) -> set[str]:
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    names: set[str] = set()
    for attribute in attributes:
        for name in getattr(provider, attribute, ()):
            names.add(fold_umlauts(fold_words(name)))
    return names


@cache
def known_given_names() -> frozenset[str]:
    """Folded given names of nine countries, and every name of a nickname family."""
    names: set[str] = set(given_roots())
    for locale in _LOCALES:
        names |= _faker_names(locale, "first_names", "first_names_male", "first_names_female")
    return frozenset(names)


@cache
def known_family_names() -> frozenset[str]:
    """Folded family names of nine countries."""
    return frozenset().union(*(_faker_names(locale, "last_names") for locale in _LOCALES))


@cache
def iberian_family_names() -> frozenset[str]:
    """Folded family names of Spain, Mexico, Portugal and Brazil, where people have two."""
    return frozenset().union(*(_faker_names(locale, "last_names") for locale in _IBERIAN))


@cache
def given_roots() -> dict[str, str]:
    """Folded given name -> the formal name of its family; formal names stand for themselves.

    Our own list decides. Of the package's English list only short forms of exactly one name are
    taken, and only where neither is in ours.
    """
    roots: dict[str, str] = {}
    for root, names in rows("person_given_roots.tsv"):
        roots[root] = root
        if names != "-":
            roots.update(dict.fromkeys(names.split("; "), root))
    formal: set[str] = set()
    by_nickname: dict[str, set[str]] = {}
    for triplet in name_triplets():
        formal.add(triplet.name1)
        by_nickname.setdefault(triplet.name2, set()).add(triplet.name1)
    for nickname in sorted(by_nickname):
        names_of = by_nickname[nickname]
        if len(names_of) == 1 and nickname not in formal and nickname not in roots:
            (name,) = names_of
            # 'erin' and 'ron' of Aaron are guesses: only a beginning of the name, or -y and -ie.
            short = name.startswith(nickname)
            pet_name = nickname[:3] == name[:3] and nickname.endswith(("y", "ie", "i"))
            if len(nickname) > 2 and (short or pet_name):
                roots[nickname] = roots.get(name, name)
    return roots
