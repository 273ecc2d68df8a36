"""A list bought from an American data house: Parquet, all in capitals, opaque columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import Text, change, fold, numbers, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, write_parquet
from tieline.demo.phones import DASHED, DIGITS, NATIONAL, landline
from tieline.demo.plans import Plan
from tieline.demo.wording import dates, employees, industries

PLAN = Plan(
    name="na_decision_makers",
    share=0.135,
    first_day=2200,
    last_day=5400,
    newest_first=1.2,
    other_markets=0.0,
    markets={"US": 1.0, "CA": 1.2, "CQ": 0.8},
    again=0.06,
    exact=0.04,
    no_address=0.02,
    bad_address=0.035,
    no_mail=0.3,
    no_phone=0.15,
    no_title=0.04,
    careless=0.7,
    nicknames=0.05,
    form_dropped=0.12,
    role=0.005,
    levels={"c": 2.0, "v": 2.5, "d": 2.0, "s": 0.5, "a": 0.2},
)


def _capitals(cells: Text) -> Text:
    foreign = ~np.asarray(pc.fill_null(pc.string_is_ascii(cells), True))
    plain = change(cells, foreign, lambda values: [fold(v) for v in values])
    return pc.utf8_upper(plain)


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the data house's columns."""
    cells, count = cards.cells, len(cards)
    style = np.array([NATIONAL, DASHED, DIGITS])[rng.choice(3, count, p=[0.4, 0.35, 0.25])]
    return [
        ("INDIVIDUAL_ID", numbers(rng.permutation(count * 3)[:count] + 700_000_000)),
        ("FNAME", _capitals(cells["given"])),
        ("MI", pc.utf8_slice_codeunits(_capitals(cells["middle"]), 0, 1)),
        ("LNAME", _capitals(cells["family"])),
        ("SUFFIX", pc.utf8_upper(cells["suffix"])),
        ("GENDER", where(world.people.female[cards.person], "F", "M")),
        ("TITLE_DESC", _capitals(cells["title"])),
        ("COMPANY_NM", _capitals(cells["company"])),
        ("ADDR_LINE_1", _capitals(cells["street_line"])),
        ("ADDR_LINE_2", _capitals(cells["unit"])),
        ("CITY_NM", _capitals(cells["city"])),
        ("STATE_CD", cells["region"]),
        ("ZIP", cells["postcode"]),
        ("CTRY_CD", cells["country"]),
        ("PHONE_NUM", landline(world.markets, cards, style)),
        ("EMAIL_ADDR", pc.utf8_lower(cells["email"])),
        ("URL", cells["website"]),
        ("SIC_DESC", _capitals(industries(world, cards, "en"))),
        ("EMP_CNT", employees(world, cards, rng)),
        ("LAST_VERIF_DT", dates(cards.day, "%Y%m%d")),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the Parquet file."""
    write_parquet(path, columns(world, cards, rng))
