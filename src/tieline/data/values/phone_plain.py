"""Plainly written valid telephone numbers, read with one or two regular expressions.

The library takes some 40 microseconds a number; most numbers of a list are valid and written with
nothing but digits and the usual signs. Those are matched against the library's own patterns
(metadata of `phonenumbers`, so the answers agree by construction and by test); the rest is None
and goes to the library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from phonenumbers import PhoneMetadata

# Countries whose numbers lose at most one plain "0" between national and international form. The
# library's own main region comes first for a calling code that several countries share.
PLAIN_COUNTRIES = {
    "US": "1",
    "GB": "44",
    "DE": "49",
    "AT": "43",
    "CH": "41",
    "FR": "33",
    "NL": "31",
    "BE": "32",
    "ES": "34",
    "PT": "351",
    "IT": "39",
    "SE": "46",
    "DK": "45",
    "PL": "48",
    "CZ": "420",
    "IE": "353",
    "NO": "47",
    "FI": "358",
    "AU": "61",
}
_TRUNK_ZERO = {"GB", "DE", "AT", "CH", "FR", "NL", "BE", "SE", "IE", "FI", "AU"}
_SIGNS = str.maketrans("", "", " -.()/\u00a0\u2010\u2011\u2012\u2013")
_DIGITS = re.compile(r"^\+?[0-9]{7,15}$")
_ONE_TRUNK_ZERO = re.compile(r"^\s*\+\d{1,3}[\s.-]?\(0\)")

# The order in which the library asks for the type of a number (phonenumberutil.number_type).
_TYPES = (
    ("premium_rate", "premium_rate"),
    ("toll_free", "toll_free"),
    ("shared_cost", "shared_cost"),
    ("voip", "voip"),
    ("personal_number", "personal_number"),
    ("pager", "pager"),
    ("uan", "company_number"),
    ("voicemail", "voicemail"),
    ("fixed_line", "fixed"),
    ("mobile", "mobile"),
)


class PlainNumber(NamedTuple):
    """A valid number: E.164, the country (ISO 3166), the type and the national digits."""

    standard: str
    country: str
    kind: str
    national: str


@dataclass(frozen=True)
class Plan:
    """The valid national numbers of one country."""

    country: str
    code: str
    general: re.Pattern[str]
    types: tuple[tuple[str, re.Pattern[str]], ...]
    fixed_is_mobile: bool
    lengths: frozenset[int]

    def type_of(self, national: str) -> str | None:
        """The type of a valid national number, else None."""
        if not self.general.fullmatch(national):
            return None
        for name, pattern in self.types:
            if pattern.fullmatch(national):
                if name != "fixed":
                    return name
                if self.fixed_is_mobile:
                    return "fixed_or_mobile"
                mobile = self.types[-1]
                both = mobile[0] == "mobile" and mobile[1].fullmatch(national)
                return "fixed_or_mobile" if both else "fixed"
        return None


@cache
def plan(country: str) -> Plan:
    """The numbering plan of a country as the library knows it."""
    metadata: Any = PhoneMetadata.metadata_for_region(country, None)
    types = []
    for attribute, name in _TYPES:
        description = getattr(metadata, attribute)
        pattern = description.national_number_pattern if description else None
        if pattern:
            types.append((name, re.compile(pattern)))
    return Plan(
        country,
        PLAIN_COUNTRIES.get(country, "1"),
        re.compile(metadata.general_desc.national_number_pattern),
        tuple(types),
        bool(metadata.same_mobile_and_fixed_line_pattern),
        frozenset(metadata.general_desc.possible_length),
    )


_BY_CODE = {code: country for country, code in PLAIN_COUNTRIES.items()}


def read_plain(text: str, country: str | None) -> PlainNumber | None:
    """The plainly written valid number in the text, else None."""
    digits = text.translate(_SIGNS)
    if not _DIGITS.match(digits):
        return None
    if digits[0] == "+":
        return _international(digits[1:], text)
    if country in ("US", "CA"):
        if len(digits) == 11 and digits[0] == "1":
            digits = digits[1:]
        return _american(digits)
    if country is None or country not in PLAIN_COUNTRIES:
        return None
    national = digits
    if country in _TRUNK_ZERO:
        if digits[0] != "0":
            return None
        national = digits[1:]
    code = PLAIN_COUNTRIES[country]
    # "49 30 1234567" in a German list may be international without its plus: the library decides.
    # A national number never starts with the trunk zero; two zeros may be an international call.
    if national.startswith(code) or (country in _TRUNK_ZERO and national[0] == "0"):
        return None
    if national.startswith("00"):
        return None
    return _valid(national, country)


def _international(digits: str, text: str) -> PlainNumber | None:
    if digits[0] == "1":
        return _american(digits[1:])
    for length in (2, 3):
        country = _BY_CODE.get(digits[:length])
        if country:
            national = digits[length:]
            if country in _TRUNK_ZERO and national[:1] == "0":
                if not _ONE_TRUNK_ZERO.match(text):
                    return None
                national = national[1:]
                if national[:1] == "0":
                    return None
            return _valid(national, country)
    return None


def _american(national: str) -> PlainNumber | None:
    if len(national) != 10 or national[0] in "01":
        return None
    return _valid(national, "US") or _valid(national, "CA")


def _valid(national: str, country: str) -> PlainNumber | None:
    rules = plan(country)
    kind = rules.type_of(national) if len(national) in rules.lengths else None
    return PlainNumber(f"+{rules.code}{national}", country, kind, national) if kind else None
