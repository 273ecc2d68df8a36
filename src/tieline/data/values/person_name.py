"""Person names: parts, display form and keys for comparing.

Names of two or three plain words, alone or in separate columns, take a short way; the rest is
taken apart by `person_parts`. Keys are ASCII, lower case, without apostrophes, with ae, oe, ue
folded to a, o, u (see `folding.fold_umlauts`), so Müller, Mueller and Muller agree. `given_root`
is the formal name of the nickname family ('robert' for Bob); NULL for an initial.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import pyarrow as pa

from tieline.data.values.folding import fold_umlauts, fold_words, tidy
from tieline.data.values.output_table import output_table, text_column
from tieline.data.values.person_display import display_prefix, display_words
from tieline.data.values.person_parts import (
    EAST_ASIAN,
    TRADES,
    Parts,
    given_stands_behind,
    latin,
    parts_of,
)
from tieline.data.values.person_words import (
    COMPANY_WORDS,
    given_roots,
    known_given_names,
    name_key,
    non_names,
    particles,
    suffixes,
    titles,
    word_key,
)

VERSION = 5
INPUTS = (
    "full_name",
    "name_prefix",
    "given_name",
    "middle_name",
    "family_name",
    "name_suffix",
    "native_name",
)
LIBRARIES = ("anyascii", "faker", "nameparser", "nicknames")
OUTPUT = pa.schema(
    [
        (name, pa.string())
        for name in (
            "full_name",
            "name_prefix",
            "given_name",
            "middle_name",
            "family_name",
            "name_suffix",
            "nickname",
            "given_key",
            "middle_key",
            "family_key",
            "name_key",
            "given_root",
            "name_issue",
        )
    ]
)
ISSUES: dict[str, str] = {
    "placeholder": "The text is a test entry or says that there is no name.",
    "role": "The text names a desk or a job (Accounts Payable), not a person.",
    "company_name": "The text is the name of a company or a department.",
    "email": "An e-mail or web address stands where the name belongs.",
    "no_letters": "The text has no letters.",
    "has_digits": "The name has digits in it; they were kept.",
    "two_persons": "Two people share the cell; the first one was taken.",
    "only_initials": "Neither given nor family name is more than a letter.",
}

Row = tuple[str | None, ...]
_EMPTY: Row = (None,) * len(OUTPUT)

# A plain word of a name: a capital and small letters, perhaps twice with a hyphen or apostrophe.
_PLAIN = re.compile(
    r"^[A-ZÀ-ÖØ-Þ](?:['’][A-Z])?[a-zß-öø-ÿA-Z]*[a-zß-öø-ÿ](?:-[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)?$"
)
_INITIAL = re.compile(r"^[A-Z]\.?$")
_ADDRESS = re.compile(r"\S@\S|https?://|www\.\S|\.(?:com|net|org|de)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d")
_APOSTROPHES = re.compile(r"['’`´‘]")
_UNKNOWN = re.compile(r"^(?:unknown|unbekannt|inconnu|desconocido|n/a)[ ,]+(?=\S)", re.IGNORECASE)
_KEYBOARD = re.compile(r"^(?:(.)\1{2,}|asdf[a-z]*|qwert[a-z]*|test\d*)$")


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    columns = [text_column(distinct, name) for name in INPUTS]
    return output_table((_one(raw) for raw in zip(*columns, strict=True)), OUTPUT)


def _one(raw: tuple[str | None, ...]) -> Row:
    full, prefix, given, middle, family, suffix, _ = raw
    if given and family and not (prefix or suffix):
        if _is_plain(given) and _is_plain(family):
            if not middle:
                return _plain_row(given, "", family)
            if _is_plain(middle) or _INITIAL.match(middle):
                return _plain_row(given, middle, family)
    elif given and family and prefix and not (middle or suffix):
        row = _titled_row(prefix, given, family)
        if row:
            return row
    elif full and not (given or family or prefix or middle or suffix):
        row = _plain_whole(full)
        if row:
            return row
    return _with_care(*(tidy(value) for value in raw))


@lru_cache(maxsize=100_000)
def _is_plain(word: str) -> bool:
    if not _PLAIN.match(word):
        return False
    lower = word.lower()
    return lower not in _special_words()


@cache
def _special_words() -> frozenset[str]:
    """Words that are no plain part of a name."""
    lists = (titles(), suffixes(), particles(), non_names(), COMPANY_WORDS)
    return frozenset().union(*lists)


def _plain_whole(full: str) -> Row | None:
    """'Given Family', 'Given M. Family' and 'Family, Given' in plain words, else None."""
    words = full.split(" ")
    if len(words) == 2:
        first, last = words
        if first[-1:] == ",":
            first, last = last, first[:-1]
        if _is_plain(first) and _is_plain(last):
            if given_stands_behind(_key(first), _key(last), in_capitals=False):
                first, last = last, first
            return _plain_row(first, "", last)
    elif len(words) == 3 and _INITIAL.match(words[1]):
        first, middle, last = words
        if _is_plain(first) and _is_plain(last):
            return _plain_row(first, middle, last)
    return None


def _titled_row(prefix: str, given: str, family: str) -> Row | None:
    """A title and two plain words that are nothing else in any reading, else None."""
    if not (_is_only_plain(given) and _is_only_plain(family)) or _issue(f"{given} {family}"):
        return None
    if given_stands_behind(name_key(given), name_key(family), in_capitals=False):
        given, family = family, given
    full, _, *rest = _plain_row(given, "", family)
    shown = display_prefix(tidy(prefix))
    return f"{shown} {full}" if shown else full, shown or None, *rest


@lru_cache(maxsize=100_000)
def _is_only_plain(word: str) -> bool:
    """Whether a plain word is not even a folded form of a title or suffix (as Mä is of MA)."""
    key = word_key(word)
    return _is_plain(word) and key not in _special_words() and key not in TRADES


def _plain_row(given: str, middle: str, family: str) -> Row:
    if fold_words(f"{given} {family}") in non_names():
        return _with_care("", "", given, middle, family, "", "")
    full = f"{given} {middle} {family}" if middle else f"{given} {family}"
    given_key, family_key, middle_key = _key(given), _key(family), _key(middle)
    tokens = sorted(f"{given_key} {middle_key} {family_key}".split())
    return (
        full,
        None,
        given,
        middle or None,
        family,
        None,
        None,
        given_key,
        middle_key or None,
        family_key,
        " ".join(tokens),
        _root(given_key),
        None,
    )


# First and last names repeat themselves from row to row.
@lru_cache(maxsize=100_000)
def _key(text: str) -> str:
    if text.isascii() and text.isalpha():
        return fold_umlauts(text.lower())
    return fold_umlauts(fold_words(_APOSTROPHES.sub("", latin(text))))


@lru_cache(maxsize=100_000)
def _root(given_key: str) -> str | None:
    """The formal name; of compound names ('hans peter') each word's, if the whole has none."""
    roots = given_roots()
    known = roots.get(given_key)
    if known:
        return known
    if len(given_key) < 2:
        return None
    if " " not in given_key:
        return given_key
    return " ".join(roots.get(word, word) for word in given_key.split())


def _with_care(
    full: str, prefix: str, given: str, middle: str, family: str, suffix: str, native: str
) -> Row:
    whole = " ".join(part for part in (given, middle, family) if part)
    given, family = _real(given), _real(family)
    if given and family:
        parts = _from_columns(given, middle, family)
    else:
        whole = full or whole or native
        known = " ".join(part for part in (given, middle, family) if part)
        parts = parts_of(_UNKNOWN.sub("", full) or known or native)
        parts = _one_column(parts, full, given, middle, family)
    issue = _issue(whole) or parts.issue
    if issue and issue not in ("two_persons", "has_digits"):
        return (whole or None, *_EMPTY[1:-1], issue)
    return _row(parts, prefix, suffix, issue)


@lru_cache(maxsize=1 << 16)
def _real(part: str) -> str:
    """The part, or nothing where it says that there is none ('Unknown', 'n/a', '-')."""
    plain = fold_words(part) if part else ""
    placeholder = non_names().get(plain) == "placeholder" and len(plain) > 1
    return part if plain and not placeholder else ""


def _one_column(parts: Parts, full: str, given: str, middle: str, family: str) -> Parts:
    """A lone family or given column stays what its header says, unless it holds a whole name."""
    if full or (parts.given and parts.family):
        return parts
    whole = parts.given or parts.family
    if given and not family:
        return Parts(parts.prefix, whole, middle, "", parts.suffix, parts.nickname, parts.issue)
    if family and not given:
        return Parts(parts.prefix, "", middle, whole, parts.suffix, parts.nickname, parts.issue)
    return parts


def _from_columns(given: str, middle: str, family: str) -> Parts:
    """Given and family name from their own columns, freed of titles, suffixes and nicknames."""
    if given.lower() == family.lower() and " " in given:
        return parts_of(given)
    family_parts = parts_of(f"{family}, {given}" if "," not in family else f"{family} {given}")
    if "," in family:
        # 'Smith, PhD' or 'Smith, Jr.' in the family column.
        name, _, rest = family.partition(",")
        family_parts = parts_of(f"{name}, {given}, {rest}")
    words = family_parts.given.split()
    own_middle = family_parts.middle
    if own_middle and not all(len(word.strip(".")) == 1 for word in own_middle.split()):
        # 'Mary Ann' in the given column is one given name; 'Robert J.' is not.
        words, own_middle = [family_parts.given, own_middle], ""
    return Parts(
        prefix=family_parts.prefix,
        given=" ".join(words),
        middle=" ".join(part for part in (own_middle, middle) if part),
        family=family_parts.family,
        suffix=family_parts.suffix,
        nickname=family_parts.nickname,
        issue=family_parts.issue,
    )


def _row(parts: Parts, prefix: str, suffix: str, issue: str | None) -> Row:
    whole = f"{parts.given}{parts.middle}{parts.family}"
    capital = whole.isupper()
    given, middle, family = (
        display_words(part, capital) for part in (parts.given, parts.middle, parts.family)
    )
    shown_prefix = display_prefix(parts.prefix or prefix)
    shown_suffix = parts.suffix or suffix
    keys = (_key(given), _key(middle), _key(family))
    if not any(len(key) > 1 for key in keys):
        issue = "only_initials" if any(keys) else "no_letters"
    shown = (shown_prefix, given, middle, family, shown_suffix)
    full = " ".join(part for part in shown if part)
    if EAST_ASIAN.match(family) and EAST_ASIAN.match(given):
        full = f"{family}{given}"
    values = (
        full,
        *shown,
        display_words(parts.nickname, capital) if parts.nickname else "",
        *keys,
        " ".join(sorted(" ".join(keys).split())),
        _root(keys[0]) or "",
        issue or "",
    )
    return tuple(value or None for value in values)


def _issue(text: str) -> str | None:
    if not text:
        return None
    if _ADDRESS.search(text):
        return "email"
    plain = fold_words(text)
    code = non_names().get(plain)
    if code:
        return code
    if not any(letter.isalpha() for letter in text) or not plain:
        return "no_letters"
    if _KEYBOARD.match(plain.replace(" ", "")):
        return "placeholder"
    words = plain.split()
    company = [word for word in words if word in COMPANY_WORDS]
    if company and (len(words) > 1 and not (words[0] in known_given_names() and len(words) == 2)):
        return "company_name"
    return "has_digits" if _DIGITS.search(text) else None
