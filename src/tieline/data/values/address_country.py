"""The country of an address that does not name one: from its postcode, region and city."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tieline.data.values.address_locality import shape_country
from tieline.data.values.place_gazetteer import (
    cities_named,
    country_of_city,
    covered_countries,
    names_of,
    postcodes_of,
    same_city,
)
from tieline.data.values.place_key import place_key, postcode_key
from tieline.data.values.place_regions import country_rules

_DIGIT = re.compile(r"\d")


@cache
def _countries_of_shape(shape: str) -> tuple[str, ...]:
    """Covered countries with a postcode of this shape: first character, then 1 for every digit."""
    found = []
    for iso2 in covered_countries():
        pattern = country_rules(iso2).postcode
        if pattern is not None and pattern.fullmatch(shape):
            found.append(iso2)
    return tuple(found)


def agrees(iso2: str | None, code: str, city: str | None) -> bool:
    """Whether this country knows the postcode, and the city at it where one is given."""
    pattern = country_rules(iso2).postcode
    if iso2 is None or pattern is None or not pattern.fullmatch(code.upper()):
        return False
    names = names_of(iso2, postcode_key(code, iso2))
    if not city or not names:
        return bool(names)
    key = place_key(city, iso2)
    if key in names:
        return True
    return bool(cities_named(key, iso2)) and any(same_city(key, name, iso2) for name in names)


@lru_cache(maxsize=1 << 16)
def infer_country(
    city: str | None, region: str | None, code: str | None, default: str | None
) -> str | None:
    """The only country that fits; the default where it fits or nothing fits better."""
    if code:
        return _from_code(city, region, code.strip(), default)
    if default:
        return default
    if city and region:
        for iso2 in ("US", "CA", "AU", "BR"):
            if country_rules(iso2).region_code(region) and (
                cities_named(place_key(city, iso2), iso2)
                or postcodes_of(iso2, place_key(city, iso2))
            ):
                return iso2
        known = [iso2 for iso2 in ("US", "CA", "AU") if country_rules(iso2).region_code(region)]
        if len(known) == 1:
            return known[0]
    return country_of_city(place_key(city)) if city else None


def _from_code(city: str | None, region: str | None, code: str, default: str | None) -> str | None:
    if agrees(default, code, city):
        return default
    by_shape = shape_country(code)
    if by_shape:
        return by_shape
    american = country_rules("US")
    state = american.region_code(region)
    if state and american.region_of_postcode(code[:5]) == state:
        return "US"
    if city:
        shape = code[0] + _DIGIT.sub("1", code[1:])
        candidates = [iso2 for iso2 in _countries_of_shape(shape) if agrees(iso2, code, city)]
        if len(candidates) == 1:
            return candidates[0]
        if default is None and candidates:
            here = country_of_city(place_key(city))
            if here in candidates:
                return here
    if default:
        return default
    if city and (here := country_of_city(place_key(city))):
        return here
    return "US" if state and code[:5].isdigit() else None
