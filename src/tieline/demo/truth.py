"""The truth beside the lists: who each record is, and people, sites, accounts and careers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tieline.demo.cards import JUNK, KINDS, NO_COMPANY, ROLE, Cards, Population
from tieline.demo.careers import REASONS
from tieline.demo.columns import choose, glue, join, numbers, take, text, where
from tieline.demo.company_names import INDUSTRIES
from tieline.demo.draws import Flags, Ints
from tieline.demo.titles import FUNCTIONS

_EPOCH = np.datetime64("2010-01-01")
LEVEL_NAMES = ["board", "specialist", "manager", "director", "vice_president", "assistant"]


def _ids(letter: str, values: Ints) -> Any:
    return where(values >= 0, glue(letter, numbers(np.maximum(values, 0), 7)), None)


def _days(values: Ints) -> Any:
    return pa.array(_EPOCH + values.astype("timedelta64[D]"))


def record_table(name: str, world: Population, cards: Cards, broken: Flags) -> Any:
    """Return the truth of one list: one row is one data row of the file, in its order."""
    nobody = cards.kind == JUNK
    role = cards.kind == ROLE
    no_company = nobody | (cards.kind == NO_COMPANY)
    inbox = cards.cells["email"].dictionary_encode()
    inbox_of_account = glue("R", numbers(cards.account, 7))
    email = pc.utf8_lower(pc.fill_null(inbox.cast(pa.string()), ""))
    local = pc.list_element(pc.split_pattern(glue(email, "@"), "@"), 0)
    person = where(
        nobody, None, where(role, join(inbox_of_account, local, sep="-"), _ids("P", cards.person))
    )
    accounts = world.accounts
    usable_address = ~(cards.flags["address_missing"] | cards.flags["address_wrong"])
    columns = {
        "source": pa.repeat(pa.scalar(name), len(cards)),
        "row_number": pa.array(np.arange(1, len(cards) + 1)),
        "person_id": person,
        "site_id": where(no_company, None, _ids("S", cards.site)),
        "account_id": where(no_company, None, _ids("A", cards.account)),
        "is_readable": pa.array(~broken),
        "kind": choose(cards.kind, KINDS),
        "as_of": _days(cards.day),
        "has_valid_address": pa.array(usable_address),
        "is_own": pa.array(accounts.is_own[cards.account] & ~no_company),
        "is_competitor": pa.array(accounts.is_competitor[cards.account] & ~no_company),
    }
    for flag in sorted(cards.flags):
        columns[flag] = pa.array(np.asarray(cards.flags[flag], dtype=bool))
    return pa.table(columns)


def write_records(path: Path, tables: Sequence[Any]) -> Any:
    """Write the truth of all lists and return it.

    `is_suppressed`: the person opted out in any list. `is_usable`: readable, a person with a valid
    address at a valid company that is neither ours nor a competitor's, and not suppressed.
    """
    table = pa.concat_tables(tables)
    flags = {name: np.asarray(table[name]) for name in table.column_names if _is_flag(table, name)}
    person = table["person_id"].combine_chunks()
    opted_out = pc.unique(pc.filter(person, pa.array(flags["opted_out"])).drop_null())
    suppressed = np.asarray(pc.is_in(person, value_set=opted_out))
    usable = np.asarray(pc.equal(table["kind"], "person")) & ~suppressed & flags["is_readable"]
    usable &= flags["has_valid_address"] & ~flags["company_missing"]
    usable &= ~flags["is_own"] & ~flags["is_competitor"]
    table = table.append_column("is_suppressed", pa.array(suppressed))
    table = table.append_column("is_usable", pa.array(usable))
    pq.write_table(table, path, compression="zstd")
    return table


def _is_flag(table: Any, name: str) -> bool:
    return bool(table.schema.field(name).type == pa.bool_())


def count_records(table: Any) -> dict[str, int]:
    """Count what evaluation and the reader of the demo want to know about the truth."""
    ids, person = table["person_id"], pc.equal(table["kind"], "person")
    counts = {
        "records": table.num_rows,
        "people": len(pc.unique(pc.filter(ids, person))),
        "usable_people": len(pc.unique(pc.filter(ids, table["is_usable"]))),
        "sites": len(pc.unique(table["site_id"].drop_null())),
        "accounts": len(pc.unique(table["account_id"].drop_null())),
        "unreadable": pc.sum(pc.invert(table["is_readable"])).as_py(),
    }
    for kind in KINDS[1:]:
        counts[kind] = pc.sum(pc.equal(table["kind"], kind)).as_py() or 0
    for name in table.column_names:
        if _is_flag(table, name):
            counts[name] = pc.sum(table[name]).as_py() or 0
    return counts


def write_world(directory: Path, world: Population) -> None:
    """Write people, sites, accounts and careers."""
    _write(directory / "people.parquet", _people(world))
    _write(directory / "sites.parquet", _sites(world))
    _write(directory / "accounts.parquet", _accounts(world))
    _write(directory / "careers.parquet", _careers(world))


def _write(path: Path, columns: dict[str, Any]) -> None:
    pq.write_table(pa.table(columns), path, compression="zstd")


def _people(world: Population) -> dict[str, Any]:
    people = world.people
    return {
        "person_id": _ids("P", np.arange(len(people.market))),
        "given_name": people.given,
        "middle_name": people.middle,
        "family_name": people.family_after,
        "earlier_family_name": where(
            np.asarray(pc.equal(people.family, people.family_after)), None, people.family
        ),
        "name_prefix": people.prefix,
        "name_suffix": people.suffix,
        "gender": where(people.female, "f", "m"),
        "country": take(world.markets.text("country"), people.market),
        "private_email": people.private_mail,
    }


def _sites(world: Population) -> dict[str, Any]:
    accounts, addresses = world.accounts, world.accounts.addresses
    row = np.arange(len(accounts.site_account))
    head = accounts.site_start[accounts.site_account]
    place = addresses.place
    return {
        "site_id": _ids("S", row),
        "account_id": _ids("A", accounts.site_account),
        "headquarters_site_id": _ids("S", head),
        "kind": where(row == head, "headquarters", "branch"),
        "estate": addresses.estate,
        "street_line": addresses.street_line,
        "unit": addresses.unit,
        "postcode": take(world.markets.place_text("postcode"), place),
        "city": take(world.markets.place_text("city"), place),
        "region": take(world.markets.place_text("region"), place),
        "country": take(world.markets.place_text("country"), place),
    }


def _accounts(world: Population) -> dict[str, Any]:
    accounts = world.accounts
    return {
        "account_id": _ids("A", np.arange(len(accounts.market))),
        "name": accounts.name,
        "former_name": accounts.former_name,
        "renamed_on": where(
            accounts.renamed_day > 0, pc.cast(_days(accounts.renamed_day), pa.string()), None
        ),
        "legal_form": accounts.form,
        "country": take(world.markets.text("country"), accounts.market),
        "industry": take(text(INDUSTRIES), accounts.industry),
        "employees": pa.array(accounts.employees),
        "parent_account_id": _ids("A", accounts.parent),
        "domestic_ultimate_id": _ids("A", accounts.domestic_ultimate),
        "global_ultimate_id": _ids("A", accounts.global_ultimate),
        "bought_by_account_id": _ids("A", accounts.buyer),
        "bought_on": where(
            accounts.buyer >= 0, pc.cast(_days(accounts.bought_day), pa.string()), None
        ),
        "mail_domain": accounts.mail_domain,
        "web_domain": accounts.web_domain,
        "second_domain": accounts.second_domain,
        "is_own": pa.array(accounts.is_own),
        "is_competitor": pa.array(accounts.is_competitor),
    }


def _careers(world: Population) -> dict[str, Any]:
    careers, titles = world.careers, world.titles
    return {
        "person_id": _ids("P", careers.person),
        "from_day": _days(careers.day),
        "began_by": choose(careers.reason, REASONS),
        "account_id": _ids("A", careers.account),
        "site_id": _ids("S", careers.site),
        "title": titles.text(careers.title),
        "function": take(text(FUNCTIONS), titles.function[careers.title]),
        "level": take(text(LEVEL_NAMES), titles.level[careers.title]),
        "family_name": careers.family,
        "email": careers.mail,
    }
