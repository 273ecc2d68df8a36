"""A list bought from a British broker: Excel with a preamble, postcodes that lost their zeros."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import choose, glue, join, numbers, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, write_excel
from tieline.demo.phones import BRACKET_ZERO, DIGITS, NATIONAL, SPACED, landline
from tieline.demo.plans import Plan
from tieline.demo.wording import BRITISH, bands, countries, dates, industries, whole_names

PLAN = Plan(
    name="uk_europe_contacts",
    share=0.10,
    first_day=3300,
    last_day=5200,
    other_markets=0.25,
    markets={
        "GB": 3.0,
        "IE": 3.0,
        "US": 0.0,
        "CA": 0.0,
        "CQ": 0.0,
        "AU": 0.0,
        "DE": 0.2,
        "NL": 1.0,
        "SE": 1.0,
        "DK": 1.0,
        "NO": 1.0,
        "FI": 1.0,
    },
    again=0.06,
    exact=0.05,
    no_address=0.06,
    bad_address=0.04,
    no_mail=0.25,
    no_phone=0.2,
    no_title=0.03,
    careless=0.9,
    nicknames=0.01,
    form_dropped=0.1,
    levels={"c": 1.5, "d": 2.0, "v": 2.0, "m": 1.2, "a": 0.2},
)


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the broker's columns."""
    cells, count = cards.cells, len(cards)
    styles = np.array([SPACED, NATIONAL, BRACKET_ZERO, DIGITS])[
        rng.choice(4, count, p=[0.35, 0.3, 0.25, 0.1])
    ]
    source = choose(
        rng.integers(0, 3, count), ["Telephone verified", "Web research", "Subscription"]
    )
    return [
        ("Ref", glue("EU-", numbers(rng.permutation(count) + 10_000))),
        ("Contact Name", whole_names(cards, rng, titled=0.8)),
        ("Job Title", cells["title"]),
        ("Company Name", cells["company"]),
        ("Address 1", join(cells["unit"], cells["estate"], sep=", ")),
        ("Address 2", cells["street_line"]),
        ("Town", cells["city"]),
        ("County/Region", where(rng.random(count) < 0.5, cells["region"], None)),
        ("Postcode", cells["postcode"]),
        ("Country", countries(world, cards, "country_en")),
        ("Tel", landline(world.markets, cards, styles)),
        ("Email Address", cells["email"]),
        ("Web", where(rng.random(count) < 0.5, cells["website"], None)),
        ("SIC Description", industries(world, cards, "en")),
        ("Employee Band", bands(world, cards)),
        ("Verified", dates(cards.day, BRITISH)),
        ("Source", source),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the workbook; the broker's licence text stands above the header."""
    table = columns(world, cards, rng)
    # an empty cell in the first column would make the row look like a remark
    preamble = [
        ["B2B Contact Universe - European Edition"],
        ["Order 2024-0417 / Single user licence / Not for resale"],
        [f"Records supplied: {len(cards)}"],
        [],
    ]
    write_excel(path, "Contacts", preamble, table, numeric=("Postcode", "Tel"))
