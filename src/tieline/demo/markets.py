"""Where the world plays: markets (a country, or its part with one language) and their places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tieline.demo.columns import Text, text
from tieline.demo.draws import Flags, Floats, Ints, Weighted
from tieline.demo.pools import read_pool

FRENCH_CANTONS = ("GE", "VD", "NE", "FR")


@dataclass(frozen=True)
class Markets:
    """All markets as columns, and all postcodes with their market, city, region and area code."""

    rows: list[dict[str, str]]
    places: list[dict[str, str]]

    @cached_property
    def codes(self) -> list[str]:
        """Return the market codes in file order; a market's number is its position here."""
        return [row["market"] for row in self.rows]

    @cached_property
    def weights(self) -> Floats:
        """Return how much of the world's business each market has."""
        return np.array([float(row["weight"]) for row in self.rows])

    def text(self, column: str) -> Text:
        """Return one column of the markets table."""
        return text([row[column] or None for row in self.rows])

    def number(self, column: str) -> Ints:
        """Return one column of the markets table as whole numbers."""
        return np.array([int(row[column] or 0) for row in self.rows], dtype=np.int64)

    def among(self, column: str, values: tuple[str, ...]) -> Flags:
        """Return for each market whether its column holds one of the values."""
        return np.array([row[column] in values for row in self.rows], dtype=bool)

    def place_text(self, column: str) -> Text:
        """Return one column of the postcodes table."""
        return text([row[column] or None for row in self.places])

    @cached_property
    def place_draw(self) -> Weighted:
        """Return the draw of a postcode within a market."""
        groups: list[list[float]] = [[] for _ in self.rows]
        for place in self.places:
            groups[self.codes.index(place["market"])].append(float(place["weight"]))
        return Weighted(groups)


def _market_of(place: dict[str, str]) -> str:
    country, region = place["country"], place["region"]
    if country == "CA":
        return "CQ" if region == "QC" else "CA"
    if country == "BE":
        return "BN" if region == "Vlaanderen" else "BF"
    if country == "CH":
        return "CF" if region in FRENCH_CANTONS else "CI" if region == "TI" else "CH"
    return country


def load_markets() -> Markets:
    """Read markets and places; places come out ordered by market, one row for each postcode."""
    rows = read_pool("markets")
    order = {row["market"]: number for number, row in enumerate(rows)}
    places = []
    for city in read_pool("places"):
        postcodes = city["postcodes"].split(";")
        for postcode in postcodes:
            place = {**city, "market": _market_of(city), "postcode": postcode}
            place["weight"] = str(float(city["weight"]) / len(postcodes))
            places.append(place)
    places.sort(key=lambda place: order[place["market"]])
    return Markets(rows, places)
