"""Street and locality of an address however it was spread over cells, lines and commas."""

from __future__ import annotations

import re
from typing import NamedTuple

from tieline.data.values.address_cjk import split_native
from tieline.data.values.address_locality import (
    Locality,
    code_in_the_middle,
    country_at_end,
    is_place_too,
    read_locality,
    shape_country,
    split_region,
)
from tieline.data.values.address_street import languages_of, street_words
from tieline.data.values.address_us import parse_american
from tieline.data.values.folding import LONGEST_TEXT, fold_words, tidy
from tieline.data.values.garbled import repair
from tieline.data.values.place_gazetteer import is_city, places_of, postcodes_of
from tieline.data.values.place_key import place_key, postcode_key
from tieline.data.values.place_regions import country_rules

_BREAK = re.compile(r"[\n\r;|]+|,(?!\d{3}\b)|,(?=\s)|\s[-–•·]\s")
_PUNCTUATION = " ,;-–./"
_BOX_END = re.compile(
    r"\b(?:box|bx|pob|postfach|casilla|apartado|bp|postbus|suite|ste|unit|apt|highway|hwy|route|rte"
    r"|road|rd|office)\W*$",
    re.IGNORECASE,
)
_AMERICA = re.compile(r"(?<=[\w.])\s+(?:USA|U\.S\.A\.?|U\.S\.|US|United States(?: of America)?)$")
_LONGEST_CITY = 5  # words
_DIRECTIONS = frozenset(
    ["n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west", "no", "so"]
)


class Split(NamedTuple):
    """The street's segments and the locality."""

    street: list[str]
    place: Locality


def segments_of(text: str) -> list[str]:
    """The pieces of a one-cell address."""
    pieces = (tidy(piece).strip(" ,") for piece in _BREAK.split(repair(text[:LONGEST_TEXT])))
    return [piece for piece in pieces if piece]


def _street_type(word: str, known: dict[str, str]) -> bool:
    key = fold_words(word)
    short = known.get(key)
    return short is not None and key not in _DIRECTIONS and not short[0].isdigit()


def _is_street(text: str, iso2: str | None) -> bool:
    if any(char.isdigit() for char in text):
        return True
    words = fold_words(text).split()
    known = street_words(languages_of(iso2))
    return bool(words) and (words[-1] in known or words[0] in known) and len(words) > 1


def _is_town(name: str, code: str, iso2: str | None) -> bool:
    key = place_key(name, iso2)
    places = places_of(iso2, postcode_key(code, iso2))
    return any(place.key == key and not place.area for place in places)


def is_known_town(name: str, iso2: str | None) -> bool:
    """Whether a town of this name is known, in the country or world-wide."""
    return _in_places(name, None, iso2)


def _in_places(city: str, code: str | None, iso2: str | None) -> bool:
    key = place_key(city, iso2)
    if code and any(place.key == key for place in places_of(iso2, postcode_key(code, iso2))):
        return True
    if code:
        return False
    return is_city(key, iso2) or bool(postcodes_of(iso2, key))


def split_address(segments: list[str], iso2: str | None, default: str | None) -> Split:
    """Find the locality from the end of the segments; the rest is the street."""
    country = iso2
    while len(segments) > 1 and (named := country_at_end(segments[-1])):
        if country is not None and named != country:
            break
        if named == "GE" and country is None:
            break
        country = named
        if is_place_too(named) and len(segments) == 2:
            return Split(segments[:1], Locality(segments[-1], None, None, named))
        segments = segments[:-1]
    if segments and country in (None, "US") and (bare := _AMERICA.sub("", segments[-1])):
        country = "US" if bare != segments[-1] else country
        segments = [*segments[:-1], bare]
    assumed = country or default
    native = split_native(segments, assumed)
    if native:
        return Split(native[0], native[1])
    for reading in dict.fromkeys((assumed, None)) if country is None else (assumed,):
        found = _with_code(segments, reading)
        if found:
            place = found.place
            return Split(found.street, place._replace(country=country or place.country))
    return _without_code(segments, country, assumed)


def _with_code(segments: list[str], iso2: str | None) -> Split | None:
    for place in range(len(segments) - 1, -1, -1):
        alone = len(segments) == 1
        if place == 0 and not alone:
            return None
        if alone:
            return _one_segment(segments[0], iso2)
        found = read_locality(segments[place], iso2)
        if not found:
            continue
        after, before = segments[place + 1 :], segments[:place]
        return _complete(before, found, after, iso2)
    return None


def _complete(before: list[str], found: Locality, after: list[str], iso2: str | None) -> Split:
    country = found.country or iso2 or shape_country(found.postcode)
    if country is None and found.region and country_rules("US").region_code(found.region):
        country = "US"
    rules = country_rules(country)
    for text in after:
        if found.region is None and (rules.region_code(text) or found.city):
            found = found._replace(region=text)
        elif found.city is None:
            found = found._replace(city=text)
    if found.city and found.region is None and rules.region_code(found.city) and before:
        # "..., Springfield, Illinois 62701"
        is_place = _in_places(found.city, found.postcode, country)
        found = found if is_place else found._replace(city=None, region=found.city)
    if len(before) > 1 and (named := country_at_end(before[-1])):
        country = country or named
        before = before[:-1]
    if found.city is None and before:
        return _town_before(before, found, country)
    if found.city and before and found.postcode:
        town, above = found.city, before[-1]
        if not _is_town(town, found.postcode, country):
            if len(before) > 1 and _is_town(above, found.postcode, country):
                # a county between town and postcode: "Reading, Berkshire RG1 1AA"
                found = found._replace(city=above, region=found.region or town)
                before = before[:-1]
            else:
                found, before = _street_in_town(town, found, before, country)
    elif found.city and not before:
        street, rest = split_city(found.city, found.postcode, country)
        found, before = found._replace(city=rest), [street] if street else []
    return Split(before, found)


def _street_in_town(
    town: str, found: Locality, before: list[str], country: str | None
) -> tuple[Locality, list[str]]:
    """`Suite 530 Atlanta` is Atlanta, and a suite."""
    street, rest = split_city(town, found.postcode, country, places_only=True)
    if rest and street:
        return found._replace(city=rest), [*before, street]
    return found, before


def _town_before(before: list[str], found: Locality, country: str | None) -> Split:
    """The postcode stood alone, or with its region: the town is the piece before."""
    last = before[-1]
    region = found.region
    if country_rules(country).region_code(last) and len(before) > 2 and region is None:
        region, before = last, before[:-1]
        last = before[-1]
    code = found.postcode or ""
    if (
        len(before) > 2
        and not _is_town(last, code, country)
        and _is_town(before[-2], code, country)
    ):
        return Split(before[:-2], found._replace(city=before[-2], region=region or last))
    if _in_places(last, code, country):
        return Split(before[:-1], found._replace(city=last, region=region))
    if not last[:1].isdigit() and (len(before) > 1 or not _is_street(last, country)):
        city, inside = split_region(last, country_rules(country or "US"))
        found = found._replace(city=city, region=region or inside)
        found, before = _street_in_town(city, found, before[:-1], country)
        return Split(before, found)
    street, town = split_city(last, found.postcode, country)
    return Split([*before[:-1], street], found._replace(city=town, region=region))


def _one_segment(text: str, iso2: str | None) -> Split | None:
    found = read_locality(text, iso2)
    if found and found.city and text.startswith(found.postcode or "-"):
        code = None if iso2 is None else found.postcode
        number_first = iso2 is None or country_rules(iso2).number_first
        if number_first and not _in_places(found.city, code, iso2):
            return None  # "12345 Elm Street" is a street line
    if found and found.city and _BOX_END.search(found.city):
        return None  # "P.O. Box 370316" is a street line too
    if found and found.city and _is_street(found.city, iso2):
        country = found.country or iso2 or ("US" if found.region else None)
        street, city = split_city(found.city, found.postcode, country)
        if city:
            return Split([street] if street else [], found._replace(city=city))
        if iso2 and places_of(iso2, postcode_key(found.postcode or "", iso2)):
            return Split([found.city], found._replace(city=None))
    if found and not (found.city and _is_street(found.city, iso2)):
        return Split([], found)
    middle = code_in_the_middle(text, iso2)
    if middle:
        return Split([middle[0]], middle[1])
    return None


def split_city(
    text: str, code: str | None, iso2: str | None, *, places_only: bool = False
) -> tuple[str, str | None]:
    """Street and city of `1515 Adela Ln Las Vegas`, by the places of the postcode."""
    words = text.split()
    for count in range(min(_LONGEST_CITY, len(words) - 1), 0, -1):
        tail = " ".join(words[-count:])
        head = " ".join(words[:-count]).strip(_PUNCTUATION)
        if tail[:1].isdigit() or not any(char.isalpha() for char in head):
            continue
        if _in_places(tail, code, iso2):
            return head, tail
    if code is None or places_only:
        return text, None
    known = street_words(languages_of(iso2))
    types = [n for n, word in enumerate(words) if _street_type(word, known)]
    if types and types[-1] == len(words) - 1:
        return text, None
    if types and types[-1] > 0 and not any(char.isdigit() for char in words[-1]):
        after = types[-1] + 1
        if fold_words(words[after]) in _DIRECTIONS and after < len(words) - 1:
            after += 1
        return " ".join(words[:after]), " ".join(words[after:])
    if iso2 == "US":
        parts = parse_american(f"{text} {code}")
        if parts.city and parts.street_line:
            return parts.street_line, parts.city
    return text, None


def _town_after_street(text: str, iso2: str) -> tuple[str, str | None]:
    """`210 North Thorncrest Drive Creve Coeur`: a known town behind the last street word."""
    words = text.split()
    known = street_words(languages_of(iso2))
    for place in range(2, len(words) - 1):
        town = " ".join(words[place + 1 :])
        if _street_type(words[place], known) and is_city(place_key(town, iso2), iso2):
            return " ".join(words[: place + 1]), town
    return text, None


def _without_code(segments: list[str], country: str | None, assumed: str | None) -> Split:
    none = Locality(country=country)
    rules = country_rules(assumed or "US")
    last = segments[-1] if segments else ""
    if len(segments) == 1:
        rest, region = split_region(last, rules)
        if region and _is_street(rest, assumed):
            street, town = split_city(rest, None, assumed or "US")
            if town:
                return Split([street], none._replace(city=town, region=region))
            return Split(segments, none)
        if region:
            return Split([], none._replace(city=rest, region=region))
        if not _is_street(last, assumed) and _in_places(last, None, assumed):
            return Split([], none._replace(city=last))
        if last[:1].isdigit() and assumed:
            street, town = _town_after_street(last, assumed)
            if town:
                return Split([street], none._replace(city=town))
        return Split(segments, none)
    if rules.region_code(last) and (len(segments) > 2 or not _is_street(segments[0], assumed)):
        city = segments[-2]
        return Split(segments[:-2], none._replace(city=city, region=last))
    if rules.region_code(last) and len(segments) == 2 and not _in_places(last, None, assumed):
        street, town = split_city(segments[0], None, assumed or "US")
        return Split([street], none._replace(city=town, region=last))
    if any(char.isdigit() for char in last):
        return Split(segments, none)
    city, region = split_region(last, rules)
    if region or not _is_street(last, assumed) or _in_places(last, None, assumed):
        return Split(segments[:-1], none._replace(city=city, region=region))
    return Split(segments, none)
