"""The memory of the invented market: a mailing log, a web log with cookies, downloads, deals.

Nobody has a name in the first three. Whoever downloads gives an e-mail address, which tells whose
cookie it was, often weeks later; the tablets at the trade fair are everybody's; and many visitors
never say who they are. `truth/memory.parquet` knows it of every row.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.demo.cards import Population
from tieline.demo.columns import Text, choose, glue, numbers, take, where
from tieline.demo.draws import Ints, choices, stream
from tieline.demo.formats import Column, delimited, header, write_lines
from tieline.demo.wording import ISO, times

SHARES = {"mailing_log": 0.55, "web_log": 0.37, "downloads": 0.06, "deals": 0.02}
FIRST_DAY, LAST_DAY = 4_000, 6_020
COOKIES = 3
"""A person uses up to so many browsers."""
TABLETS = 5
NOBODY_SHARE = 0.35
"""Visitors who never say who they are, and from no company that we know."""
PAGES = ["/", "/products/flow-meters", "/products/level-sensors", "/pricing", "/careers", "/docs"]
ASSETS = ["Flow metering guide", "ATEX explained", "Datasheet FT-200", "Calibration checklist"]
CAMPAIGNS = ["Spring news", "Hygienic design", "Service check", "Trade fair invitation"]
STAGES = ["Prospecting", "Proposal", "Negotiation", "Closed Won", "Closed Lost"]


@dataclass(frozen=True)
class Log:
    """One file of the memory: its name, its columns, and whom each row is about (-1: nobody)."""

    name: str
    columns: list[Column]
    person: Ints
    account: Ints


def write_memory(folder: Path, truth: Path, world: Population, rows: int, seed: int) -> list[Path]:
    """Write the logs with so many rows in all, and the truth of each row; the files in order."""
    counts = {name: max(1, round(rows * share)) for name, share in SHARES.items()}
    logs = [
        _mailing(world, counts["mailing_log"], stream(seed, "mailing_log")),
        _visits(world, counts["web_log"], stream(seed, "web_log")),
        _downloads(world, counts["downloads"], stream(seed, "downloads")),
        _deals(world, counts["deals"], stream(seed, "deals")),
    ]
    for log in logs:
        lines = [header(log.columns, ","), *delimited(log.columns, ",")]
        write_lines(folder / f"{log.name}.csv", lines, "utf-8")
    told = [_truth(log) for log in logs]
    pq.write_table(pa.concat_tables(told), truth / "memory.parquet", compression="zstd")
    return [folder / f"{log.name}.csv" for log in logs]


def _truth(log: Log) -> Any:
    count = len(log.person)
    return pa.table(
        {
            "source": pa.repeat(pa.scalar(log.name), count),
            "row_number": pa.array(np.arange(1, count + 1)),
            "person_id": where(log.person >= 0, _named("P", log.person), None),
            "account_id": where(log.account >= 0, _named("A", log.account), None),
        }
    )


def _named(letter: str, values: Ints) -> Text:
    return glue(letter, numbers(np.maximum(values, 0), 7))


def _people(world: Population, count: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Somebody for each row, likelier the better known they are, a day, and their job that day."""
    person = choices(rng, world.prominence, count)
    day = np.sort(rng.integers(FIRST_DAY, LAST_DAY, count))
    return person, day, world.careers.at(person, day)


def _mails(world: Population, person: Ints, job: Ints) -> Text:
    work = take(world.careers.mail, job)
    private = take(world.people.private_mail, person)
    return where(np.asarray(work.is_null()), private, work)


def _cookie(numbers_of: Ints) -> Text:
    """A visitor id that looks drawn by chance, the same for the same number."""
    mixed = (numbers_of.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(8)
    return glue("v.", numbers(mixed.astype(np.int64), 17))


def _mailing(world: Population, count: int, rng: np.random.Generator) -> Log:
    person, day, job = _people(world, count, rng)
    issue = day // 30 % len(CAMPAIGNS)
    return Log(
        "mailing_log",
        [
            ("message_id", glue("<", numbers(np.arange(count), 9), "@mail.example>")),
            ("sent_at", times(day, rng, ISO, "T", "Z")),
            ("email", _mails(world, person, job)),
            ("campaign", choose(issue, CAMPAIGNS)),
            ("cost", choose(np.zeros(count, dtype=np.int64), ["0.02"])),
        ],
        person,
        world.careers.account[job],
    )


def _browsers(person: Ints, rng: np.random.Generator) -> Ints:
    """The number of one of each person's browsers: mostly the first."""
    return person * COOKIES + (rng.random(len(person)) ** 3 * COOKIES).astype(np.int64)


def _visits(world: Population, count: int, rng: np.random.Generator) -> Log:
    person, day, job = _people(world, count, rng)
    nobody = rng.random(count) < NOBODY_SHARE
    tablet = rng.random(count) < 0.02
    strangers = 10**9 + rng.integers(0, max(count, 1), count)
    browser = np.where(nobody, strangers, _browsers(person, rng))
    browser = np.where(tablet, 2 * 10**9 + rng.integers(0, TABLETS, count), browser)
    pages = choose(choices(rng, [4, 3, 3, 2, 0.5, 2], count), PAGES)
    return Log(
        "web_log",
        [
            ("timestamp", times(day, rng, ISO, " ", "+01:00")),
            ("visitor_id", _cookie(browser)),
            ("event", choose(np.zeros(count, dtype=np.int64), ["visit"])),
            ("page", pages),
        ],
        np.where(nobody, -1, person),
        np.where(nobody, -1, world.careers.account[job]),
    )


def _downloads(world: Population, count: int, rng: np.random.Generator) -> Log:
    person, day, job = _people(world, count, rng)
    tablet = rng.random(count) < 0.05
    browser = np.where(tablet, 2 * 10**9 + rng.integers(0, TABLETS, count), _browsers(person, rng))
    return Log(
        "downloads",
        [
            ("submission id", numbers(np.arange(count) + 70_001)),
            ("submitted at", times(day, rng, ISO, " ", "Z")),
            ("asset", choose(rng.integers(0, len(ASSETS), count), ASSETS)),
            ("email", _mails(world, person, job)),
            ("visitor_id", _cookie(browser)),
        ],
        person,
        world.careers.account[job],
    )


def _deals(world: Population, count: int, rng: np.random.Generator) -> Log:
    person, day, job = _people(world, count, rng)
    account = world.careers.account[job]
    stage = choices(rng, [2, 2, 1, 3, 2], count)
    amount = np.round(rng.lognormal(9.5, 1.0, count), -2).astype(np.int64)
    return Log(
        "deals",
        [
            ("Opportunity ID", glue("O-", numbers(np.arange(count) + 1, 6))),
            ("Opportunity Name", choose(rng.integers(0, len(ASSETS), count), _OFFERS)),
            ("Account Name", take(world.accounts.name, account)),
            ("Contact email", pc.fill_null(_mails(world, person, job), "")),
            ("Stage", choose(stage, STAGES)),
            ("Amount", numbers(amount)),
            ("Created Date", times(day, rng, ISO, " ")),
            ("Close Date", times(day + rng.integers(20, 200, count), rng, ISO, " ")),
        ],
        person,
        account,
    )


_OFFERS = ["Flow meters for the new line", "Level sensors", "Service contract", "Retrofit"]
