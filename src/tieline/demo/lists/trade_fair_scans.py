"""Business cards scanned at trade fairs: vCards with the errors of text recognition."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import Text, choose, constant, glue, join
from tieline.demo.draws import Flags
from tieline.demo.phones import BRACKET_ZERO, NATIONAL, SPACED, landline, mobile
from tieline.demo.plans import Plan
from tieline.demo.wording import countries, dates, given_names, whole_names

PLAN = Plan(
    name="trade_fair_scans",
    share=0.05,
    first_day=2700,
    last_day=6000,
    newest_first=1.1,
    again=0.06,
    exact=0.02,
    no_company=0.015,
    unreadable=0.014,
    no_address=0.03,
    bad_address=0.02,
    no_mail=0.06,
    no_phone=0.08,
    no_title=0.06,
    careless=1.5,
    nicknames=0.01,
    form_dropped=0.1,
    scanned=True,
    in_time_order=True,
    functions={"sales": 1.6, "engineering": 1.3, "procurement": 1.4},
    markets={"DE": 1.8, "AT": 1.5, "CH": 1.5, "US": 0.6},
)
FAIRS = [
    "Process & Plant Expo",
    "Fachmesse Messtechnik",
    "Industrial Days",
    "Water Forum",
    "Salon de l'Instrumentation",
]


def _escaped(cells: Text) -> Text:
    cells = pc.replace_substring(cells, "\\", "\\\\")
    for mark in (",", ";"):
        cells = pc.replace_substring(cells, mark, "\\" + mark)
    return pc.replace_substring(cells, "\n", "\\n")


def _line(name: str, cells: Text) -> Text:
    return glue(name, ":", cells)


def _structured(*parts: Text) -> Text:
    return pc.binary_join_element_wise(*[pc.fill_null(_escaped(p), "") for p in parts], ";")


def cards_text(world: Population, cards: Cards, rng: np.random.Generator) -> list[str]:
    """Return one vCard for each row."""
    cells, count = cards.cells, len(cards)
    style = np.array([SPACED, NATIONAL, BRACKET_ZERO])[rng.integers(0, 3, count)]
    address = _structured(
        cells["unit"],
        cells["estate"],
        cells["street_line"],
        cells["city"],
        cells["region"],
        cells["postcode"],
        countries(world, cards, "country_local"),
    )
    fair = choose(rng.integers(0, len(FAIRS), count), FAIRS)
    lines = [
        constant("BEGIN:VCARD\r\nVERSION:3.0", count),
        _line(
            "N",
            _structured(
                cells["family"],
                given_names(cards),
                constant(None, count),
                cells["prefix"],
                cells["suffix"],
            ),
        ),
        _line("FN", _escaped(whole_names(cards, rng))),
        _line("ORG", _escaped(cells["company"])),
        _line("TITLE", _escaped(cells["title"])),
        _line("TEL;TYPE=WORK,VOICE", landline(world.markets, cards, style)),
        _line("TEL;TYPE=CELL", mobile(world.markets, cards, style)),
        _line("EMAIL;TYPE=INTERNET", cells["email"]),
        _line("ADR;TYPE=WORK", address),
        _line("URL", cells["website"]),
        _line("NOTE", _escaped(join(fair, dates(cards.day, "%Y"), sep=" "))),
        _line("REV", dates(cards.day, "%Y-%m-%dT10:00:00Z")),
        constant("END:VCARD", count),
    ]
    return list(pc.binary_join_element_wise(*lines, "\r\n", null_handling="skip").to_pylist())


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write all cards into one file; a broken card has no name, its neighbours stay whole."""
    blocks = cards_text(world, cards, rng)
    chance = random.Random(int(rng.integers(2**32)))
    for row in np.flatnonzero(broken).tolist():
        kept = blocks[row].split("\r\n")[2][: 3 + int(chance.random() * 4)]
        blocks[row] = (
            f"BEGIN:VCARD\r\nVERSION:3.0\r\n{kept.replace(':', '')}\r\n=?scan failed?=\r\nEND:VCARD"
        )
    path.write_bytes(("\r\n".join(blocks) + "\r\n").encode("utf-8"))
