"""A change-of-address file of the invented market, with what is true of each of its rows."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tieline.demo.cards import Population
from tieline.demo.draws import Ints, sample, stream
from tieline.demo.people import WORLD_DAY
from tieline.demo.sites import Addresses, draw_addresses

FILE = "ncoa_moves.csv"
_EPOCH = np.datetime64("2010-01-01")
_NAMES = ("Street", "City", "State", "Zip", "Country")
KINDS = ("business", "individual", "other_address", "nobody")
"""Sites that moved, people that moved, names at an address that is not theirs, and strangers."""
SHARES = (0.4, 0.4, 0.1, 0.1)


def write_moves(folder: Path, truth: Path, world: Population, count: int, seed: int) -> Path:
    """Write so many changes of address; the truth says whom each names, if anybody."""
    rng = stream(seed, "moves")
    careers, accounts = world.careers, world.accounts
    kinds = rng.permutation(np.repeat(np.arange(4), np.bincount(rng.choice(4, count, p=SHARES))))
    people = sample(rng, world.prominence, count)
    now = careers.at(people, np.full(len(people), WORLD_DAY))
    kinds, site, account = kinds[: len(people)], careers.site[now], careers.account[now]
    elsewhere = rng.permutation(site)
    new = draw_addresses(world.markets, accounts.addresses.market[site], rng)
    old = _places(world, accounts.addresses, np.where(kinds >= 2, elsewhere, site))
    to = _places(world, new, np.arange(len(site)))
    name = accounts.name.take(pa.array(account)).to_pylist()
    given = world.people.given.take(pa.array(people)).to_pylist()
    family = careers.family.take(pa.array(now)).to_pylist()
    days = _EPOCH + rng.integers(WORLD_DAY - 400, WORLD_DAY, len(site)).astype("timedelta64[D]")
    with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        heads = [f"{side} {name}" for side in ("Old", "New") for name in _NAMES]
        writer.writerow(["Move Type", "Name", "Company", *heads, "Move Date"])
        for row, kind in enumerate(kinds.tolist()):
            person = kind == 1
            who = f"{given[row]} {family[row]}" if person else ""
            company = "Kvistgaard & Nobody Ltd" if kind == 3 else name[row]
            told = ["I" if person else "B", who, company, *old[row], *to[row], str(days[row])]
            writer.writerow(told)
    table = pa.table(
        {
            "row_number": np.arange(1, len(kinds) + 1),
            "kind": [KINDS[kind] for kind in kinds.tolist()],
            "site_id": [f"S{number:07d}" for number in site.tolist()],
            "person_id": [
                f"P{n:07d}" if kind == 1 else None
                for n, kind in zip(people.tolist(), kinds.tolist(), strict=True)
            ],
            "old_site_id": [f"S{n:07d}" for n in np.where(kinds >= 2, elsewhere, site).tolist()],
            "new_postcode": [row[3] for row in to],
        }
    )
    pq.write_table(table, truth / "moves.parquet", compression="zstd")
    return folder / FILE


def _places(world: Population, addresses: Addresses, rows: Ints) -> list[list[str]]:
    place = pa.array(addresses.place[rows])
    columns = [
        addresses.street_line.take(pa.array(rows)),
        *(
            world.markets.place_text(n).take(place)
            for n in ("city", "region", "postcode", "country")
        ),
    ]
    texts = [[text or "" for text in column.to_pylist()] for column in columns]
    return [list(row) for row in zip(*texts, strict=True)]
