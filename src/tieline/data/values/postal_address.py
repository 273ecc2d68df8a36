"""Postal addresses in standard parts, compared with the places known for their postcode.

What is read from where: `country` (names of countries), `address_split` and `address_locality`
(cells and lines to street, city, region, postcode), `address_unit` and `address_street` (the street
line), `address_country` (a country nobody wrote), `address_check` (verdict and confidence).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa

from tieline.data.values.address_check import Checked, check_place
from tieline.data.values.address_country import infer_country
from tieline.data.values.address_locality import Locality, read_locality, split_region
from tieline.data.values.address_split import is_known_town, segments_of, split_address
from tieline.data.values.address_street import (
    Street,
    house_key,
    split_house_number,
    street_key,
)
from tieline.data.values.address_unit import is_unit_word, split_extras
from tieline.data.values.country import country_code
from tieline.data.values.folding import tidy
from tieline.data.values.output_table import output_table, text_column
from tieline.data.values.place_key import place_key
from tieline.data.values.place_regions import country_rules

VERSION = 4
INPUTS = (
    "address_line1",
    "address_line2",
    "address_line3",
    "house_number",
    "city",
    "district",
    "region",
    "postcode",
    "country",
    "full_address",
    "default_country",
)
_TEXTS = (
    "address_line",
    "house_number",
    "street",
    "unit",
    "po_box",
    "city",
    "region",
    "postcode",
    "country",
    "street_key",
    "city_key",
    "postcode_key",
    "address_key",
)
OUTPUT = pa.schema(
    [(name, pa.string()) for name in _TEXTS]
    + [("address_confidence", pa.float64())]
    + [(name, pa.string()) for name in ("address_verdict", "address_issue")]
)
ISSUES: dict[str, str] = {
    "missing": "No address was given.",
    "no_street": "There is a city or postcode but neither street nor post office box.",
    "no_city": "There is no city, and the postcode does not tell which one.",
    "no_postcode": "The city is known, but the postcode that letters need is missing.",
    "no_country": "The country is not given and several or none would fit.",
    "zero_restored": "The postcode had lost its leading zero; it was put back.",
    "letter_for_digit": "A letter stood for a digit in the postcode (O for 0); it was replaced.",
    "city_typo": "The city was one misspelling away from the place of this postcode, or (without "
    "a postcode) from the only larger city of the country that is.",
    "city_spelling": "The city was written with other spaces than the place of this postcode.",
    "city_alias": "The city's name in another language or short form was replaced by its own.",
    "city_part": "The city is written with a district or addition.",
    "city_filled": "The city was missing and taken from the postcode.",
    "region_filled": "The region was missing and taken from the postcode.",
    "region_unknown": "The region given is no region of this country.",
    "fields_swapped": "City and postcode stood in each other's column.",
    "neighbouring_postcode": "The city is known, with postcodes next to this one.",
    "postcode_shape": "The postcode is not one of this country.",
    "postcode_city_disagree": "The city is known, but far from this postcode.",
    "postcode_region_disagree": "The postcode lies in another region than the one given.",
    "city_region_disagree": "The city is known, but in another region than the one given.",
    "unknown_postcode": "The postcode has the right shape, but is in no list we have.",
    "unknown_city": "The city is in no list we have for this country.",
}
_HOUSE_ONLY = re.compile(
    r"^(?:n[°ºo]?\.?\s?)?(\d+(?:\s?[-–/]\s?\d+)*\s?[A-Za-z]?)(?:\s?[-–]\s.*)?$"
)
_QUARTERS = frozenset({"N", "S", "E", "W", "NE", "NW", "SE", "SW"})
# "W. Grand Ave. 600" in the United States and Canada; but "Highway 600" and "N 500 W" are streets
_BARE_UNIT = re.compile(
    r"^(.*\b(?:st|street|ave|avenue|blvd|rd|road|dr|drive|ln|lane|ct|court|pl|place|way|pkwy"
    r"|parkway|sq|square|ter|terrace|cir|circle)\.?(?:\s[NSEW]{1,2})?)"
    r"[ ,]+([A-Z]?-?\d+-?[A-Z]?|[A-Z]\d[A-Z])$",
    re.IGNORECASE,
)
_WORD = re.compile(r"(\d*)([^\W\d_]+(?:['’][^\W\d_]{1,2}\b)?)")
_NO_CODE = re.compile(r"^[\W_]*(?:n/?a|none|null|unknown|0+|x+|tbd)?[\W_]*$", re.IGNORECASE)


class _Line(NamedTuple):
    line: str | None
    street: Street
    unit: str | None
    po_box: str | None


def _capital(found: re.Match[str]) -> str:
    number, word = found.groups()
    if number:  # 3RD to 3rd, 12B and 12b to 12B
        return number + (word.lower() if len(word) > 1 else word.upper())
    return word.capitalize()


@lru_cache(maxsize=1 << 14)
def _shout_down(text: str) -> str:
    """`LAS VEGAS` to `Las Vegas`: only where all letters are of one case and more than three."""
    if len(text) > 3 and (text.isupper() or text.islower()):
        return _WORD.sub(_capital, text)
    return text


def _clean(cell: str | None) -> str | None:
    if not cell:
        return None
    text = tidy(cell)
    return None if not text or _NO_CODE.match(text) else text


def _continues(before: str, piece: str) -> bool:
    """Whether a comma parted what belongs together: `12, rue X` and `M Street, NW`."""
    if piece.upper().replace(".", "") in _QUARTERS:
        return True
    return bool(_HOUSE_ONLY.match(before)) and not _HOUSE_ONLY.match(piece)


@lru_cache(maxsize=1 << 16)
def _street_line(segments: tuple[str, ...], house: str | None, iso2: str | None) -> _Line:
    rules = country_rules(iso2)
    extras = split_extras(", ".join(segments), rules.iso2)
    pieces = [piece.strip() for piece in extras.rest.split(",")]
    pieces = [piece for piece in pieces if piece.strip(" .-")]
    merged: list[str] = []
    for piece in pieces:
        number = _HOUSE_ONLY.match(piece)
        if number and merged and not merged[-1][:1].isdigit():
            merged[-1] = f"{merged[-1]}, {number.group(1)}"
        elif merged and _continues(merged[-1], piece):
            merged[-1] = f"{merged[-1]} {piece}"
        else:
            merged.append(piece)
    if house:
        street = Street(house, merged[0] if merged else "")
    else:
        # "Tower 5" has no house number: it would come out as "5 Tower".
        streets = [
            Street(None, piece) if is_unit_word(piece.split()[0]) and len(piece.split()) == 2
            else split_house_number(piece, rules)
            for piece in merged
        ]  # fmt: skip
        street = next((found for found in streets if found.house), None) or (
            streets[0] if streets else Street(None, "")
        )
    unit = extras.unit
    bare = _BARE_UNIT.match(street.street) if street.house and unit is None else None
    if bare and rules.number_first:
        street, unit = street._replace(street=bare.group(1)), bare.group(2)
    name = _shout_down(street.street)
    house_number = " ".join(street.house.split()) if street.house else None
    if house_number and not unit and rules.iso2 == "AU" and house_number.count("/") == 1:
        unit, house_number = (part.strip() for part in house_number.split("/"))
    if house_number and not unit and rules.iso2 in ("PL", "AT") and "/" in house_number:
        house_number, unit = (part.strip() for part in house_number.split("/", 1))
    order = (house_number, name) if rules.number_first else (name, house_number)
    line = " ".join(filter(None, order)) or (f"PO Box {extras.po_box}" if extras.po_box else unit)
    return _Line(line, Street(house_number, name), unit, extras.po_box)


# The same town is written the same way on many rows.
@lru_cache(maxsize=1 << 16)
def _place_cells(
    city: str | None,
    region: str | None,
    code: str | None,
    country: str | None,
    default_text: str | None,
) -> tuple[Locality, str | None, str | None]:
    """The place by the cells that are made for it, the default country, and an issue."""
    iso2, default = country_code(tidy(country)), country_code(tidy(default_text))
    city, region, code = _clean(city), _clean(region), _clean(code)
    issue = None
    if city and code and not any(map(str.isdigit, code)) and not any(map(str.isalpha, city)):
        city, code, issue = code, city, "fields_swapped"
    place = Locality(city, region, code, iso2)
    if city and (code is None or any(map(str.isdigit, city))):
        inner = read_locality(city, iso2 or default) or read_locality(city, None)
        if inner:
            place = Locality(
                inner.city, region or inner.region, code or inner.postcode, iso2 or inner.country
            )
    if place.city and not place.region:
        name, inside = split_region(place.city, country_rules(place.country or default or "US"))
        if inside and (len(inside) <= 3 or "," in place.city):
            place = place._replace(city=name, region=inside)
    return place, default, issue


def _read(
    cells: tuple[str | None, ...],
) -> tuple[list[str], Locality, str | None, str | None]:
    """The street segments, the place as written, the default country, and an issue."""
    line1, line2, line3, _, city, _, region, code, country, full, default_text = cells
    place, default, issue = _place_cells(city, region, code, country, default_text)
    iso2 = country_code(tidy(country)) if full or not place.city else None
    lines = [segment for text in (line1, line2, line3) if text for segment in segments_of(text)]
    if full and (not lines or not place.city):
        found = split_address(segments_of(full) or [""], iso2, default)
        lines = lines or found.street
        place = _fill(place, found.place)
    elif lines and not place.city:
        found = split_address(lines, iso2, default)
        evidence = found.place.postcode or place.postcode or found.place.region
        town = found.place.city
        if town and found.street and (evidence or is_known_town(town, iso2 or default)):
            lines, place = found.street, _fill(place, found.place)
    return lines, place, default, issue


def _fill(place: Locality, other: Locality) -> Locality:
    """Parts given apart go before parts read out of a longer text."""
    return Locality(*(mine or theirs for mine, theirs in zip(place, other, strict=True)))


def _verdict(line: _Line, checked: Checked) -> tuple[str, float, str | None]:
    verdict, confidence, issue = checked.verdict, checked.confidence, checked.issue
    if not line.street.street and not line.po_box:
        if verdict in ("ok", "corrected"):
            verdict, issue = "incomplete", "no_street"
        return verdict, round(confidence / 2, 3), issue
    if not line.street.house and not line.po_box:
        confidence -= 0.05
    return verdict, round(confidence, 3), issue


def _one(cells: tuple[str | None, ...]) -> tuple[str | float | None, ...]:
    lines, place, default, issue = _read(cells)
    iso2 = place.country or infer_country(place.city, place.region, place.postcode, default)
    line = _street_line(tuple(lines), _clean(cells[3]), iso2)
    if not (line.line or place.city or place.postcode):
        return (*(None,) * 13, 0.0, "missing", "missing")
    checked = check_place(place.city, place.region, place.postcode, iso2)
    verdict, confidence, reason = _verdict(line, checked)
    if issue and verdict == "ok":
        verdict, reason = "corrected", issue
    name = street_key(line.street.street, iso2) or None
    city = _shout_down(checked.city) if checked.city else None
    city_key = place_key(city, iso2) if city else None
    code_key = checked.postcode_key[:5] if iso2 == "US" and checked.postcode_key else None
    code_key = code_key or checked.postcode_key
    where = code_key or city_key
    what = f"{house_key(line.street.house)} {name or ''}".strip()
    if not what and line.po_box:
        what = f"box {house_key(line.po_box)}"
    key = f"{what} {where} {iso2 or ''}".strip().lower() if what and where else None
    return (
        line.line,
        line.street.house,
        line.street.street or None,
        line.unit,
        line.po_box,
        city,
        checked.region,
        checked.postcode,
        iso2,
        name,
        city_key,
        code_key.lower() if code_key else None,
        key,
        confidence,
        verdict,
        reason,
    )


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    rows = zip(*(text_column(distinct, name) for name in INPUTS), strict=True)
    return output_table((_one(row) for row in rows), OUTPUT)
