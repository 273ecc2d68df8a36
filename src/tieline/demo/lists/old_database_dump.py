"""A dump of the database before the CRM: pipes, stray quotes, two encodings, former jobs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import choose, glue, join, numbers, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, break_lines, delimited
from tieline.demo.phones import BRACKET_ZERO, DASHED, DOUBLE_ZERO, NATIONAL, landline
from tieline.demo.plans import Plan
from tieline.demo.wording import AMERICAN, GERMAN, ISO, dates, given_names

PLAN = Plan(
    name="old_database_dump",
    share=0.11,
    first_day=100,
    last_day=2700,
    newest_first=1.4,
    again=0.12,
    exact=0.05,
    junk=0.006,
    no_company=0.03,
    role=0.02,
    unreadable=0.04,
    no_address=0.07,
    bad_address=0.06,
    no_mail=0.3,
    no_phone=0.2,
    no_title=0.2,
    careless=1.4,
    nicknames=0.03,
    form_dropped=0.2,
    opted_out=0.03,
    levels={"s": 0.8, "d": 1.3},
)


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the old table's columns; its fields were short, its dates follow the country."""
    cells, count = cards.cells, len(cards)
    style = np.array([NATIONAL, DASHED, DOUBLE_ZERO, BRACKET_ZERO])[rng.integers(0, 4, count)]
    company = pc.utf8_slice_codeunits(cells["company"], 0, 40)
    company = where(rng.random(count) < 0.02, glue('Fa. "', company, '"'), company)
    changed = np.minimum(cards.day + rng.integers(0, 500, count), PLAN.last_day)
    american = np.isin(np.array(world.markets.codes)[cards.market], ("US", "CA"))
    zip_code = where(
        american & (rng.random(count) < 0.5),
        pc.replace_substring_regex(cells["postcode"], pattern=r"^0(\d{4})$", replacement=r"\1"),
        cells["postcode"],
    )
    # three programs wrote into this table, each with its own style of dates
    style_of_row = np.where(rng.random(count) < 0.06, 2, american.astype(np.int64))
    created, updated = (
        choose(style_of_row, [dates(days, style) for style in (GERMAN, AMERICAN, ISO)])
        for days in (cards.day, changed)
    )
    return [
        ("CUST_NO", numbers(rng.permutation(count) + 1, 6)),
        ("COMPANY", company),
        ("LASTNAME", cells["family"]),
        ("FIRSTNAME", given_names(cards)),
        ("FUNCTION", pc.utf8_slice_codeunits(cells["title"], 0, 30)),
        ("STREET", join(cells["street_line"], cells["unit"], sep=" ")),
        ("ZIP", zip_code),
        ("CITY", cells["city"]),
        ("STATE", where(american, cells["region"], None)),
        ("COUNTRY", cells["country"]),
        ("TEL", landline(world.markets, cards, style)),
        ("EMAIL", cells["email"]),
        ("NOMAIL", where(cards.flags["opted_out"], "X", None)),
        ("CREATED", created),
        ("CHANGED", updated),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the older three quarters in Windows-1252, the rest, from a later release, in UTF-8."""
    table = columns(world, cards, rng)
    lines = delimited(table, "|", raw=True)
    break_lines(lines, broken, "|", rng)
    late = cards.day > np.quantile(cards.day, 0.75)
    head = "|".join(name for name, _ in table)
    body = [
        line.encode("utf-8" if late[i] else "cp1252", "replace") for i, line in enumerate(lines)
    ]
    path.write_bytes(b"\r\n".join([head.encode(), *body]) + b"\r\n")
