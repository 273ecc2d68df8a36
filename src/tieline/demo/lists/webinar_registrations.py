"""Webinar registrations: typed in a hurry, the name in one cell, many private addresses."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import choose, join, numbers, where
from tieline.demo.draws import Flags, Ints
from tieline.demo.formats import Column, break_lines, delimited, header, write_lines
from tieline.demo.phones import DIGITS, E164, NATIONAL, SPACED, landline
from tieline.demo.plans import Plan
from tieline.demo.wording import ISO, bands, countries, times, whole_names

PLAN = Plan(
    name="webinar_registrations",
    share=0.075,
    first_day=3700,
    last_day=6018,
    newest_first=1.3,
    again=0.16,
    exact=0.01,
    junk=0.012,
    no_company=0.05,
    unreadable=0.008,
    no_address=0.22,
    bad_address=0.03,
    private_mail=0.28,
    no_mail=0.0,
    no_phone=0.55,
    no_title=0.25,
    careless=1.7,
    nicknames=0.09,
    form_dropped=0.5,
    opted_out=0.05,
    in_time_order=True,
    functions={"engineering": 1.8, "it": 1.5, "quality": 1.4, "general": 0.6},
)
TOPICS = [
    "Flow measurement basics",
    "Reducing downtime with condition monitoring",
    "Energy efficiency in process plants",
    "OPC UA from sensor to cloud",
    "Hygienic design for food & beverage",
    "Calibration without stopping production",
    "Predictive maintenance: three case studies",
    "ATEX explained",
    "Water quality monitoring 4.0",
    "Choosing the right level sensor",
]


def topics(days: Ints) -> Ints:
    """Return which webinar ran at that time; they take turns every three weeks."""
    return days // 21 % len(TOPICS)


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the webinar tool's columns."""
    cells, count = cards.cells, len(cards)
    style = np.array([SPACED, NATIONAL, E164, DIGITS])[rng.integers(0, 4, count)]
    attended = choose(rng.choice(3, count, p=[0.46, 0.46, 0.08]), ["Yes", "No", ""])
    return [
        ("Registration ID", numbers(np.arange(count) + 48_113)),
        ("Name", whole_names(cards, rng, titled=0.3, reversed_share=0.04)),
        ("Email", cells["email"]),
        ("Company", cells["company"]),
        ("Job title", cells["title"]),
        ("Street address", join(cells["street_line"], cells["unit"], sep=", ")),
        ("City", cells["city"]),
        ("Zip/Postcode", cells["postcode"]),
        ("Country", countries(world, cards, "country_en")),
        ("Phone number", landline(world.markets, cards, style)),
        ("Company size", where(rng.random(count) < 0.6, bands(world, cards), None)),
        ("Webinar", choose(topics(cards.day), TOPICS)),
        ("Registered at", times(cards.day, rng, ISO, " ")),
        ("Attended", attended),
        ("Unsubscribed", where(cards.flags["opted_out"], "Yes", "No")),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the CSV."""
    table = columns(world, cards, rng)
    lines = delimited(table, ",")
    break_lines(lines, broken, ",", rng)
    write_lines(path, [header(table, ","), *lines], "utf-8")
