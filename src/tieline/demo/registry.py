"""The register of the invented market, in a layout as D&B delivers it, and the truth beside it.

It knows nearly every company of the market that our lists may know, and more that they do not, so
that the lists know 25 to 40 % of its sites. It has branches, families, dissolved companies, names
that two companies share, and the errors of such files: a few ids twice, parents it does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.demo.accounts import COMPETITORS, OWN, Accounts, draw_accounts
from tieline.demo.cards import Population
from tieline.demo.columns import Text, change, choose, fold, glue, numbers, put, take, text, where
from tieline.demo.company_names import INDUSTRIES
from tieline.demo.draws import Flags, Ints, stream
from tieline.demo.formats import Column, delimited, header, write_lines
from tieline.demo.names import load_names
from tieline.demo.phones import E164, written

FILE = "dnb_registry.csv"
STRANGERS = 1.35
"""Companies that no list of ours knows, for each that one may know."""
KNOWN_SHARE = 0.95
"""Share of the market's companies that the register holds."""
BRANCH_SHARE = 0.9
DISSOLVED_SHARE = 0.04
NAMESAKE_SHARE = 0.03
"""Strangers with the name of a company that our lists may know."""
MOVED_SHARE = 0.05
"""Entries that still have another address."""
TWICE_SHARE = 0.0015


@dataclass(frozen=True)
class _Part:
    """The entries of one set of companies: a row is a site; `account` is its company's number."""

    accounts: Accounts
    site: Ints
    account: Ints
    is_head: Flags
    known: bool


def write_registry(folder: Path, truth: Path, world: Population, seed: int) -> Path:
    """Write the register and what is true of each of its rows; return the register's file."""
    rng = stream(seed, "registry")
    ours = _part(world.accounts, KNOWN_SHARE, rng, known=True)
    others = draw_accounts(
        world.markets,
        load_names(),
        max(60, int(len(world.accounts.market) * STRANGERS)),
        seed + 104_729,
    )
    strangers = _part(others, 1.0, rng, known=False)
    reserved = strangers.account >= len(OWN) + len(COMPETITORS)
    strangers = _Part(
        others, strangers.site[reserved], strangers.account[reserved],
        strangers.is_head[reserved], known=False,
    )  # fmt: skip
    count = len(ours.site) + len(strangers.site)
    ids = _numbers(count, rng)
    columns, told = [], []
    start = 0
    for part in (ours, strangers):
        own = ids[start : start + len(part.site)]
        made, true = _entries(world, part, own, rng)
        columns.append(made)
        told.append(true)
        start += len(part.site)
    table = pa.concat_tables([pa.table(made) for made in columns])
    true = pa.concat_tables([pa.table(one) for one in told])
    order = rng.permutation(count)
    twice = rng.choice(count, max(1, int(count * TWICE_SHARE)), replace=False)
    order = np.concatenate([order, twice])
    table, true = table.take(pa.array(order)), true.take(pa.array(order))
    written_columns: list[Column] = [(n, table[n].combine_chunks()) for n in table.column_names]
    write_lines(
        folder / FILE, [header(written_columns, ","), *delimited(written_columns, ",")], "utf-8"
    )
    true = true.append_column("row_number", pa.array(np.arange(1, len(order) + 1)))
    pq.write_table(true, truth / "registry.parquet", compression="zstd")
    return folder / FILE


def _part(accounts: Accounts, share: float, rng: np.random.Generator, *, known: bool) -> _Part:
    """The sites of one set of companies that the register holds, headquarters always."""
    count = len(accounts.market)
    held = rng.random(count) < share
    held[: len(OWN) + len(COMPETITORS)] = True
    site = np.arange(len(accounts.site_account))
    is_head = np.zeros(len(site), dtype=bool)
    is_head[accounts.site_start[:count]] = True
    # A site that went over to a buyer is there as the buyer's.
    went = accounts.site_became != np.arange(len(accounts.site_became))
    gone = np.concatenate([went, np.zeros(len(site) - len(went), dtype=bool)]) & ~is_head
    kept = held[accounts.site_account] & (is_head | (rng.random(len(site)) < BRANCH_SHARE)) & ~gone
    return _Part(accounts, site[kept], accounts.site_account[kept], is_head[kept], known)


def _numbers(count: int, rng: np.random.Generator) -> Text:
    """Different numbers of nine digits, some with leading zeros."""
    drawn = np.unique(rng.integers(1_000_000, 999_999_999, int(count * 1.1) + 20))
    return numbers(rng.permutation(drawn)[:count], 9)


def _entries(
    world: Population, part: _Part, ids: Text, rng: np.random.Generator
) -> tuple[dict[str, Any], dict[str, Any]]:
    accounts, markets, count = part.accounts, world.markets, len(part.site)
    of_account = np.full(len(accounts.market), -1)
    of_account[part.account[part.is_head]] = np.flatnonzero(part.is_head)
    head = of_account[part.account]
    parent = np.where(accounts.parent >= 0, of_account[np.maximum(accounts.parent, 0)], -1)
    domestic, ultimate = (
        of_account[accounts.domestic_ultimate],
        of_account[accounts.global_ultimate],
    )
    bought = accounts.buyer >= 0
    dissolved = (rng.random(len(accounts.market)) < DISSOLVED_SHARE) | bought
    dissolved[: len(OWN) + len(COMPETITORS)] = False
    gone = dissolved[part.account]
    moved = rng.random(count) < MOVED_SHARE
    place_of = np.where(moved, part.site[rng.permutation(count)], part.site)
    addresses = accounts.addresses
    country = take(markets.place_text("country"), addresses.place[part.site])
    there = take(markets.place_text("country"), addresses.place[place_of])
    place_of = np.where(np.asarray(pc.equal(country, there)), place_of, part.site)
    name = _names(world, part, rng)
    place = addresses.place[place_of]
    market = addresses.market[part.site]
    switchboard = written(
        markets, market, take(addresses.phone_area, part.site),
        glue(take(addresses.phone_exchange, part.site), "000"),
        np.full(count, E164),
    )  # fmt: skip
    branches = np.bincount(part.account, minlength=len(accounts.market))[part.account] > 1
    kind = choose(
        np.where(part.is_head, np.where(branches, 0, 1), 2),
        ["Headquarters", "Single Location", "Branch"],
    )
    began = rng.integers(1950, 2018, len(accounts.market))
    founded = began[part.account]
    ended = np.where(bought, 2010 + accounts.bought_day // 365, 2012 + began % 12)[part.account]

    def number(rows: Ints, shown: Flags | bool = True) -> Text:
        return where((rows >= 0) & shown, take(ids, np.maximum(rows, 0)), None)

    # A parent that the register does not hold is told all the same.
    lost = glue("9", numbers(10_000_000 + np.maximum(accounts.parent, 0), 8))
    missing = (accounts.parent >= 0) & (parent < 0)
    parents = where(missing[part.account], take(lost, part.account), number(parent[part.account]))
    shown = {
        "DUNS Number": ids,
        "Business Name": name,
        "Tradestyle": where(
            rng.random(count) < 0.6, take(accounts.former_name, part.account), None
        ),
        "Street Address": take(addresses.street_line, place_of),
        "City": take(markets.place_text("city"), place),
        "State": take(markets.place_text("region"), place),
        "Postal Code": take(markets.place_text("postcode"), place),
        "Country Code": country,
        "Telephone": where(rng.random(count) < 0.8, switchboard, None),
        "Web Address": where(
            rng.random(count) < 0.6, glue("www.", take(accounts.web_domain, part.account)), None
        ),
        "Line of Business": take(text(INDUSTRIES), accounts.industry[part.account]),
        "Employees Total": numbers(accounts.employees[part.account]),
        "Annual Sales": numbers(accounts.employees[part.account] * 145_000),
        "Location Type": kind,
        "Operating Status": where(gone, "Out of Business", "Active"),
        "Year Started": numbers(founded),
        "Out of Business Date": where(gone, glue(numbers(ended), "-06-30"), None),
        "Headquarters DUNS": number(head, ~part.is_head),
        "Parent DUNS": where(part.is_head, parents, None),
        "Domestic Ultimate DUNS": number(domestic[part.account]),
        "Global Ultimate DUNS": number(ultimate[part.account]),
    }
    true = {
        "registry_id": ids,
        "account_id": _known("A", part.account, known=part.known),
        "site_id": _known("S", part.site, known=part.known),
        "site_kind": kind,
        "is_dissolved": pa.array(gone),
        "legal_entity_id": number(head),
        "parent_id": number(parent[part.account]),
        "domestic_ultimate_id": number(domestic[part.account]),
        "global_ultimate_id": number(ultimate[part.account]),
    }
    return shown, true


def _known(letter: str, values: Ints, *, known: bool) -> Text:
    return glue(letter, numbers(values, 7)) if known else pa.nulls(len(values), pa.string())


def _names(world: Population, part: _Part, rng: np.random.Generator) -> Text:
    """The names as the register writes them; some strangers are called as companies we know."""
    of_account = part.accounts.name
    if not part.known:
        rows = np.flatnonzero(rng.random(len(of_account)) < NAMESAKE_SHARE)
        known = rng.integers(len(OWN) + len(COMPETITORS), len(world.accounts.name), len(rows))
        of_account = put(of_account, rows, take(world.accounts.name, known))
    name = take(of_account, part.account)
    foreign = ~np.asarray(pc.string_is_ascii(name))
    plain = change(name, foreign, lambda values: [fold(value) for value in values])
    return where(rng.random(len(name)) < 0.7, pc.utf8_upper(plain), name)
