"""A list bought from a German address publisher: semicolons, Windows-1252, one column a fact."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import numbers, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, break_lines, delimited, header, write_lines
from tieline.demo.phones import DASHED, NATIONAL, landline
from tieline.demo.plans import Plan
from tieline.demo.wording import (
    GERMAN,
    countries,
    dates,
    employees,
    given_names,
    industries,
    salutations,
)

PLAN = Plan(
    name="adressen_dach",
    share=0.135,
    first_day=2600,
    last_day=4750,
    newest_first=0.9,
    other_markets=0.0,
    markets={"DE": 1.0, "AT": 0.9, "CH": 0.9, "CF": 0.3},
    again=0.05,
    exact=0.03,
    unreadable=0.02,
    no_address=0.02,
    bad_address=0.045,
    no_mail=0.42,
    no_phone=0.12,
    no_title=0.05,
    careless=0.7,
    nicknames=0.0,
    form_dropped=0.03,
    role=0.015,
    levels={"c": 2.5, "d": 1.8, "v": 1.8, "s": 0.5, "a": 0.4},
)


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the publisher's columns."""
    cells, count = cards.cells, len(cards)
    style = np.where(rng.random(count) < 0.7, NATIONAL, DASHED)
    abroad = np.asarray(cells["country"].is_valid())
    return [
        ("Adr-Nr", numbers(rng.permutation(count) + 1, 7)),
        ("Anrede", salutations(world, cards, "Herr", "Frau")),
        ("Titel", cells["prefix"]),
        ("Vorname", given_names(cards)),
        ("Nachname", cells["family"]),
        ("Firma", cells["company"]),
        ("Position", cells["title"]),
        ("Straße", cells["street"]),
        ("Hausnr.", cells["house_number"]),
        ("PLZ", cells["postcode"]),
        ("Ort", cells["city"]),
        (
            "Land",
            where(
                abroad & (rng.random(count) < 0.9), countries(world, cards, "country_local"), None
            ),
        ),
        ("Telefon", landline(world.markets, cards, style)),
        ("E-Mail", cells["email"]),
        ("Internet", cells["website"]),
        ("Branche", industries(world, cards, "de")),
        ("Mitarbeiter", employees(world, cards, rng)),
        ("Stand", dates(cards.day, GERMAN)),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the file as a German Excel saves CSV."""
    table = columns(world, cards, rng)
    lines = delimited(table, ";")
    break_lines(lines, broken, ";", rng)
    write_lines(path, [header(table, ";"), *lines], "cp1252")
