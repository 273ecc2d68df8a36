"""Which places a postcode serves and which postcodes a place has, from files beside this one.

`place_postcodes.parquet`: one row is one (country, known part of a postcode, place name), 1.2
million rows of 90 countries, GeoNames postal codes of June 2022. `place_cities.parquet`: one row is
one name, in any language, of a city of 15,000 inhabitants or more (500 in the United States, whose
postcodes list the post office's name only), GeoNames. Licence CC BY 4.0, see PLACES_LICENCE.txt. A
country is read when an address first asks for it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
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
    """All places of one country as columns, the rows of each postcode, the postcodes in order."""

    rows: dict[str, tuple[int, int]]
    postcodes: list[str]
    keys: list[str]
    names: list[str]
    regions: list[str]
    areas: list[bool]

    def places(self, postcode: str) -> list[Place]:
        """The places of the known part of a postcode."""
        start, end = self.rows.get(postcode, (0, 0))
        return [
            Place(self.keys[row], self.names[row], self.regions[row], self.areas[row])
            for row in range(start, end)
        ]


class City(NamedTuple):
    """A city: GeoNames' number, its inhabitants, and its state (United States only)."""

    number: int
    people: int
    region: str


# Brazil's file gives the first postcode of a town only; a town's codes run on to the next town's.
_FIRST_CODE_ONLY = frozenset({"BR"})
_POSTCODES, _CITIES = "place_postcodes.parquet", "place_cities.parquet"
_NONE = CountryPlaces({}, [], [], [], [], [])


def _read(name: str, group: int | None = None) -> Any:
    """One country's rows of a file, or (no group) the number of each country's group."""
    with as_file(files(__package__).joinpath(name)) as path, pq.ParquetFile(path) as file:
        if group is not None:
            return file.read_row_group(group, use_threads=False)
        groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
        return {found.column(0).statistics.min: n for n, found in enumerate(groups)}


@cache
def _row_groups(name: str) -> dict[str, int]:
    groups: dict[str, int] = _read(name)
    return groups


@cache
def country_places(iso2: str | None) -> CountryPlaces:
    """The places of a country; empty for a country the gazetteer does not cover."""
    group = _row_groups(_POSTCODES).get(iso2 or "")
    if group is None:
        return _NONE
    table = _read(_POSTCODES, group)
    names = ("postcode", "key", "name", "region", "area")
    codes, *rest = (table.column(name).to_pylist() for name in names)
    rows = _spans(codes)
    return CountryPlaces(rows, list(rows), *rest)


@cache
def _postcodes_by_name(iso2: str | None) -> dict[str, list[tuple[str, str]]]:
    by_key: dict[str, list[tuple[str, str]]] = {}
    places = country_places(iso2)
    for code, (start, end) in places.rows.items():
        for row in range(start, end):
            by_key.setdefault(places.keys[row], []).append((code, places.regions[row]))
    return by_key


def postcodes_of(iso2: str | None, key: str) -> list[tuple[str, str]]:
    """Postcode (known part) and region of every place of a country with this name."""
    return _postcodes_by_name(iso2).get(key, [])


def is_covered(iso2: str | None) -> bool:
    """Whether we know the postcodes of a country."""
    return iso2 in _row_groups(_POSTCODES)


def covered_countries() -> tuple[str, ...]:
    """Countries whose postcodes are known place by place."""
    return tuple(sorted(_row_groups(_POSTCODES)))


def _listed(iso2: str | None, postcode: str) -> str:
    places = country_places(iso2)
    known = known_postcode(postcode, iso2)
    if known not in places.rows and iso2 in _FIRST_CODE_ONLY and places.postcodes:
        place = bisect_right(places.postcodes, known) - 1
        known = places.postcodes[max(place, 0)]
    return known


@lru_cache(maxsize=1 << 16)
def places_of(iso2: str | None, postcode: str) -> tuple[Place, ...]:
    """The places of a postcode key; empty when the postcode is not known."""
    return tuple(country_places(iso2).places(_listed(iso2, postcode)))


def names_of(iso2: str | None, postcode: str) -> list[str]:
    """The keys of the places of a postcode key."""
    places = country_places(iso2)
    start, end = places.rows.get(_listed(iso2, postcode), (0, 0))
    return places.keys[start:end]


class _Cities(NamedTuple):
    rows: dict[str, tuple[int, int]]
    numbers: list[int]
    people: list[int]
    regions: list[str]


def _spans(ordered: list[str]) -> dict[str, tuple[int, int]]:
    """First row and the row after the last of every value of an ordered column."""
    starts = [0]
    starts.extend(row for row in range(1, len(ordered)) if ordered[row] != ordered[row - 1])
    ends = [*starts[1:], len(ordered)]
    values = [ordered[row] for row in starts]
    return dict(zip(values, zip(starts, ends, strict=True), strict=True))


@cache
def _cities(iso2: str) -> _Cities:
    group = _row_groups(_CITIES).get(iso2)
    if group is None:
        return _Cities({}, [], [], [])
    table = _read(_CITIES, group)
    keys, *rest = (table.column(name).to_pylist() for name in ("key", "city", "people", "region"))
    return _Cities(_spans(keys), *rest)


@cache
def _world() -> dict[str, str]:
    with as_file(files(__package__).joinpath("place_world.parquet")) as path:
        table: Any = pq.read_table(path, use_threads=False)
    return dict(zip(*(table.column(name).to_pylist() for name in ("key", "country")), strict=True))


def cities_named(key: str, iso2: str | None) -> list[City]:
    """The larger cities of a country that bear this name in some language."""
    cities = _cities(iso2 or "")
    start, end = cities.rows.get(key, (0, 0))
    columns = (cities.numbers[start:end], cities.people[start:end], cities.regions[start:end])
    return [City(*city) for city in zip(*columns, strict=True)]


def is_city(key: str, iso2: str | None) -> bool:
    """Whether a larger city has this name, in the country or (none given) known world-wide."""
    return key in _world() if iso2 is None else bool(cities_named(key, iso2))


def same_city(key: str, other: str, iso2: str | None) -> bool:
    """Whether both names are of one larger city, such as Cologne and Köln."""
    numbers = {city.number for city in cities_named(key, iso2)}
    return any(city.number in numbers for city in cities_named(other, iso2))


def country_of_city(key: str) -> str | None:
    """The country of a city name known far better there than anywhere else, see `build_world`."""
    return _world().get(key)
