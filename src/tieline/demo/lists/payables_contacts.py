"""Finance's payables contacts from an ERP system: supplier numbers, two name lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import choose, glue, join, numbers, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, break_lines, delimited, header, write_lines
from tieline.demo.phones import BRACKET_ZERO, DASHED, NATIONAL, landline
from tieline.demo.plans import Plan
from tieline.demo.wording import GERMAN, dates, whole_names

PLAN = Plan(
    name="kreditoren_kontakte",
    share=0.06,
    first_day=400,
    last_day=6000,
    newest_first=1.0,
    again=0.05,
    exact=0.03,
    role=0.3,
    unreadable=0.01,
    no_address=0.01,
    bad_address=0.02,
    no_mail=0.15,
    no_phone=0.25,
    no_title=1.0,
    careless=0.6,
    nicknames=0.0,
    form_dropped=0.02,
    markets={"DE": 2.0, "AT": 1.5, "CH": 1.5, "US": 0.5},
    functions={
        "finance": 8.0,
        "procurement": 1.2,
        "general": 1.5,
        "marketing": 0.2,
        "engineering": 0.2,
        "it": 0.3,
    },
)


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the ERP report's columns; names longer than 35 letters run on in the second line."""
    cells, count = cards.cells, len(cards)
    style = np.array([NATIONAL, DASHED, BRACKET_ZERO])[rng.integers(0, 3, count)]
    vat = glue(cells["country"], numbers(100_000_000 + (cards.account * 7_919_131) % 899_999_999))
    european = np.isin(
        np.array(world.markets.codes)[cards.market],
        ("US", "CA", "CQ", "AU", "JP", "CH", "CF", "CI"),
        invert=True,
    )
    company = cells["company"]
    rest = pc.utf8_slice_codeunits(company, 35, 200)
    return [
        ("Kreditor", numbers(70_000 + cards.account, 10)),
        ("Name 1", pc.utf8_slice_codeunits(company, 0, 35)),
        ("Name 2", where(np.asarray(pc.equal(rest, "")), None, rest)),
        ("Straße", join(cells["street_line"], cells["unit"], sep=" ")),
        ("PLZ", cells["postcode"]),
        ("Ort", cells["city"]),
        ("Land", cells["country"]),
        ("Ansprechpartner", whole_names(cards, rng, reversed_share=0.3)),
        ("E-Mail Buchhaltung", cells["email"]),
        ("Telefon", landline(world.markets, cards, style)),
        ("USt-IdNr.", where(european & (rng.random(count) < 0.8), vat, None)),
        ("Zahlungsbed.", choose(rng.integers(0, 4, count), ["Z030", "Z014", "Z045", "ZB60"])),
        ("Angelegt am", dates(cards.day, GERMAN)),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the report in Latin-1."""
    table = columns(world, cards, rng)
    lines = delimited(table, ";")
    break_lines(lines, broken, ";", rng)
    write_lines(path, [header(table, ";"), *lines], "iso-8859-1")
