"""The channel team's resellers and integrators: kept in France, semicolons in UTF-16."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import choose, glue, join, numbers, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, break_lines, delimited, header, write_lines
from tieline.demo.phones import NATIONAL, SPACED, landline, mobile
from tieline.demo.plans import Plan
from tieline.demo.wording import BRITISH, countries, dates, industries, salutations

PLAN = Plan(
    name="liste_partenaires",
    share=0.035,
    first_day=2000,
    last_day=5990,
    again=0.05,
    exact=0.02,
    unreadable=0.01,
    role=0.02,
    no_address=0.03,
    bad_address=0.02,
    no_mail=0.06,
    no_phone=0.15,
    no_title=0.2,
    careless=0.9,
    nicknames=0.01,
    form_dropped=0.25,
    markets={"FR": 4.0, "BF": 3.0, "CF": 3.0, "ES": 1.5, "IT": 1.5, "US": 0.3, "DE": 0.6},
    functions={"sales": 4.0, "general": 2.0, "engineering": 1.2, "hr": 0.2, "finance": 0.3},
)


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the columns under French headers."""
    cells, count = cards.cells, len(cards)
    style = np.where(rng.random(count) < 0.6, NATIONAL, SPACED)
    level = choose(rng.choice(4, count, p=[0.1, 0.25, 0.4, 0.25]), ["Or", "Argent", "Bronze", ""])
    return [
        ("N° partenaire", glue("P", numbers(cards.account + 20_000))),
        ("Civilité", salutations(world, cards, "M.", "Mme")),
        ("Prénom", cells["given"]),
        ("Nom", cells["family"]),
        ("Fonction", cells["title"]),
        ("Raison sociale", cells["company"]),
        ("Adresse", cells["street_line"]),
        ("Complément d'adresse", join(cells["estate"], cells["unit"], sep=", ")),
        ("Code postal", cells["postcode"]),
        ("Ville", cells["city"]),
        ("Pays", countries(world, cards, "country_fr")),
        ("Téléphone", landline(world.markets, cards, style)),
        ("Portable", mobile(world.markets, cards, style)),
        ("Courriel", cells["email"]),
        ("Site web", where(rng.random(count) < 0.7, cells["website"], None)),
        ("Secteur d'activité", industries(world, cards, "fr")),
        ("Niveau", level),
        ("Date de mise à jour", dates(cards.day, BRITISH)),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the file as a spreadsheet's "Unicode text"."""
    table = columns(world, cards, rng)
    lines = delimited(table, ";")
    break_lines(lines, broken, ";", rng)
    write_lines(path, [header(table, ";"), *lines], "utf-16")
