"""The literal values a person is found by in any text: addresses, numbers, identifiers, full names.

They are known only while the person is still held; nothing of them is written anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from tieline.data import erasure_keys

Pattern: TypeAlias = tuple[str, str]
"""What it is (e-mail, phone, identifier, name) and a regular expression in RE2's syntax."""

SHORTEST_NUMBER = 7
"""Digits of a telephone number that tell it from a house number or an amount."""
SHORTEST_IDENTIFIER = 6
"""A shorter identifier stands in texts by chance."""
_MAIL = re.compile(r"[^\s<>\"',;:|()\[\]\\]+@[^\s<>\"',;:|()\[\]\\]+\.[A-Za-z]{2,}")
_BETWEEN_DIGITS = r"[\s().\-/\\]{0,3}"
_BETWEEN_WORDS = r"[\s,;._\-]{1,3}"
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Values:
    """The distinctive values of a person, and how many others were left out as shared, by kind.

    `names` are pairs of (given, family), each a tuple of spellings.
    """

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    names: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    shared: Mapping[str, int] | None = None

    def patterns(self) -> list[Pattern]:
        """Regular expressions, to be used without regard to upper and lower case."""
        found = [("e-mail", _mail(text)) for text in self.emails]
        found += [("phone", _number(digits)) for digits in self.phones]
        found += [("identifier", _bounded(re.escape(text))) for text in self.identifiers]
        return found + [("name", _name(given, family)) for given, family in self.names]

    def hits(self, text: str) -> Counter[str]:
        """How many of the values of each kind stand in a text."""
        return Counter(
            kind for kind, pattern in self.patterns() if re.search(pattern, text, re.IGNORECASE)
        )

    def needles(self) -> list[str]:
        """Plain texts one of which stands wherever a value can stand, for a first quick look."""
        words = [family for _, families in self.names for family in families]
        return [
            *self.emails,
            *(n[-SHORTEST_NUMBER:] for n in self.phones),
            *self.identifiers,
            *words,
        ]


def values_of(
    standard: Sequence[Mapping[str, Any]],
    verbatim: Iterable[str],
    identifiers: Iterable[str],
    others: pa.ChunkedArray,
) -> Values:
    """The values of a person, without those that `others` hold too.

    `standard` are rows with `erasure_keys.COLUMNS` and given_name and family_name, `verbatim` the
    same rows word for word, `identifiers` plain values, `others` the rows of everybody else.
    """
    mails = {text.lower() for row in standard for text in erasure_keys.emails(row)}
    for text in verbatim:
        written = {found.lower() for found in _MAIL.findall(text)}
        # A role account written in the row is nobody's.
        mails |= {mail for mail in written if _plain(mail) in {_plain(one) for one in mails}}
    numbers = {re.sub(r"\D", "", text) for row in standard for text in erasure_keys.phones(row)}
    names = {
        (_spellings(row["given_name"]), _spellings(row["family_name"]))
        for row in standard
        if erasure_keys.name_forms(row) and row["given_name"] and row["family_name"]
    }
    found = Values(
        emails=tuple(sorted(mails)),
        phones=tuple(sorted(text for text in numbers if len(text) >= SHORTEST_NUMBER)),
        identifiers=tuple(
            sorted({text for text in identifiers if len(text) >= SHORTEST_IDENTIFIER})
        ),
        names=tuple(sorted(names)),
    )
    return _without_shared(found, others)


def rows_with(column: pa.ChunkedArray, patterns: Sequence[Pattern]) -> pa.ChunkedArray:
    """Whether each text holds any of the patterns; NULL holds none."""
    if not patterns:
        return pa.chunked_array([pa.repeat(False, len(column))], pa.bool_())
    one = "|".join(f"(?:{pattern})" for _, pattern in patterns)
    return pc.fill_null(pc.match_substring_regex(column, one, ignore_case=True), False)


def _without_shared(values: Values, others: pa.ChunkedArray) -> Values:
    shared: Counter[str] = Counter()
    # Most people share nothing: one pass over all rows finds the few rows to look at closer.
    suspects = others.filter(rows_with(others, values.patterns()))

    def own(kind: str, pattern: str) -> bool:
        held = bool(pc.any(rows_with(suspects, [(kind, pattern)])).as_py())
        shared[kind] += held
        return not held

    return Values(
        emails=tuple(text for text in values.emails if own("e-mail", _mail(text))),
        phones=tuple(text for text in values.phones if own("phone", _number(text))),
        identifiers=tuple(
            text for text in values.identifiers if own("identifier", _bounded(re.escape(text)))
        ),
        names=tuple(name for name in values.names if own("name", _name(*name))),
        shared={kind: number for kind, number in sorted(shared.items()) if number},
    )


def _mail(text: str) -> str:
    return rf"(?:^|[^a-z0-9._%+\-]){re.escape(text)}(?:$|[^a-z0-9.\-]|\.(?:$|[^a-z0-9]))"


def _number(digits: str) -> str:
    """The digits in any spelling: with the country's code, or without and a zero in its place."""
    national = _BETWEEN_DIGITS.join(_national(digits))
    before = r"(?:\+|00|0|\(0\)|[0-9]{1,3}[\s.\-/(]{0,2})?"
    return rf"(?:^|[^0-9]){before}{_BETWEEN_DIGITS}{national}(?:$|[^0-9])"


def _national(digits: str) -> str:
    """An E.164 number without the country's code (ITU-T E.164: one to three digits)."""
    from phonenumbers import NumberParseException, parse

    try:
        known = parse("+" + digits)
    except NumberParseException:
        return digits
    return str(known.national_number)


def _bounded(pattern: str) -> str:
    return rf"(?:^|[^a-z0-9]){pattern}(?:$|[^a-z0-9])"


def _name(given: Sequence[str], family: Sequence[str]) -> str:
    """Given and family name side by side, in either order; or as two cells of a JSON row."""
    first, last = (f"(?:{'|'.join(map(re.escape, words))})" for words in (given, family))
    beside = rf"{first}{_BETWEEN_WORDS}{last}|{last}{_BETWEEN_WORDS}{first}"
    cells = rf'"{first}".{{0,200}}"{last}"|"{last}".{{0,200}}"{first}"'
    return rf"(?:^|\W)(?:{beside})(?:$|\W)|{cells}"


def _spellings(name: str) -> tuple[str, ...]:
    """A name as it is written, and as it is written where letters are missing."""
    text = name.strip().lower()
    return tuple(sorted({text, anyascii(text).lower(), text.translate(_GERMAN)}))


def _plain(mail: str) -> str:
    return re.sub(r"[^a-z0-9@]", "", mail.partition("+")[0] + mail[mail.find("@") :])
