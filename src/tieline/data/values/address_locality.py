"""The last line of an address: postcode, city, region and country out of one text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tieline.data.values.country import usual_country_code
from tieline.data.values.folding import fold_words
from tieline.data.values.place_regions import CountryRules, country_rules

_CODE = (
    r"(?:\d{5}\s\d{4}|\d{5}-\d{3,4}|\d{3}-\d{4}|\d{2}-\d{3}|\d{4}-\d{3}|\d{4}\s?[A-Z]{2}(?![A-Z])"
    r"|\d{3}\s\d{2}(?!\d)|\d{2}\s\d{3}(?!\d)|\d{9}|\d{4,7}"
    r"|[A-Z]\d[A-Z]\s?-?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|GIR\s?0AA|BFPO\s?\d+"
    r"|[A-Z]\d[\dW]\s?[A-Z\d]{4}|[A-Z]\d{4}[A-Z]{3}|AD\d{3}|KY\d-\d{4}|D6W)"
)
_CAR = {
    "A": "AT", "B": "BE", "CH": "CH", "CZ": "CZ", "D": "DE", "DE": "DE", "DK": "DK", "E": "ES",
    "EST": "EE", "F": "FR", "FIN": "FI", "FI": "FI", "FL": "LI", "FR": "FR", "GR": "GR", "H": "HU",
    "HR": "HR", "HU": "HU", "I": "IT", "IT": "IT", "L": "LU", "LI": "LI", "LT": "LT", "LU": "LU",
    "LV": "LV", "N": "NO", "NL": "NL", "NO": "NO", "P": "PT", "PL": "PL", "PT": "PT", "RO": "RO",
    "S": "SE", "SE": "SE", "SI": "SI", "SK": "SK", "SLO": "SI", "AT": "AT", "BE": "BE", "ES": "ES",
    "MD": "MD", "AZ": "AZ", "MC": "MC",
}  # fmt: skip
_START = re.compile(
    rf"^(?:([A-Z]{{1,3}})\s?[-–]\s?|(L|LV|LT|MD|AZ)-?(?=\d))?〒?\s?({_CODE})(?:[\s,]+|$)(.*)$", re.I
)
_END = re.compile(
    rf"^(.*?)(?:^|[\s,(〒-])\s*(?:([A-Z]{{1,3}})[-–])?({_CODE})\)?\.?$", re.IGNORECASE
)
_MIDDLE = re.compile(rf"^(.*?\S)[\s,]+(?:([A-Z]{{1,3}})[-–])?({_CODE})[\s,]+(\D[^\d]*)$", re.I)
_SHAPES = (
    (re.compile(r"^(?:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|GIR ?0AA)$", re.IGNORECASE), "GB"),
    (re.compile(r"^[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?-?\d[A-Z]\d$", re.IGNORECASE), "CA"),
    (re.compile(r"^(?:[AC-FHKNPRTV-Y]\d[\dW]|D6W)\s?[A-Z\d]{4}$", re.IGNORECASE), "IE"),
    (re.compile(r"^[1-9]\d{3}\s?[A-Z]{2}$", re.IGNORECASE), "NL"),
    (re.compile(r"^\d{5}-\d{4}$"), "US"),
    (re.compile(r"^\d{5}-\d{3}$"), "BR"),
    (re.compile(r"^\d{3}-\d{4}$"), "JP"),
    (re.compile(r"^\d{2}-\d{3}$"), "PL"),
    (re.compile(r"^\d{4}-\d{3}$"), "PT"),
    (re.compile(r"^AD\d{3}$", re.IGNORECASE), "AD"),
)
_DISTRICT = re.compile(r"\s\d{1,2}$")  # Paris 12, Praha 1
_FRENCH_OFFICE = re.compile(r"\s+cedex\b(?:\s+\d+)?$", re.IGNORECASE)
_PUNCTUATION = " ,;-–./"
# Letters that look like digits when typed in a place where only a digit can stand.
_LOOK_ALIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "S": "5", "B": "8"})
# Names of countries that are names of regions or cities as well; never cut off an address.
_ALSO_PLACES = frozenset({"GE", "JE", "LU", "SG", "MC", "GI", "SM", "PA", "GT", "KW", "DJ", "MX"})


class Locality(NamedTuple):
    """What one text says about the place; NULL what it does not say. `issue` tells a repair."""

    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: str | None = None


class Postcode(NamedTuple):
    """A postcode in the country's usual form, and the repair it needed."""

    text: str
    valid: bool
    issue: str | None = None


def shape_country(postcode: str | None) -> str | None:
    """The only country whose postcodes look like this one."""
    if not postcode:
        return None
    if postcode.isdigit():
        return None
    return next((iso2 for shape, iso2 in _SHAPES if shape.match(postcode)), None)


def country_at_end(text: str) -> str | None:
    """The country a last segment names; only names that cannot be a region's abbreviation."""
    bare = text.strip(_PUNCTUATION)
    if (len(bare) < 4 and bare.upper() not in ("USA", "UK", "UAE")) or len(bare) > 45:
        return "US" if bare.upper() in ("US", "U.S") else None
    if any(char.isdigit() for char in bare):
        return None
    return usual_country_code(bare)


def is_place_too(iso2: str) -> bool:
    """Whether the country's name is a city's or region's as well, such as Luxembourg."""
    return iso2 in _ALSO_PLACES


def split_region(text: str, rules: CountryRules) -> tuple[str, str | None]:
    """City and region of `Las Vegas NV`, `São Paulo - SP`, `Torino (TO)`."""
    text = text.strip(_PUNCTUATION)
    if not rules.regions:
        return text, None
    if text.endswith(")") and "(" in text:
        city, _, inner = text[:-1].rpartition("(")
        if rules.region_code(inner):
            return city.strip(_PUNCTUATION), inner
    words = text.split()
    for count in (1, 2, 3):
        if len(words) <= count:
            break
        tail = " ".join(words[-count:]).strip(_PUNCTUATION)
        if rules.region_code(tail) and (
            len(fold_words(tail)) > 2 or tail.upper() == tail or text.islower()
        ):
            city = " ".join(words[:-count]).strip(_PUNCTUATION)
            if fold_words(city) not in ("", "new", "west", "north", "south"):
                return city, tail
    return text, None


def _usable(code: str, iso2: str | None, rules: CountryRules) -> bool:
    if iso2 is None:
        return True
    if rules.postcode is None:
        return False
    return rules.postcode.fullmatch(code.upper()) is not None or (
        iso2 == "US" and code.isdigit() and len(code) in (4, 9)
    )


def read_locality(text: str, iso2: str | None, *, code_first: bool = True) -> Locality | None:
    """Read one text as the locality; None when no postcode is in it."""
    rules = country_rules(iso2)
    text = _FRENCH_OFFICE.sub("", text.strip(_PUNCTUATION))
    if not any(char.isdigit() for char in text):
        return None
    start = _START.match(text)
    if start and code_first:
        car = (start.group(1) or start.group(2) or "").upper()
        country = _CAR.get(car)
        if (country or not car) and _usable(
            start.group(3), country or iso2, country_rules(country or iso2)
        ):
            rest = start.group(4).strip(_PUNCTUATION)
            if not any(char.isdigit() for char in _DISTRICT.sub("", rest)):
                country = country or iso2 or shape_country(start.group(3))
                city, region = split_region(rest, country_rules(country))
                return Locality(city or None, region, start.group(3), country if car else None)
    end = _END.match(text)
    if end and _usable(end.group(3), iso2, rules):
        car, rest = (end.group(2) or "").upper(), end.group(1).strip(_PUNCTUATION)
        country = iso2 or _CAR.get(car) or shape_country(end.group(3))
        if country is None:
            if len(rest) <= 3 and country_rules("US").region_code(rest):
                return Locality(None, rest, end.group(3), None)
            city, region = split_region(rest, country_rules("US"))
            if region and len(end.group(3)) >= 4:
                return Locality(city or None, region, end.group(3), None)
            city, region = split_region(rest, country_rules("AU"))
            return Locality(city or None, region, end.group(3), None)
        if rest and country_rules(country).region_code(rest) and len(rest) <= 3:
            return Locality(None, rest, end.group(3), None)
        city, region = split_region(rest, country_rules(country))
        return Locality(city or None, region, end.group(3), None)
    return None


def code_in_the_middle(text: str, iso2: str | None) -> tuple[str, Locality] | None:
    """Street and locality of `Hauptstr. 5 10115 Berlin`, written without a comma."""
    found = _MIDDLE.match(text)
    if not found or not _usable(found.group(3), iso2, country_rules(iso2)):
        return None
    country = _CAR.get((found.group(2) or "").upper())
    rest = found.group(4).strip(_PUNCTUATION)
    city, region = split_region(rest, country_rules(country or iso2))
    return found.group(1), Locality(city, region, found.group(3), country)


@lru_cache(maxsize=1 << 16)
def standard_postcode(text: str, iso2: str | None) -> Postcode:
    """The postcode as its country writes it; lost zeros and look-alike letters repaired."""
    rules = country_rules(iso2)
    code = " ".join(text.upper().split()).strip(_PUNCTUATION).removesuffix(".0")
    if rules.postcode is None:
        return Postcode(code, True)
    car = re.match(r"^([A-Z]{1,3})\s?[-–]?\s?(?=\d)", code)
    if car and _CAR.get(car.group(1)) == iso2 and not rules.example.startswith(car.group(1)):
        code = code[car.end() :]
    if iso2 == "US":
        return _zip_code(code)
    code = re.sub(r"\s+CEDEX.*$", "", code)
    if rules.postcode.fullmatch(code):
        return Postcode(_spaced(code, rules.example), True)
    squeezed = re.sub(r"[^A-Z0-9]", "", code)
    formed = _spaced(squeezed, rules.example)
    if rules.postcode.fullmatch(formed) or rules.postcode.fullmatch(squeezed):
        return Postcode(formed, True)
    width = sum(char.isalnum() for char in rules.example)
    if squeezed.isdigit() and rules.example[:1].isdigit() and len(squeezed) == width - 1:
        padded = _spaced("0" + squeezed, rules.example)
        if rules.postcode.fullmatch(padded):
            return Postcode(padded, True, "zero_restored")
    if iso2 in ("NL", "PT") and squeezed.isdigit() and len(squeezed) == 4:
        return Postcode(squeezed, True)
    if iso2 in ("GB", "CA", "IE") and re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?", squeezed):
        return Postcode(squeezed, True)
    fixed = "".join(
        char.translate(_LOOK_ALIKE) if like.isdigit() else char
        for char, like in zip(squeezed, re.sub(r"[^A-Z0-9]", "", rules.example), strict=False)
    )
    if len(fixed) == len(squeezed) and fixed != squeezed:
        formed = _spaced(fixed, rules.example)
        if rules.postcode.fullmatch(formed):
            return Postcode(formed, True, "letter_for_digit")
    return Postcode(code, False, "postcode_shape")


def _zip_code(code: str) -> Postcode:
    digits = code.translate(_LOOK_ALIKE) if not code.replace("-", "").isdigit() else code
    issue = None if digits == code else "letter_for_digit"
    digits = re.sub(r"[\s-]+", "", digits)
    if not digits.isdigit() or len(digits) not in (3, 4, 5, 8, 9):
        return Postcode(code, False, "postcode_shape")
    if len(digits) in (3, 4, 8):
        digits, issue = digits.zfill(5 if len(digits) < 5 else 9), "zero_restored"
    return Postcode(digits[:5] + ("-" + digits[5:] if len(digits) == 9 else ""), True, issue)


def _spaced(code: str, example: str) -> str:
    """Put the separators of the country's example where they belong."""
    squeezed = re.sub(r"[^A-Z0-9]", "", code)
    marks = [(place, char) for place, char in enumerate(example) if not char.isalnum()]
    if not marks or len(squeezed) < 5:
        return squeezed
    place, mark = marks[0]
    if " " in example and example[-4:-3] == " ":  # British and Canadian: three characters behind
        return f"{squeezed[:-3]} {squeezed[-3:]}"
    if len(squeezed) + len(marks) != len(example):
        return squeezed
    return squeezed[:place] + mark + squeezed[place:]
