"""How long standardising the values of 150,000 records takes, kind by kind, without a cache.

Run `python benchmarks/values.py [records]`. The records are made up, with the shares of distinct
texts that real lists have: 100,000 names, 60,000 phones, 70,000 e-mails, 40,000 companies in
150,000 records; and a tenth of each is written in a way that needs the slow path.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import pyarrow as pa
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
)
from tieline.data.values.folding import fold_words
from tieline.data.values.standardisation import Kind, standardise

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


def main() -> None:
    """Print rows, seconds and rows per second of each kind, and the sum of the seconds."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    total = 0.0
    for kind, texts in texts_by_kind(records).items():
        table = pa.table({"text": texts})
        column = "full_name" if kind is person_name else kind.INPUTS[0]
        started = time.perf_counter()
        standardise(kind, table, {column: "text"})
        seconds = time.perf_counter() - started
        total += seconds
        noun = kind.__name__.rpartition(".")[2]
        print(
            f"{noun:14} {len(texts):8,} rows {seconds:6.2f} s {len(texts) / seconds:10,.0f} rows/s"
        )
    print(f"{'all':14} {total:21.2f} s")


if __name__ == "__main__":
    main()
