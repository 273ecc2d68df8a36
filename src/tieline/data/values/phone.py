"""Telephone numbers in E.164, with the country, the extension and what is wrong with them.

Numbers that are written well but not given out (fictional 555 numbers, retired area codes) are
kept: two lists that hold the same such number still agree. Valid plain numbers take the fast path
of `phone_plain`; everything else is read by `phonenumbers`.
"""

from __future__ import annotations

import re
from functools import cache

import phonenumbers
import pyarrow as pa
from phonenumbers import PhoneNumber, PhoneNumberType, ValidationResult

from tieline.data.values.folding import LONGEST_TEXT
from tieline.data.values.output_table import output_table, text_column
from tieline.data.values.phone_plain import read_plain

VERSION = 3
INPUTS = ("phone", "country")
LIBRARIES = ("phonenumbers",)
OUTPUT = pa.schema(
    [
        (name, pa.string())
        for name in (
            "phone",
            "phone_country",
            "extension",
            "phone_type",
            "phone_issue",
            "other_phones",
        )
    ]
)
ISSUES: dict[str, str] = {
    "not_a_number": "The text holds no telephone number.",
    "no_country": "The number has no country code and the record names no country.",
    "too_short": "The number has too few digits for its country.",
    "too_long": "The number has too many digits for its country.",
    "not_assigned": "The number is well formed but in no range that is given out; kept to compare.",
    "placeholder": "A made-up number such as 000-000-0000 or 123456789; not used.",
    "digits_lost": "A spreadsheet rounded the number (6.5E+09); its last digits are gone.",
    "premium_rate": "The number is charged at a premium rate; kept to compare.",
}

Row = tuple[str | None, str | None, str | None, str | None, str | None, str | None]
_EMPTY: Row = (None, None, None, None, None, None)

_SEPARATOR = re.compile(
    r"\s*(?:[;|\n\r]|,|/| or | oder | ou | and | und | et |&)\s*", re.IGNORECASE
)
_EXCEL_TAIL = re.compile(r"^(\d{6,15})\.0+$")
_SCIENTIFIC = re.compile(r"^([0-9])[.,]?([0-9]*)e\+?([0-9]{1,2})$", re.IGNORECASE)
_AMERICAN_SHAPE = re.compile(
    r"^(?:\+?1[-. ]?)?(?:\([2-9]\d\d\) ?-?|[2-9]\d\d[-./ ])[2-9]\d\d[-. ]\d{4}(?!\d)"
)
_EXTENSION = re.compile(
    r"^([+\d][\d ().-]{6,}\d|\([\d ().-]{6,}\d)[ ,;]*(?:x|ext|ext\.|extension)[ .:]*(\d{1,6})$",
    re.IGNORECASE,
)
_RANGE_END = re.compile(r"(?<=\d{5})/\d{1,2}$")
_DIGIT = re.compile(r"\d")
_NOT_DIGIT = re.compile(r"\D")
_TYPE_NAMES = {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium_rate",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PERSONAL_NUMBER: "personal_number",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "company_number",
    PhoneNumberType.VOICEMAIL: "voicemail",
}
_COUNTING = ("01234567890123456789", "98765432109876543210")
_FEWEST_DIGITS = 5


@cache
def _country(raw: str | None) -> str | None:
    code = (raw or "").strip().upper()
    code = "GB" if code == "UK" else code
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    pairs = zip(text_column(distinct, "phone"), text_column(distinct, "country"), strict=True)
    return output_table((_one(raw, country) for raw, country in pairs), OUTPUT)


def _one(raw: str | None, country_text: str | None) -> Row:
    text = raw[:LONGEST_TEXT].strip() if raw else ""
    if not text:
        return _EMPTY
    country = _country(country_text)
    if "/" in text:
        # '1234567/68' names two neighbouring extensions: the first is the number.
        text = _RANGE_END.sub("", text)
    american = country is None and _AMERICAN_SHAPE.match(text)
    found = _EXTENSION.match(text)
    number, extension = found.groups() if found else (text, None)
    plain = read_plain(number, "US" if american else country)
    if plain and not _is_placeholder(plain.national):
        standard, region, kind, _ = plain
        return standard, region, extension, kind, _premium(kind), None
    text = _without_spreadsheet_damage(text)
    if not text:
        return None, None, None, None, "digits_lost", None
    rows = [_read(part, country) for part in _parts(text)]
    if not rows:
        return None, None, None, None, "not_a_number", None
    first = next((row for row in rows if row[0]), rows[0])
    others = [row[0] for row in rows if row[0] and row[0] != first[0]]
    return (*first[:5], " ".join(dict.fromkeys(others)) or None)


def _without_spreadsheet_damage(text: str) -> str:
    """The digits behind '6502530000.0' and '6.50253E+09'; empty when rounding lost some."""
    tail = _EXCEL_TAIL.match(text)
    if tail:
        return tail.group(1)
    rounded = _SCIENTIFIC.match(text)
    if not rounded:
        return text
    digits, exponent = rounded.group(1) + rounded.group(2), int(rounded.group(3))
    return digits if len(digits) == exponent + 1 else ""


def _parts(text: str) -> list[str]:
    """The numbers of one cell. '030/1234567' and '1234567/68' are one number, not two."""
    parts: list[str] = []
    for part in _SEPARATOR.split(text):
        if len(_DIGIT.findall(part)) >= _FEWEST_DIGITS + 1 or re.search(r"[A-Za-z]{4,}", part):
            parts.append(part)
    whole_digits = len(_DIGIT.findall(text))
    if len(parts) < 2:
        # A lone part may have lost its area code or an extension to the split.
        return [text] if whole_digits >= _FEWEST_DIGITS or parts else []
    numbers = [part for part in parts if len(_DIGIT.findall(part)) > _FEWEST_DIGITS]
    return numbers or [text]


def _read(text: str, country: str | None) -> Row:
    best: PhoneNumber | None = None
    for written, region in _readings(text, country):
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        kind = phonenumbers.number_type(number)
        if kind != PhoneNumberType.UNKNOWN:  # that is what makes a number valid
            return _row(number, kind, country)
        if best is None:
            best = number
    if best is not None:
        return _row(best, PhoneNumberType.UNKNOWN, country)
    digits = len(_DIGIT.findall(text))
    if digits < _FEWEST_DIGITS:
        return None, None, None, None, "not_a_number", None
    issue = "too_long" if digits > 17 else "too_short" if country else "no_country"
    return None, None, None, None, issue, None


def _readings(text: str, country: str | None) -> list[tuple[str, str | None]]:
    """The ways a text may be meant, the likeliest first."""
    digits = _NOT_DIGIT.sub("", text)
    international = text.lstrip("( ").startswith("+")
    readings: list[tuple[str, str | None]] = []
    if not international and digits.startswith("00") and "00" in text and len(digits) > 9:
        readings.append(("+" + text[text.index("00") + 2 :], country))
    if country or international:
        readings.append((text, country))
    elif _AMERICAN_SHAPE.match(text):
        readings.append((text, "US"))
    if "(0)" in text:
        readings.append((text.replace("(0)", "", 1), country))
    if not international and len(digits) >= 11 and digits[0] != "0":
        readings.append(("+" + text[text.index(digits[0]) :], country))
    return readings


def _row(number: PhoneNumber, number_type: int, country: str | None) -> Row:
    standard = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if _is_placeholder(phonenumbers.national_significant_number(number)):
        return None, None, None, None, "placeholder", None
    possible = phonenumbers.is_possible_number_with_reason(number)
    region = phonenumbers.region_code_for_number(number)
    if region is None:
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(number.country_code or 0, ("001",))
        region = country if country in regions else regions[0]
    region = None if region == "001" else region
    if possible == ValidationResult.TOO_LONG:
        return None, region, number.extension, None, "too_long", None
    if possible not in (ValidationResult.IS_POSSIBLE, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return None, region, number.extension, None, "too_short", None
    if possible == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        # Without its area code the number means another line in the next town.
        return None, region, number.extension, None, "too_short", None
    kind = _TYPE_NAMES.get(number_type)
    issue = _premium(kind) if number_type != PhoneNumberType.UNKNOWN else "not_assigned"
    return standard, region, number.extension or None, kind, issue, None


def _premium(kind: str | None) -> str | None:
    return "premium_rate" if kind == "premium_rate" else None


def _is_placeholder(national: str) -> bool:
    """Whether the last seven digits are all one digit, or the whole number counts up or down."""
    tail = national[-7:]
    if len(tail) == 7 and tail == tail[0] * 7:
        return True
    return len(national) > 6 and any(national in run for run in _COUNTING)
