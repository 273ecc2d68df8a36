"""Customer support's users: JSON lines with nested objects, as a ticket system's API gives them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tieline.demo.cards import Cards, Population
from tieline.demo.columns import choose, join, numbers, where
from tieline.demo.draws import Flags
from tieline.demo.formats import GARBAGE, json_object, json_text, write_lines
from tieline.demo.phones import E164, NATIONAL, landline
from tieline.demo.plans import Plan
from tieline.demo.wording import ISO, times, whole_names

PLAN = Plan(
    name="support_users",
    share=0.075,
    first_day=3000,
    last_day=6022,
    newest_first=1.5,
    again=0.05,
    exact=0.02,
    junk=0.004,
    no_company=0.03,
    role=0.04,
    unreadable=0.01,
    no_address=0.18,
    bad_address=0.015,
    no_mail=0.0,
    no_phone=0.45,
    no_title=0.5,
    careless=0.9,
    nicknames=0.06,
    form_dropped=0.35,
    private_mail=0.03,
    functions={
        "engineering": 3.0,
        "it": 2.5,
        "quality": 2.0,
        "operations": 1.5,
        "general": 0.3,
        "hr": 0.1,
        "marketing": 0.3,
    },
    levels={"s": 2.0, "c": 0.2, "v": 0.3},
)


def objects(world: Population, cards: Cards, rng: np.random.Generator) -> list[str]:
    """Return one JSON object for each user."""
    cells, count = cards.cells, len(cards)
    style = np.where(rng.random(count) < 0.7, E164, NATIONAL)
    organization = json_object(
        [
            ("name", json_text(cells["company"])),
            ("website", json_text(where(rng.random(count) < 0.4, cells["website"], None))),
        ]
    )
    address = json_object(
        [
            ("street", json_text(join(cells["street_line"], cells["unit"], sep=", "))),
            ("postal_code", json_text(cells["postcode"])),
            ("city", json_text(cells["city"])),
            ("state", json_text(where(rng.random(count) < 0.7, cells["region"], None))),
            ("country_code", json_text(cells["country"])),
        ]
    )
    address = where(np.asarray(pc.equal(address, "{}")), None, address)
    tickets = pc.cast(pa.array(rng.geometric(0.22, count)), pa.string())
    active = where(rng.random(count) < 0.88, "true", "false")
    return list(
        json_object(
            [
                ("id", numbers(np.sort(rng.permutation(count * 5)[:count]) + 360_000)),
                ("name", json_text(whole_names(cards, rng, titled=0.2))),
                ("email", json_text(cells["email"])),
                ("phone", json_text(landline(world.markets, cards, style))),
                ("job_title", json_text(cells["title"])),
                ("organization", organization),
                ("address", address),
                (
                    "role",
                    json_text(
                        choose(
                            rng.choice(3, count, p=[0.9, 0.07, 0.03]),
                            ["end-user", "admin", "agent"],
                        )
                    ),
                ),
                ("ticket_count", tickets),
                ("active", active),
                ("created_at", json_text(times(cards.day, rng, ISO, "T", "Z"))),
            ]
        ).to_pylist()
    )


def write(
    path: Path, world: Population, cards: Cards, broken: Flags, rng: np.random.Generator
) -> None:
    """Write one object a line; a broken export was cut off within the line."""
    lines = objects(world, cards, rng)
    cuts = rng.random(len(lines))
    for row in np.flatnonzero(broken).tolist():
        keep = int(len(lines[row]) * (0.2 + 0.7 * cuts[row]))
        lines[row] = (
            lines[row][:keep] if cuts[row] < 0.8 else GARBAGE[int(cuts[row] * 50) % len(GARBAGE)]
        )
    write_lines(path, lines, "utf-8", "\n")
