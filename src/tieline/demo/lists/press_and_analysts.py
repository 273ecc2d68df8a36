"""The press office's journalists and analysts: Excel, kept by hand, titles of that trade."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import choose, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, write_excel
from tieline.demo.phones import NATIONAL, SPACED, landline, mobile
from tieline.demo.plans import Plan
from tieline.demo.wording import BRITISH, countries, dates

PLAN = Plan(
    name="press_and_analysts",
    share=0.015,
    first_day=2500,
    last_day=6000,
    again=0.03,
    exact=0.01,
    no_address=0.12,
    no_company=0.08,
    bad_address=0.01,
    no_mail=0.03,
    no_phone=0.3,
    no_title=0.0,
    careless=0.8,
    nicknames=0.06,
    form_dropped=0.5,
    private_mail=0.08,
    industries={"media": 1.0},
    other_industries=0.0002,
)
BEATS = ["Automation", "Energy", "Digitalisation", "M&A", "Water", "Food tech", "Industry 4.0"]


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the columns as the press officer named them."""
    cells, count = cards.cells, len(cards)
    style = np.where(rng.random(count) < 0.6, SPACED, NATIONAL)
    kind = choose(rng.choice(3, count, p=[0.6, 0.3, 0.1]), ["Journalist", "Analyst", "Blogger"])
    return [
        ("Type", kind),
        ("Surname", cells["family"]),
        ("First name", cells["given"]),
        ("Outlet / Firm", cells["company"]),
        ("Position", cells["title"]),
        ("Beat", choose(rng.integers(0, len(BEATS), count), BEATS)),
        ("E-mail", cells["email"]),
        ("Phone", landline(world.markets, cards, style)),
        ("Cell", mobile(world.markets, cards, style)),
        ("Address", cells["street_line"]),
        ("ZIP", cells["postcode"]),
        ("City", cells["city"]),
        ("Country", where(rng.random(count) < 0.9, countries(world, cards, "country_en"), None)),
        ("Last contact", dates(cards.day, BRITISH)),
        (
            "Notes",
            where(
                rng.random(count) < 0.06,
                "prefers e-mail",
                where(rng.random(count) < 0.03, "left?", None),
            ),
        ),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the workbook with one title line."""
    write_excel(
        path, "Press", [["Press & analyst contacts (internal)"]], columns(world, cards, rng)
    )
