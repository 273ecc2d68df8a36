"""How long standardising the values of 150,000 records takes, kind by kind, without a cache.

Run `python benchmarks/values.py [records]`, or `python benchmarks/values.py WORKSPACE` for the
distinct texts that a built workspace (such as the demo world's) keeps in its cache: CPU seconds of
one kind after the other, then all of them together as a build does it. Made-up records have the
shares of distinct texts that real lists have: 100,000 names, 60,000 phones, 70,000 e-mails, 40,000
companies in 150,000 records; and a tenth of each is written in a way that needs the slow path.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from faker import Faker

from tieline.data.values import (
    amount,
    company_name,
    date,
    domain,
    email,
    job_title,
    person_name,
    phone,
    postal_address,
)
from tieline.data.values.folding import fold_words
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import (
    Kind,
    cache_path,
    raw_name,
    standardise,
    standardise_all,
)

RECORDS = 150_000


def _many(make: Callable[[], str], distinct: int) -> list[str]:
    """`distinct` different texts, where the maker has so many."""
    texts: dict[str, None] = {}
    for _ in range(distinct * 3):
        texts[make()] = None
        if len(texts) == distinct:
            break
    return list(texts)


def texts_by_kind(records: int) -> dict[Kind, list[str]]:
    """The distinct texts of each kind."""
    faker = Faker(["en_US", "de_DE", "fr_FR"])
    faker.seed_instance(7)
    choose = random.Random(7)
    given = [faker.first_name() for _ in range(3_000)]
    family = [faker.last_name() for _ in range(6_000)]
    companies = [faker.company() for _ in range(4_000)]
    jobs = [faker.job() for _ in range(2_000)]

    def name() -> str:
        first, last = choose.choice(given), choose.choice(family)
        shape = choose.random()
        if shape < 0.8:
            return f"{first} {last}"
        if shape < 0.9:
            return f"{last}, {first}"
        forms = (f"Dr. {first} {last}", f"{first} van {last}", f"{last.upper()} {first.upper()}")
        return choose.choice(forms)

    def number() -> str:
        digits = f"{choose.randrange(10**7):07d}"
        area = choose.choice(("212", "415", "650", "312", "617", "503"))
        plain = f"({area}) {digits[:3]}-{digits[3:]}"
        shapes = (plain, plain, f"+49 30 {digits}", f"{area}-{digits[:3]}-{digits[3:]} x12")
        return choose.choice(shapes)

    def mail() -> str:
        first, last = fold_words(choose.choice(given)), fold_words(choose.choice(family))
        place = fold_words(choose.choice(companies)).split()[0]
        tail = choose.choice(("com", "de", "fr", "net"))
        return f"{first}.{last}@{place}.{tail}".replace(" ", "-")

    def company() -> str:
        return f"{choose.choice(family)} {choose.choice(companies)}"

    def day() -> str:
        month, year = choose.randrange(1, 13), choose.randrange(1950, 2026)
        return f"{choose.randrange(1, 29):02d}.{month:02d}.{year}"

    share = records / RECORDS
    return {
        person_name: _many(name, int(100_000 * share)),
        company_name: _many(company, int(40_000 * share)),
        phone: _many(number, int(60_000 * share)),
        email: _many(mail, int(70_000 * share)),
        domain: _many(lambda: "https://www." + mail().rpartition("@")[2] + "/x", 20_000),
        date: _many(day, int(20_000 * share)),
        job_title: _many(lambda: f"{choose.choice(jobs)} {choose.choice(jobs)}", 10_000),
        amount: _many(lambda: f"{choose.randrange(10**6) / 100:,.2f} EUR", 5_000),
    }


def texts_of_workspace(workspace: Path) -> list[tuple[Kind, pa.Table]]:
    """The distinct raw texts of each kind that the last build of a workspace has read."""
    found: list[tuple[Kind, pa.Table]] = []
    kinds = (postal_address, person_name, email, domain, job_title, date, amount, company_name)
    for kind in (*kinds, phone):
        path = cache_path(kind, workspace / ".tieline/cache")
        names = list(kind.INPUTS)
        raw = pq.read_table(path, columns=[raw_name(name) for name in names])
        found.append((kind, raw.rename_columns(names)))
    return found


def measure_workspace(workspace: Path) -> None:
    """Print the same of a workspace's texts, kind by kind in one process, then all in two."""
    wanted = texts_of_workspace(workspace)
    started = time.perf_counter()
    with SecondProcess() as second:
        standardise_all(wanted, None, second)
    together = time.perf_counter() - started
    for kind, raw in wanted:
        started = time.process_time()
        kind.standardise(raw)
        _print_kind(kind, raw.num_rows, time.process_time() - started)
    print(f"{'all together':14} {together:21.2f} s in two processes")


def _print_kind(kind: Kind, rows: int, seconds: float) -> None:
    noun = kind.__name__.rpartition(".")[2]
    print(f"{noun:14} {rows:8,} rows {seconds:6.2f} s {rows / seconds:10,.0f} rows/s")


def main() -> None:
    """Print rows, seconds and rows per second of each kind, and the sum of the seconds."""
    if len(sys.argv) > 1 and not sys.argv[1].isdigit():
        measure_workspace(Path(sys.argv[1]))
        return
    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    total = 0.0
    for kind, texts in texts_by_kind(records).items():
        table = pa.table({"text": texts})
        column = "full_name" if kind is person_name else kind.INPUTS[0]
        started = time.perf_counter()
        standardise(kind, table, {column: "text"})
        seconds = time.perf_counter() - started
        total += seconds
        _print_kind(kind, len(texts), seconds)
    print(f"{'all':14} {total:21.2f} s")


if __name__ == "__main__":
    main()
