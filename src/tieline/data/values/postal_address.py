"""Postal addresses in standard parts, compared with the places known for their postcode."""

from __future__ import annotations

import re

import pyarrow as pa

from tieline.data.values.country import country_code
from tieline.data.values.folding import fold_words, tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 1
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
OUTPUT = pa.schema(
    [
        (name, pa.float64() if name == "address_confidence" else pa.string())
        for name in (
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
            "address_confidence",
            "address_verdict",
            "address_issue",
        )
    ]
)
ISSUES: dict[str, str] = {
    "missing": "No address was given.",
    "no_street": "There is a city or postcode but no street.",
}
_NUMBER_FIRST = re.compile(r"^(\d+[A-Za-z]?)\s+(.+)$")
_NUMBER_LAST = re.compile(r"^(.+?)\s+(\d+\s?[A-Za-z]?)$")
_LAST_LINE = re.compile(r"^(.*?)[, ]+([A-Z]{2})[, ]+(\d{5})(?:-\d{4})?$")


def _one(cells: tuple[str | None, ...]) -> tuple[str | float | None, ...]:
    line1, line2, line3, house, city, _district, region, postcode, country, full, default = (
        tidy(cell) or None for cell in cells
    )
    line = ", ".join(part for part in (line1, line2, line3) if part)
    if full and not line:
        parts = [part.strip() for part in full.split(",") if part.strip()]
        line, rest = parts[0], parts[1:]
        if rest and not city:
            match = _LAST_LINE.match(", ".join(rest))
            city, region, postcode = match.groups() if match else (rest[0], region, postcode)
    street = line
    match = _NUMBER_FIRST.match(line) or None
    if match:
        house, street = match.groups()
    elif match := _NUMBER_LAST.match(line):
        street, house = match.groups()
    iso2 = country_code(country) or country_code(default)
    street_key, city_key = fold_words(street), fold_words(city or "")
    postcode_key = fold_words(postcode or "").replace(" ", "")
    if not (line or city or postcode):
        verdict, issue, confidence = "missing", "missing", 0.0
    elif not (street and (city or postcode)):
        verdict, issue, confidence = "incomplete", "no_street", 0.3
    else:
        verdict, issue, confidence = "ok", None, 0.7
    key = " ".join(
        filter(None, (fold_words(house or ""), street_key, postcode_key or city_key, iso2))
    )
    return (
        line or None,
        house,
        street or None,
        None,
        None,
        city,
        region,
        postcode,
        iso2,
        street_key or None,
        city_key or None,
        postcode_key or None,
        key.lower() if verdict == "ok" else None,
        confidence,
        verdict,
        issue,
    )


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    rows = zip(*(text_column(distinct, name) for name in INPUTS), strict=True)
    return output_table((_one(row) for row in rows), OUTPUT)
