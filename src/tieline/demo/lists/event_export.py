"""Further event exports, for worlds with more than twelve sources."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import constant
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, break_lines, delimited, header, write_lines
from tieline.demo.phones import NATIONAL, SPACED, landline
from tieline.demo.plans import Plan
from tieline.demo.wording import GERMAN, countries, dates, whole_names


def plan(number: int) -> Plan:
    """Return the plan of the n-th event."""
    first = 3000 + number * 137 % 2900
    return Plan(
        name=f"event_export_{number}",
        share=0.02,
        first_day=first,
        last_day=first + 3,
        again=0.03,
        no_address=0.15,
        unreadable=0.005,
        no_mail=0.02,
        no_phone=0.4,
        careless=1.4,
        form_dropped=0.4,
        private_mail=0.12,
        no_company=0.02,
    )


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the event tool's columns."""
    cells, count = cards.cells, len(cards)
    style = np.where(rng.random(count) < 0.5, SPACED, NATIONAL)
    return [
        ("Participant", whole_names(cards, rng, titled=0.5)),
        ("Organisation", cells["company"]),
        ("Position", cells["title"]),
        ("E-Mail", cells["email"]),
        ("Telephone", landline(world.markets, cards, style)),
        ("Street", cells["street_line"]),
        ("Postal code", cells["postcode"]),
        ("City", cells["city"]),
        ("Country", countries(world, cards, "country_en")),
        ("Event date", dates(cards.day, GERMAN)),
        ("Ticket", constant("Day pass", count)),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the CSV."""
    table = columns(world, cards, rng)
    lines = delimited(table, ";")
    break_lines(lines, broken, ";", rng)
    write_lines(path, [header(table, ";"), *lines], "utf-8")
