"""Web forms: what visitors, jokers and bots typed; CSV in UTF-8 with a byte order mark."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tieline.demo.cards import JUNK, Cards, Population
from tieline.demo.columns import choose, join, where
from tieline.demo.draws import Flags
from tieline.demo.formats import Column, break_lines, delimited, header, write_lines
from tieline.demo.phones import DIGITS, E164, NATIONAL, SPACED, landline, mobile
from tieline.demo.plans import Plan
from tieline.demo.wording import ISO, countries, times

PLAN = Plan(
    name="web_forms",
    share=0.075,
    first_day=3200,
    last_day=6024,
    newest_first=1.6,
    again=0.14,
    exact=0.02,
    junk=0.09,
    no_company=0.11,
    unreadable=0.012,
    no_address=0.27,
    bad_address=0.05,
    private_mail=0.22,
    no_mail=0.0,
    no_phone=0.4,
    no_title=0.35,
    careless=1.9,
    nicknames=0.08,
    form_dropped=0.45,
    opted_out=0.03,
    in_time_order=True,
    functions={"engineering": 1.6, "procurement": 1.4, "marketing": 1.3},
)
FORMS = [
    "Contact us",
    "Request a quote",
    "Whitepaper: Flow metering guide",
    "Newsletter",
    "Demo request",
    "Datasheet download",
]
MESSAGES = [
    "Please send me a quotation for 20 level sensors.",
    "Bitte um Rückruf.",
    "Interested in a demo next week",
    "Pouvez-vous me rappeler SVP ?",
    "Need datasheet for FT-200",
    "Wir benötigen ein Angebot über 5 Stück.",
    "Price list?",
    "Vorrei ricevere un'offerta",
    "who is your distributor in my region?",
]
BOTS = [
    "Boost your SEO ranking now!!! http://cheap-seo.example",
    "Dear sir/madam, crypto opportunity",
    "Купить дешево",
    "best price pills http://pills.example",
]


def columns(world: Population, cards: Cards, rng: np.random.Generator) -> list[Column]:
    """Return the form tool's columns."""
    cells, count = cards.cells, len(cards)
    style = np.array([SPACED, NATIONAL, E164, DIGITS])[rng.integers(0, 4, count)]
    phone = where(
        rng.random(count) < 0.3,
        mobile(world.markets, cards, style),
        landline(world.markets, cards, style),
    )
    message = where(
        rng.random(count) < 0.3, choose(rng.integers(0, len(MESSAGES), count), MESSAGES), None
    )
    bot = (cards.kind == JUNK) & (rng.random(count) < 0.5)
    message = where(bot, choose(rng.integers(0, len(BOTS), count), BOTS), message)
    return [
        ("submitted_at", times(cards.day, rng, ISO, "T", "+00:00")),
        ("form", choose(rng.choice(6, count, p=[0.3, 0.12, 0.2, 0.14, 0.08, 0.16]), FORMS)),
        ("first_name", cells["given"]),
        ("last_name", cells["family"]),
        ("email", cells["email"]),
        ("phone", phone),
        ("company", cells["company"]),
        ("job_title", cells["title"]),
        ("address", join(cells["street_line"], cells["unit"], sep=", ")),
        ("zip", cells["postcode"]),
        ("city", cells["city"]),
        (
            "country",
            where(
                rng.random(count) < 0.6, cells["country"], countries(world, cards, "country_local")
            ),
        ),
        ("message", message),
        (
            "marketing_consent",
            where(
                cards.flags["opted_out"], "withdrawn", where(rng.random(count) < 0.6, "yes", "no")
            ),
        ),
        (
            "utm_source",
            choose(
                rng.choice(5, count, p=[0.5, 0.2, 0.1, 0.1, 0.1]),
                ["", "google", "linkedin", "newsletter", "bing"],
            ),
        ),
    ]


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write the CSV with a byte order mark."""
    table = columns(world, cards, rng)
    lines = delimited(table, ",")
    break_lines(lines, broken, ",", rng)
    write_lines(path, [header(table, ","), *lines], "utf-8-sig")
