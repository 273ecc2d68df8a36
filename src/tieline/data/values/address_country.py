"""The country of an address that does not name one: from its postcode, region and city."""

from __future__ import annotations

from functools import cache

from tieline.data.values.address_locality import shape_country
from tieline.data.values.place_gazetteer import (
    cities_named,
    country_of_city,
    country_places,
    covered_countries,
    places_of,
    same_city,
)
from tieline.data.values.place_key import place_key, postcode_key
from tieline.data.values.place_regions import country_rules


@cache
def _countries_of_shape(code: str) -> tuple[str, ...]:
    """Covered countries whose postcodes match; `code` has its digits made equal by the caller."""
    found = []
    for iso2 in covered_countries():
        pattern = country_rules(iso2).postcode
        if pattern is not None and pattern.fullmatch(code):
            found.append(iso2)
    return tuple(found)


def agrees(iso2: str | None, code: str, city: str | None) -> bool:
    """Whether this country knows the postcode, and the city at it where one is given."""
    pattern = country_rules(iso2).postcode
    if iso2 is None or pattern is None or not pattern.fullmatch(code.upper()):
        return False
    places = places_of(iso2, postcode_key(code, iso2))
    if not city or not places:
        return bool(places)
    key = place_key(city, iso2)
    return any(
        place.key == key or (not place.area and same_city(key, place.key, iso2)) for place in places
    )


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
                or place_key(city, iso2) in country_places(iso2).by_key
            ):
                return iso2
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
        candidates = [iso2 for iso2 in _countries_of_shape(code) if agrees(iso2, code, city)]
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
