"""Sales' CRM: the largest and best kept list; Salesforce-like headers, multi-line streets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import Text, join, text, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, break_lines, delimited, header, write_lines
from tieline.demo.phones import E164, NATIONAL, SPACED, landline, mobile
from tieline.demo.plans import Plan
from tieline.demo.wording import (
    ISO,
    countries,
    dates,
    departments,
    employees,
    given_names,
    industries,
    salutations,
)

PLAN = Plan(
    name="crm_export",
    share=0.235,
    first_day=900,
    last_day=6020,
    newest_first=1.6,
    again=0.09,
    exact=0.02,
    junk=0.004,
    no_company=0.012,
    role=0.01,
    unreadable=0.008,
    no_address=0.08,
    bad_address=0.02,
    no_mail=0.14,
    no_phone=0.22,
    no_title=0.12,
    careless=0.8,
    nicknames=0.04,
    opted_out=0.035,
    form_dropped=0.22,
    private_mail=0.02,
    functions={"procurement": 1.6, "operations": 1.5, "engineering": 1.3, "hr": 0.4},
    levels={"d": 1.5, "m": 1.3, "a": 0.5},
)
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _ids(count: int, rng: np.random.Generator) -> Text:
    numbers = rng.permutation(count * 7)[:count] + 4_000_000
    out = []
    for n in numbers.tolist():
        digits = ""
        while n:
            n, rest = divmod(n, 62)
            digits = _LETTERS[rest] + digits
        out.append("0035f00001" + digits.rjust(5, "0") + "AAQ")
    return text(out)


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the export's columns."""
    cells, count = cards.cells, len(cards)
    style = np.where(
        rng.random(count) < 0.5, E164, np.where(rng.random(count) < 0.5, SPACED, NATIONAL)
    )
    last = np.minimum(cards.day + rng.integers(0, 900, count), PLAN.last_day)
    opt_out = pc.cast(pa.array(cards.flags["opted_out"]), pa.string())
    coded = where(rng.random(count) < 0.8, countries(world, cards, "country_en"), cells["country"])
    return [
        ("Contact ID", _ids(count, rng)),
        ("Salutation", salutations(world, cards, "Mr.", "Ms.")),
        ("First Name", given_names(cards)),
        (
            "Last Name",
            where(
                rng.random(count) < 0.98,
                cells["family"],
                join(cells["family"], cells["suffix"], sep=" "),
            ),
        ),
        ("Account Name", cells["company"]),
        ("Title", cells["title"]),
        ("Department", where(rng.random(count) < 0.3, departments(world, cards, "en"), None)),
        ("Mailing Street", join(cells["estate"], cells["street_line"], cells["unit"], sep="\n")),
        ("Mailing City", cells["city"]),
        ("Mailing State/Province", cells["region"]),
        ("Mailing Zip/Postal Code", cells["postcode"]),
        ("Mailing Country", coded),
        ("Phone", landline(world.markets, cards, style)),
        ("Mobile", mobile(world.markets, cards, style)),
        ("Email", cells["email"]),
        ("Website", where(rng.random(count) < 0.6, cells["website"], None)),
        ("Industry", industries(world, cards, "en")),
        ("Employees", where(rng.random(count) < 0.5, employees(world, cards, rng), None)),
        (
            "Lead Source",
            where(
                rng.random(count) < 0.6,
                "Web",
                where(rng.random(count) < 0.5, "Trade Show", "Purchased List"),
            ),
        ),
        ("Email Opt Out", where(rng.random(count) < 0.97, opt_out, None)),
        ("Created Date", dates(cards.day, ISO)),
        ("Last Modified Date", dates(last, ISO)),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the CSV with every cell quoted."""
    table = columns(world, cards, rng)
    lines = delimited(table, ",", always=True)
    break_lines(lines, broken, ",", rng)
    write_lines(path, [header(table, ",", always=True), *lines], "utf-8", "\n")
