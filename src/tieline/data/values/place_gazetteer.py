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

import pyarrow.compute as pc
import pyarrow.parquet as pq
from rapidfuzz import process
from rapidfuzz.distance import OSA

from tieline.data.values.place_key import known_postcode


class Place(NamedTuple):
    """A town a postcode serves, or (`area`) the municipality, district or county around it."""

    key: str
    name: str
    region: str
    area: bool


class CountryPlaces(NamedTuple):
    """All places of one country as Arrow columns, and the rows of each postcode, in order.

    A list asks for a small part of a country's places: only that part becomes Python objects.
    """

    rows: dict[str, tuple[int, int]]
    columns: dict[str, Any]

    def places(self, postcode: str) -> list[Place]:
        """The places of the known part of a postcode."""
        start, end = self.rows.get(postcode, (0, 0))
        if start == end:
            return []
        columns = (self.columns[name].slice(start, end - start) for name in Place._fields)
        return list(map(Place, *(column.to_pylist() for column in columns)))


class City(NamedTuple):
    """A city: GeoNames' number, its inhabitants, and its state (United States only)."""

    number: int
    people: int
    region: str


LARGER_CITY = 15_000
"""Inhabitants from which on a misspelt name is taken for a city's: below, too many are alike."""
SHORTEST_REPAIRED = 5
"""Letters; shorter names of towns differ by one letter too often (Lees and Leeds)."""

# Brazil's file gives the first postcode of a town only; a town's codes run on to the next town's.
_FIRST_CODE_ONLY = frozenset({"BR"})
_POSTCODES, _CITIES = "place_postcodes.parquet", "place_cities.parquet"
_NONE = CountryPlaces({}, {})


def _read(name: str, group: int) -> Any:
    """One country's rows of a file."""
    metadata = _metadata(name)
    with (
        as_file(files(__package__).joinpath(name)) as path,
        pq.ParquetFile(path, metadata=metadata) as file,
    ):
        return file.read_row_group(group, use_threads=False)


@cache
def _metadata(name: str) -> Any:
    with as_file(files(__package__).joinpath(name)) as path:
        return pq.read_metadata(path)


@cache
def _row_groups(name: str) -> dict[str, int]:
    """The number of each country's group."""
    metadata = _metadata(name)
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    return {found.column(0).statistics.min: number for number, found in enumerate(groups)}


def _columns(table: Any) -> dict[str, Any]:
    return {name: table.column(name).combine_chunks() for name in table.column_names}


@cache
def country_places(iso2: str | None) -> CountryPlaces:
    """The places of a country; empty for a country the gazetteer does not cover."""
    group = _row_groups(_POSTCODES).get(iso2 or "")
    if group is None:
        return _NONE
    columns = _columns(_read(_POSTCODES, group))
    return CountryPlaces(_spans(columns["postcode"]), columns)


@cache
def _postcodes_in_order(iso2: str | None) -> list[str]:
    return list(country_places(iso2).rows)


@cache
def _rows_by_name(iso2: str | None) -> tuple[dict[str, tuple[int, int]], Any]:
    """Where each name's rows stand in a list of all rows ordered by name, and that list."""
    keys = country_places(iso2).columns.get("key")
    if keys is None:
        return {}, None
    named = keys.dictionary_encode()
    rows = pc.sort_indices(named.indices)  # stable: the rows of one name stay in order
    spans = _spans(named.indices.take(rows))
    names = named.dictionary.to_pylist()
    return {names[number]: span for number, span in spans.items()}, rows


@lru_cache(maxsize=1 << 14)
def postcodes_of(iso2: str | None, key: str) -> tuple[tuple[str, str], ...]:
    """Postcode (known part) and region of every place of a country with this name."""
    spans, rows = _rows_by_name(iso2)
    start, end = spans.get(key, (0, 0))
    if start == end:
        return ()
    found = rows.slice(start, end - start)
    columns = country_places(iso2).columns
    codes, regions = (columns[name].take(found).to_pylist() for name in ("postcode", "region"))
    return tuple(zip(codes, regions, strict=True))


def is_covered(iso2: str | None) -> bool:
    """Whether we know the postcodes of a country."""
    return iso2 in _row_groups(_POSTCODES)


def covered_countries() -> tuple[str, ...]:
    """Countries whose postcodes are known place by place."""
    return tuple(sorted(_row_groups(_POSTCODES)))


def _listed(iso2: str | None, postcode: str) -> str:
    places = country_places(iso2)
    known = known_postcode(postcode, iso2)
    if known not in places.rows and iso2 in _FIRST_CODE_ONLY and places.rows:
        postcodes = _postcodes_in_order(iso2)
        known = postcodes[max(bisect_right(postcodes, known) - 1, 0)]
    return known


@lru_cache(maxsize=1 << 16)
def places_of(iso2: str | None, postcode: str) -> tuple[Place, ...]:
    """The places of a postcode key; empty when the postcode is not known."""
    return tuple(country_places(iso2).places(_listed(iso2, postcode)))


def names_of(iso2: str | None, postcode: str) -> list[str]:
    """The keys of the places of a postcode key."""
    places = country_places(iso2)
    start, end = places.rows.get(_listed(iso2, postcode), (0, 0))
    keys: list[str] = places.columns["key"].slice(start, end - start).to_pylist() if end else []
    return keys


def _spans(ordered: Any) -> dict[Any, tuple[int, int]]:
    """First row and the row after the last of every value of an ordered column."""
    runs = pc.run_end_encode(ordered)
    ends = runs.run_ends.to_pylist()
    spans = zip([0, *ends[:-1]], ends, strict=True)
    return dict(zip(runs.values.to_pylist(), spans, strict=True))


@cache
def _cities(iso2: str) -> tuple[dict[str, tuple[int, int]], dict[str, Any]]:
    """The rows of each city name of a country, and the columns."""
    group = _row_groups(_CITIES).get(iso2)
    if group is None:
        return {}, {}
    columns = _columns(_read(_CITIES, group))
    return _spans(columns["key"]), columns


@cache
def _world() -> dict[str, str]:
    with as_file(files(__package__).joinpath("place_world.parquet")) as path:
        table: Any = pq.ParquetFile(path).read(use_threads=False)
    return dict(zip(*(table.column(name).to_pylist() for name in ("key", "country")), strict=True))


@lru_cache(maxsize=1 << 16)
def cities_named(key: str, iso2: str | None) -> tuple[City, ...]:
    """The larger cities of a country that bear this name in some language."""
    rows, columns = _cities(iso2 or "")
    start, end = rows.get(key, (0, 0))
    if start == end:
        return ()
    parts = (columns[name].slice(start, end - start) for name in ("city", "people", "region"))
    return tuple(map(City, *(part.to_pylist() for part in parts)))


def is_city(key: str, iso2: str | None) -> bool:
    """Whether a larger city has this name, in the country or (none given) known world-wide."""
    return key in _world() if iso2 is None else bool(cities_named(key, iso2))


def same_city(key: str, other: str, iso2: str | None) -> bool:
    """Whether both names are of one larger city, such as Cologne and Köln."""
    numbers = {city.number for city in cities_named(key, iso2)}
    return any(city.number in numbers for city in cities_named(other, iso2))


@cache
def _names_by_city(iso2: str) -> dict[int, list[str]]:
    rows, columns = _cities(iso2)
    names: dict[int, list[str]] = {}
    for key, (start, end) in rows.items():
        for number in columns["city"].slice(start, end - start).to_pylist():
            names.setdefault(number, []).append(key)
    return names


@lru_cache(maxsize=1 << 14)
def other_names(key: str, iso2: str | None) -> tuple[str, ...]:
    """The keys of all names of the larger cities that bear this name."""
    numbers = [city.number for city in cities_named(key, iso2)]
    names = _names_by_city(iso2 or "") if numbers else {}
    return tuple(name for number in numbers for name in names[number] if name != key)


@cache
def _larger_cities(iso2: str) -> list[str]:
    """The keys of the larger cities that are names of places with a postcode as well."""
    spans, _ = _rows_by_name(iso2)
    cities, columns = _cities(iso2)
    people = columns["people"].to_pylist() if cities else []
    return [
        key
        for key, (start, end) in cities.items()
        if key in spans and len(key) >= SHORTEST_REPAIRED and max(people[start:end]) >= LARGER_CITY
    ]


@lru_cache(maxsize=1 << 14)
def misspelt_city(key: str, iso2: str | None) -> str | None:
    """The name of the only larger city that is one letter (or two swapped) away; None else."""
    if len(key) < SHORTEST_REPAIRED or not is_covered(iso2):
        return None
    found = process.extract(
        key, _larger_cities(iso2 or ""), scorer=OSA.distance, score_cutoff=1, limit=3
    )
    if len({cities_named(name, iso2)[0].number for name, _, _ in found}) != 1:
        return None
    name = found[0][0]
    code = postcodes_of(iso2, name)[0][0]
    return next((place.name for place in places_of(iso2, code) if place.key == name), None)


def country_of_city(key: str) -> str | None:
    """The country of a city name known far better there than anywhere else, see `build_world`."""
    return _world().get(key)
