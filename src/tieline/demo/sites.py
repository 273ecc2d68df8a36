"""Sites: one location of one account, with an address as it would stand on its letterhead."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tieline.demo.columns import Text, choose, glue, join, numbers, take, text, where
from tieline.demo.draws import Ints, Weighted
from tieline.demo.markets import Markets
from tieline.demo.pools import read_pool

NUMBER_FIRST = ("US", "CA", "CQ", "AU", "GB", "IE", "FR", "CF", "JP")
# Which market's street names and surnames a market's streets are made of.
STREETS_OF = {"CF": "FR", "CI": "IT"}
CULTURE_OF_STREETS = {
    "US": "en",
    "CA": "en",
    "AU": "en",
    "GB": "en",
    "IE": "en",
    "DE": "de",
    "AT": "de",
    "CH": "de",
    "FR": "fr",
    "CF": "fr",
    "IT": "it",
    "CI": "it",
    "ES": "es",
    "NL": "nl",
}
ENGLISH_ENDS = {
    "US": ["St", "Ave", "Rd", "Dr", "Blvd", "Ln", "Way", "Ct"],
    "CA": ["St", "Ave", "Rd", "Dr"],
    "AU": ["St", "Rd", "Ave", "Pde"],
    "GB": ["Road", "Street", "Lane", "Close", "Way"],
    "IE": ["Road", "Street", "Park"],
}
GERMAN_ENDS = {
    "DE": ["straße", "weg", "allee", "ring"],
    "AT": ["gasse", "straße"],
    "CH": ["strasse", "weg"],
}


@dataclass(frozen=True)
class Addresses:
    """Addresses as columns; street and house number also apart, for lists that split them."""

    market: Ints
    place: Ints
    estate: Text
    street: Text
    house_number: Text
    unit: Text
    street_line: Text
    phone_area: Text
    phone_exchange: Text


def _named_after_people(market: str) -> list[str]:
    culture = CULTURE_OF_STREETS.get(market, "")
    heads = {(r["culture"], r["kind"]): r["names"].split(";") for r in read_pool("names")}
    people = [n for n in heads.get((culture, "s"), []) if "_" not in n and "'" not in n][:90]
    given = [n for n in heads.get((culture, "m"), []) if "_" not in n][:20]
    if market in ENGLISH_ENDS:
        ends = ENGLISH_ENDS[market]
        return [f"{n} {ends[i % len(ends)]}" for i, n in enumerate(people)]
    if market in GERMAN_ENDS:
        ends = GERMAN_ENDS[market]
        return [f"{n}{ends[i % len(ends)]}" for i, n in enumerate(people)]
    pattern = {
        "FR": "rue {g} {n}",
        "CF": "rue {g} {n}",
        "IT": "Via {g} {n}",
        "CI": "Via {g} {n}",
        "ES": "Calle {g} {n}",
    }.get(market)
    if pattern:
        return [pattern.format(g=given[i * 7 % len(given)], n=n) for i, n in enumerate(people)]
    return [f"{n}straat" for n in people] if market == "NL" else []


def _streets(markets: Markets) -> tuple[Text, Weighted]:
    signs = {(r["country"], r["kind"]): r["names"].split(";") for r in read_pool("streets")}
    names: list[str] = []
    groups: list[list[float]] = []
    for market in markets.codes:
        common = signs[STREETS_OF.get(market, market), "s"]
        rare = _named_after_people(market)
        names += common + rare
        groups.append([1.0] * len(common) + [0.45] * len(rare))
    return text(names), Weighted(groups)


def draw_addresses(markets: Markets, market: Ints, rng: np.random.Generator) -> Addresses:
    """Draw one address in each row's market, with the phone number block of its local exchange."""
    count = len(market)
    place = markets.place_draw.draw(rng, market)
    names, draw = _streets(markets)
    street = take(names, draw.draw(rng, market))
    code = np.array(markets.codes)[market]
    american = np.isin(code, ("US", "CA"))
    small = np.minimum(rng.geometric(0.025, count), 320)
    large = np.where(rng.random(count) < 0.5, rng.integers(1, 99, count) * 100, 0)
    large = large + rng.integers(1, 99, count)
    number = numbers(np.where(american, large, small))
    blocks = join(
        numbers(rng.integers(1, 8, count)), numbers(rng.integers(1, 30, count)), number, sep="-"
    )
    number = where(code == "JP", blocks, number)
    letter = np.where(rng.random(count) < 0.09, rng.integers(1, 4, count), 0)
    letter = np.where(np.isin(code, ("DE", "AT", "CH", "NL", "BN", "DK", "SE")), letter, 0)
    number = join(number, choose(letter, ["", "a", "b", "c"]))
    compass = choose(rng.integers(0, 4, count), ["N ", "S ", "E ", "W "])
    street = where(american & (rng.random(count) < 0.22), glue(compass, street), street)
    first = np.isin(code, NUMBER_FIRST)
    comma = np.isin(code, ("IT", "CI", "ES", "PT")) | (
        np.isin(code, ("FR", "CF")) & (rng.random(count) < 0.4)
    )
    line = where(first, join(number, street, sep=" "), join(street, number, sep=" "))
    line = where(comma & ~first, join(street, number, sep=", "), line)
    line = where(comma & first, join(number, street, sep=", "), line)
    unit_draw, estate_draw = rng.random(count), rng.random(count)
    unit_number = numbers(rng.integers(1, 60, count))
    unit = where(
        american & (unit_draw < 0.2),
        glue("Suite ", numbers(rng.integers(1, 40, count) * 10 + 100)),
        None,
    )
    unit = where((code == "US") & (unit_draw > 0.94), glue("Ste ", unit_number), unit)
    unit = where(
        (code == "AU") & (unit_draw < 0.25),
        glue("Level ", numbers(rng.integers(1, 30, count))),
        unit,
    )
    unit = where(
        (code == "ES") & (unit_draw < 0.2), glue(numbers(rng.integers(1, 8, count)), "º"), unit
    )
    unit = where((code == "GB") & (unit_draw < 0.22), glue("Unit ", unit_number), unit)
    estates = {
        r["country"]: r["names"].split(";") for r in read_pool("streets") if r["kind"] == "i"
    }
    gb = take(text(estates["GB"]), rng.integers(0, len(estates["GB"]), count))
    fr = take(text(estates["FR"]), rng.integers(0, len(estates["FR"]), count))
    estate = where((code == "GB") & (estate_draw < 0.3), gb, None)
    estate = where(np.isin(code, ("FR", "CF")) & (estate_draw < 0.2), fr, estate)
    area, exchange = _phone_blocks(markets, market, place, rng)
    return Addresses(market, place, estate, street, number, unit, line, area, exchange)


def _phone_blocks(
    markets: Markets, market: Ints, place: Ints, rng: np.random.Generator
) -> tuple[Text, Text]:
    """Return area codes and exchanges: all of a landline number but its last three digits."""
    areas = markets.place_text("area_codes")
    options = pc.split_pattern(areas, "/").to_pylist()
    first = text([o[0] for o in options])
    second = text([o[-1] for o in options])
    written = where(rng.random(len(market)) < 0.7, take(first, place), take(second, place))
    area = pc.replace_substring_regex(written, pattern=r"\+.*$", replacement="")
    length = np.asarray(pc.utf8_length(area))
    # where local numbers differ in length, the places table says how many digits follow
    local = pc.replace_substring_regex(written, pattern=r"^\d+\+?", replacement="")
    fixed = np.asarray(pc.cast(pc.if_else(pc.equal(local, ""), "0", local), pa.int64()))
    leads = [row["lead"] for row in markets.rows]
    draw = Weighted([[1.0] * len(digits) for digits in leads])
    lead = np.array([int(digit) for digits in leads for digit in digits])[draw.draw(rng, market)]
    code = np.array(markets.codes)[market]
    region = np.array(markets.place_text("region").to_pylist(), dtype=object)[place]
    lead = np.where((code == "AU") & (region == "QLD"), 3, lead)
    lead = np.where((code == "AU") & np.isin(region, ("SA",)), 8, lead)
    rest = np.where(fixed > 0, fixed, markets.number("main")[market] - length) - 3
    digits = lead * 10 ** np.maximum(rest - 1, 0) + rng.integers(
        0, 10**6, len(market)
    ) % 10 ** np.maximum(rest - 1, 0)
    # a second digit 1 with third 1 would read as a service number in North America (N11)
    digits = np.where((code == "US") & (digits // 10 % 100 == 11), digits + 30, digits)
    return area, numbers(digits)


def shared(addresses: Addresses, building: Ints) -> Addresses:
    """Return addresses where each site stands in the building of the given site (mostly itself)."""
    return replace(
        addresses,
        estate=take(addresses.estate, building),
        street=take(addresses.street, building),
        house_number=take(addresses.house_number, building),
        street_line=take(addresses.street_line, building),
        place=addresses.place[building],
    )


def with_copies(addresses: Addresses, rows: Ints) -> Addresses:
    """Return the addresses with these rows' once more at the end."""
    every = np.concatenate([np.arange(len(addresses.market)), rows])
    return Addresses(
        market=addresses.market[every],
        place=addresses.place[every],
        estate=take(addresses.estate, every),
        street=take(addresses.street, every),
        house_number=take(addresses.house_number, every),
        unit=take(addresses.unit, every),
        street_line=take(addresses.street_line, every),
        phone_area=take(addresses.phone_area, every),
        phone_exchange=take(addresses.phone_exchange, every),
    )
