"""Lists that vendors offer of the invented market: hashed samples, prices, and one bought earlier.

Each is another case: a good list of the right functions, a dear one of the same people, one of
people we know already, a cheap one of anybody, one without a sample, and a vendor whose samples
promise more than the lists hold, which only the earlier purchase shows.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tieline.data.values import job_title, person_name
from tieline.decisions.agreed_hash import person_text
from tieline.decisions.offer_sample import write_sample
from tieline.demo.cards import Population
from tieline.demo.careers import draw_careers
from tieline.demo.draws import Ints, choices, sample, stream
from tieline.demo.names import load_names
from tieline.demo.people import WORLD_DAY, draw_people
from tieline.demo.titles import FUNCTIONS

Row = dict[str, str | None]
SALT = "varenta and its vendors agreed on this in 2026"
LEAST_ROWS = 200
ROWS_PER_RECORD = 0.1
SAMPLE_SHARE = 0.4
FOUND: dict[str, list[str]] = {"procurement": [], "engineering": [], "operations": []}
"""Whose job titles matter for the product that is sold."""
BOUGHT = "northfield_2025"
SEGMENTS: dict[str, dict[str, object]] = {
    "german_speaking": {"rule": "country IN ('DE', 'AT', 'CH')", "priority": 1},
    "america": {"rule": "country IN ('US', 'CA')", "priority": 2},
    "rest_of_europe": {"rule": "country NOT IN ('DE', 'AT', 'CH', 'US', 'CA')", "priority": 3},
}


@dataclass(frozen=True)
class Plan:
    """One offer: how its people are drawn, what it costs, and how honest its sample is.

    `famous` is the power of how well known people are: above 0 those that our lists have, too.
    `honest` is the share of the sample that is drawn from the list by lot; the rest is of the
    vendor's best, who are rarely on the list.
    """

    name: str
    size: float
    functions: tuple[str, ...] = ()
    famous: float = 0.0
    price: float = 1.0
    fixed: float = 0.0
    minimum: float = 0.0
    selectable: tuple[str, ...] = ()
    vendor: str = ""
    sampled: bool = True
    honest: float = 1.0
    fresh: float = 0.3
    """Share of the list who are in no list of ours, and whom only vendors know."""


PLANS = (
    Plan("trade_directory", 1.0, ("procurement", "engineering", "operations"), price=0.9),
    Plan("buyers_club", 0.5, ("procurement", "engineering"), price=2.4, minimum=0.2, fresh=0.6),
    Plan("fair_visitors", 1.0, (), 2.0, 0.6, fixed=20.0, fresh=0.03),
    Plan(
        "bulk_addresses",
        2.0,
        (),
        0.0,
        0.25,
        minimum=0.5,
        fresh=0.15,
        selectable=("function", "country"),
    ),
    Plan("expert_network", 0.8, (), 0.0, 1.0, sampled=False),
    Plan(BOUGHT, 0.8, (), 0.6, 0.8, vendor="Northfield Data", honest=0.6, fresh=0.1),
    Plan("northfield_2026", 0.8, (), 0.6, 0.8, vendor="Northfield Data", honest=0.6, fresh=0.1),
)


def write_offers(
    directory: Path, truth: Path, world: Population, records: int, seed: int
) -> tuple[list[Path], dict[str, Any]]:
    """Write `offers/` with salt and samples, and the list that was bought; it and the settings."""
    folder = directory / "offers"
    folder.mkdir(exist_ok=True)
    (folder / "salt.txt").write_text(SALT + "\n", encoding="utf-8")
    unknown = _newcomers(world, seed)
    told, offers = [], {}
    bought: list[Path] = []
    for plan in PLANS:
        rng = stream(seed, f"offer {plan.name}")
        count = max(LEAST_ROWS, int(records * ROWS_PER_RECORD * plan.size))
        fresh = round(count * plan.fresh)
        rows = _rows(world, sample(rng, _weights(world, plan), count - fresh), "P")
        rows += _rows(unknown, sample(rng, _weights(unknown, plan), fresh), "N")
        shown = _shown(unknown, plan, rows, rng)
        if plan.sampled:
            write_sample(folder / f"{plan.name}.csv", SALT, shown)
        if plan.name == BOUGHT:
            bought.append(_list(directory / "lists" / f"{BOUGHT}.csv", rows))
        told.append(_truth(plan, rows, shown))
        offers[plan.name] = _settings(plan, len(rows))
    pq.write_table(pa.concat_tables(told), truth / "offers.parquet", compression="zstd")
    config: dict[str, Any] = {
        "products": {"flow_meters": {"key_players": FOUND, "target": 0.8}},
        "segments": {
            name: {**one, "owner": "Sales", "product": "flow_meters"}
            for name, one in SEGMENTS.items()
        },
        "list_plan": {
            "currency": "EUR",
            "budget": float(round(records * 0.4)),
            "worth_per_key_player": 30.0,
            "salt_file": "offers/salt.txt",
        },
        "offers": offers,
    }
    return bought, config


def _weights(world: Population, plan: Plan) -> Any:
    careers, everybody = world.careers, np.arange(len(world.prominence))
    now = careers.at(everybody, np.full(len(everybody), WORLD_DAY))
    weight = world.prominence**plan.famous
    if plan.functions:
        wanted = [i for i, name in enumerate(FUNCTIONS) if name in plan.functions]
        weight = weight * np.isin(world.titles.function[careers.title[now]], wanted)
    account = careers.account[now]
    return weight * ~(world.accounts.is_own[account] | world.accounts.is_competitor[account])


def _newcomers(world: Population, seed: int) -> Population:
    """As many other people at the same companies, whom no list of ours has."""
    rng = stream(seed, "newcomers")
    accounts, markets = world.accounts, world.markets
    employer = choices(rng, accounts.weight, len(world.prominence))
    large = np.zeros(len(employer), dtype=bool)
    people = draw_people(
        markets, load_names(), accounts.market[employer], employer, large, seed + 15_485_863
    )
    careers = draw_careers(markets, accounts, people, employer, world.titles, seed + 15_485_863)
    return replace(world, people=people, careers=careers, prominence=np.ones(len(employer)))


def _shown(unknown: Population, plan: Plan, rows: list[Row], rng: np.random.Generator) -> list[Row]:
    """The rows of the sample: some of the list by lot, and the vendor's showpieces."""
    count = int(len(rows) * SAMPLE_SHARE)
    honest = [rows[n] for n in rng.permutation(len(rows))[: int(count * plan.honest)].tolist()]
    best = Plan("best", 1.0, ("procurement", "engineering", "operations"))
    return honest + _rows(unknown, sample(rng, _weights(unknown, best), count - len(honest)), "N")


def _rows(world: Population, people: Ints, letter: str) -> list[Row]:
    """What a vendor knows of people: as of today, in clean cells."""
    careers, accounts, markets = world.careers, world.accounts, world.markets
    now = careers.at(people, np.full(len(people), WORLD_DAY))
    account, site = careers.account[now], careers.site[now]
    place = accounts.addresses.place[site]
    columns = {
        "given": world.people.given.take(pa.array(people)),
        "family": careers.family.take(pa.array(now)),
        "email": careers.mail.take(pa.array(now)),
        "company_name": accounts.name.take(pa.array(account)),
        "domain": accounts.web_domain.take(pa.array(account)),
        "title": world.titles.text(careers.title[now]),
        "street": accounts.addresses.street_line.take(pa.array(site)),
        "postcode": markets.place_text("postcode").take(pa.array(place)),
        "city": markets.place_text("city").take(pa.array(place)),
        "country": markets.place_text("country").take(pa.array(place)),
    }
    read = job_title.standardise(pa.table({"title": columns["title"].cast(pa.string())}))
    texts = {name: column.to_pylist() for name, column in columns.items()}
    texts |= {name: read[name].to_pylist() for name in ("function", "level")}
    texts["person_id"] = [f"{letter}{number:07d}" for number in people.tolist()]
    texts["site_id"] = [f"S{number:07d}" for number in site.tolist()]
    texts["company"] = [None] * len(people)
    names = {"given_name": columns["given"], "family_name": columns["family"]}
    keys = person_name.standardise(
        pa.table(
            {n: names.get(n, pa.nulls(len(people))).cast(pa.string()) for n in person_name.INPUTS}
        )
    )
    texts["person"] = [
        person_text(*who)
        for who in zip(
            keys["given_root"].to_pylist(),
            keys["family_key"].to_pylist(),
            texts["domain"],
            strict=True,
        )
    ]
    return [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]


def _list(path: Path, rows: list[Row]) -> Path:
    heads = {
        "First Name": "given", "Last Name": "family", "Email": "email", "Company": "company_name",
        "Website": "domain", "Job Title": "title", "Street": "street", "Zip": "postcode",
        "City": "city", "Country": "country",
    }  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([row[field] or "" for field in heads.values()] for row in rows)
    return path


def _truth(plan: Plan, rows: list[Row], shown: list[Row]) -> Any:
    in_sample = {row["person_id"] for row in shown}
    return pa.table(
        {
            "offer": [plan.name] * len(rows),
            **{n: [row[n] for row in rows] for n in ("person_id", "site_id", "email", "function")},
            "country": [row["country"] for row in rows],
            "in_sample": [row["person_id"] in in_sample for row in rows],
        }
    )


def _settings(plan: Plan, size: int) -> dict[str, Any]:
    told: dict[str, Any] = {"price_per_record": plan.price, "size": size}
    if plan.vendor:
        told["vendor"] = plan.vendor
    if plan.fixed:
        told["fixed_price"] = plan.fixed
    if plan.minimum:
        told["minimum_order"] = int(size * plan.minimum)
    if plan.selectable:
        told["selectable"] = list(plan.selectable)
    if plan.sampled:
        told["sample"] = f"offers/{plan.name}.csv"
    if plan.name == BOUGHT:
        told["bought"] = BOUGHT
    return told
