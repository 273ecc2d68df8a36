"""The generated world: one market, and what twelve departments wrote down about it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tieline.demo import truth
from tieline.demo.accounts import COMPETITORS, OWN, OWN_DOMAIN, draw_accounts
from tieline.demo.cards import Cards, Population, boss_mails, draw_cards
from tieline.demo.careers import draw_careers
from tieline.demo.carelessness import soil
from tieline.demo.draws import choices, stream
from tieline.demo.interactions import write_interactions
from tieline.demo.lists import DepartmentList, department_lists
from tieline.demo.markets import load_markets
from tieline.demo.memory import write_memory
from tieline.demo.moves import write_moves
from tieline.demo.names import load_names
from tieline.demo.offers import write_offers
from tieline.demo.people import draw_people
from tieline.demo.registry import write_registry
from tieline.demo.titles import Titles

# People and companies per record: with the lists' overlap these lead from 150,000 records to about
# 50,000 usable people (seeds/: "150,000 records over 10 to 15 data sources may yield 50,000").
PEOPLE_PER_RECORD = 0.445
ACCOUNTS_PER_RECORD = 0.155


@dataclass(frozen=True)
class World:
    """What was written: the lists, the truth beside them, and what a user would configure."""

    directory: Path
    lists: tuple[Path, ...]
    truth: Path
    config: dict[str, Any]
    counts: dict[str, int]


def generate(
    directory: Path,
    records: int = 150_000,
    sources: int = 12,
    seed: int = 1,
    *,
    memory: int = 0,
    registry: bool = False,
    moves: int = 0,
    offers: bool = False,
    interactions: int = 0,
) -> World:
    """Write `lists/` and `truth/` into the directory; the same arguments give the same bytes.

    With `memory`, logs with so many rows stand beside the lists, and change nothing of them; with
    `registry`, so does the register of the market's companies. With `moves`, so many changes of
    address; with `offers`, lists that vendors offer, of which one was bought and comes last. With
    `interactions`, logs with so many rows of what people do with us, and deals that follow.
    """
    directory = Path(directory)
    (directory / "lists").mkdir(parents=True, exist_ok=True)
    (directory / "truth").mkdir(parents=True, exist_ok=True)
    world = draw_world(records, seed)
    chosen = department_lists(sources)
    total = sum(entry.plan.share for entry in chosen)
    counts = [round(records * entry.plan.share / total) for entry in chosen]
    counts[-1] += records - sum(counts)
    paths = [directory / "lists" / entry.file for entry in chosen]
    # every list has its own stream of chance, so the order in which they are written is free
    with ThreadPoolExecutor(max_workers=2) as pool:
        tables = list(
            pool.map(
                lambda path, entry, count: _write_list(path, world, entry, count, seed),
                paths,
                chosen,
                counts,
            )
        )
    written = truth.write_records(directory / "truth" / "records.parquet", tables)
    truth.write_world(directory / "truth", world)
    if memory:
        paths += write_memory(directory / "lists", directory / "truth", world, memory, seed)
    if registry:
        paths.append(write_registry(directory / "lists", directory / "truth", world, seed))
    if moves:
        paths.append(write_moves(directory / "lists", directory / "truth", world, moves, seed))
    if interactions:
        paths += write_interactions(
            directory / "lists", directory / "truth", world, interactions, seed
        )
    config: dict[str, Any] = {
        "own_company": {"names": list(OWN), "domains": [OWN_DOMAIN]},
        "competitors": {
            "names": [c[0] for c in COMPETITORS],
            "domains": [c[2] for c in COMPETITORS],
        },
    }
    if offers:
        bought, settings = write_offers(directory, directory / "truth", world, records, seed)
        paths += bought
        config |= settings
    return World(directory, tuple(paths), directory / "truth", config, truth.count_records(written))


def draw_world(records: int, seed: int) -> Population:
    """Draw companies, people and careers for so many records."""
    markets, names = load_markets(), load_names()
    accounts = draw_accounts(markets, names, max(60, int(records * ACCOUNTS_PER_RECORD)), seed)
    rng = stream(seed, "employers")
    count = max(40, int(records * PEOPLE_PER_RECORD))
    employer = choices(rng, accounts.weight, count)
    large = accounts.weight[employer] > np.quantile(accounts.weight, 0.985)
    people = draw_people(markets, names, accounts.market[employer], employer, large, seed)
    titles = Titles()
    careers = draw_careers(markets, accounts, people, employer, titles, seed)
    prominence = rng.lognormal(0.0, 1.0, count)
    boss_mail = boss_mails(accounts, careers, titles)
    return Population(markets, accounts, people, careers, titles, prominence, boss_mail)


def _write_list(path: Path, world: Population, entry: DepartmentList, count: int, seed: int) -> Any:
    rng = stream(seed, f"list {entry.plan.name}")
    copies = int(count * entry.plan.exact)
    cards = draw_cards(world, entry.plan, count - copies, rng)
    soil(world, entry.plan, cards, rng)
    cards = _with_copies(cards, copies, rng)
    broken = rng.random(count) < entry.plan.unreadable
    entry.write(path, world, cards, broken, rng)
    return truth.record_table(entry.plan.name, world, cards, broken)


def _with_copies(cards: Cards, copies: int, rng: np.random.Generator) -> Cards:
    """Put exact copies of some rows near the originals, as double imports do."""
    rows = rng.choice(len(cards), copies, replace=False)
    together = np.concatenate([np.arange(len(cards)), rows])
    near = np.concatenate(
        [np.arange(len(cards), dtype=np.float64), rows + rng.exponential(200.0, copies)]
    )
    is_copy = np.arange(len(together)) >= len(cards)
    order = np.argsort(near, kind="stable")
    arranged = cards.take(together[order])
    arranged.mark("exact_copy", is_copy[order])
    return arranged
