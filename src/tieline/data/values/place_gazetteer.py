"""Which places a postcode serves and which postcodes a place has, from files beside this one.

`place_postcodes.parquet`: one row is one (country, known part of a postcode, place name), 1.2
million rows of 90 countries, GeoNames postal codes of June 2022. `place_cities.parquet`: one row is
one name, in any language, of a city of 15,000 inhabitants or more, GeoNames. Licence CC BY 4.0, see
PLACES_LICENCE.txt. A country is read when an address first asks for it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from tieline.data.values.place_key import known_postcode


class Place(NamedTuple):
    """A town a postcode serves, or (`area`) the municipality, district or county around it."""

    key: str
    name: str
    region: str
    area: bool


class CountryPlaces(NamedTuple):
    """All places of one country, by postcode and by name."""

    by_postcode: dict[str, list[Place]]
    by_key: dict[str, list[tuple[str, str]]]
    postcodes: list[str]


class City(NamedTuple):
    """A city of 15,000 inhabitants or more: GeoNames' number and its inhabitants."""

    number: int
    people: int


# Brazil's file gives the first postcode of a town only; a town's codes run on to the next town's.
_FIRST_CODE_ONLY = frozenset({"BR"})
_NONE = CountryPlaces({}, {}, [])


@cache
def _row_groups() -> dict[str, int]:
    with as_file(files(__package__).joinpath("place_postcodes.parquet")) as path:
        metadata = pq.read_metadata(path)
    return {
        metadata.row_group(number).column(0).statistics.min: number
        for number in range(metadata.num_row_groups)
    }


@cache
def country_places(iso2: str | None) -> CountryPlaces:
    """The places of a country; empty for a country the gazetteer does not cover."""
    number = _row_groups().get(iso2 or "")
    if number is None:
        return _NONE
    with as_file(files(__package__).joinpath("place_postcodes.parquet")) as path:
        table = pq.ParquetFile(path).read_row_group(number, use_threads=False)
    names = ("postcode", "key", "name", "region", "area")
    codes, *rest = (table.column(name).to_pylist() for name in names)
    by_postcode: dict[str, list[Place]] = {}
    by_key: dict[str, list[tuple[str, str]]] = {}
    for code, place in zip(codes, map(Place._make, zip(*rest, strict=True)), strict=True):
        by_postcode.setdefault(code, []).append(place)
        by_key.setdefault(place.key, []).append((code, place.region))
    return CountryPlaces(by_postcode, by_key, list(by_postcode))


def covered_countries() -> tuple[str, ...]:
    """Countries whose postcodes are known place by place."""
    return tuple(sorted(_row_groups()))


def places_of(iso2: str | None, postcode: str) -> list[Place]:
    """The places of a postcode key; empty when the postcode is not known."""
    places = country_places(iso2)
    known = known_postcode(postcode, iso2)
    found = places.by_postcode.get(known)
    if found is None and iso2 in _FIRST_CODE_ONLY and places.postcodes:
        place = bisect_right(places.postcodes, known) - 1
        found = places.by_postcode[places.postcodes[max(place, 0)]]
    return found or []


@cache
def _cities() -> dict[str, dict[str, list[City]]]:
    with as_file(files(__package__).joinpath("place_cities.parquet")) as path:
        table: Any = pq.read_table(path, use_threads=False)
    columns = (table.column(name).to_pylist() for name in ("country", "key", "city", "people"))
    cities: dict[str, dict[str, list[City]]] = {}
    for country, key, number, people in zip(*columns, strict=True):
        cities.setdefault(key, {}).setdefault(country, []).append(City(number, people))
    return cities


def cities_named(key: str, iso2: str | None) -> list[City]:
    """The larger cities of a country that bear this name in some language."""
    return _cities().get(key, {}).get(iso2 or "", [])


def is_city(key: str, iso2: str | None) -> bool:
    """Whether a larger city has this name, in the country or (none given) anywhere."""
    return key in _cities() if iso2 is None else bool(cities_named(key, iso2))


def same_city(key: str, other: str, iso2: str | None) -> bool:
    """Whether both names are of one larger city, such as Cologne and Köln."""
    numbers = {city.number for city in cities_named(key, iso2)}
    return any(city.number in numbers for city in cities_named(other, iso2))


def country_of_city(key: str) -> str | None:
    """The country of a city name known far better there than anywhere else.

    20 times the inhabitants of its next namesake: Paris is in France although Texas has one, while
    Birmingham, Valencia and Córdoba stay open.
    """
    found = _cities().get(key)
    if not found:
        return None
    ranked = sorted(
        ((max(city.people for city in cities), iso2) for iso2, cities in found.items()),
        reverse=True,
    )
    if ranked[0][0] < 100_000 or (len(ranked) > 1 and ranked[0][0] < 20 * ranked[1][0]):
        return None
    return ranked[0][1]
