"""The time that 150,000 companies take against a register of a million entries."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.registry_matching import described, matched
from tieline.data.mapping.registry_layouts import registry_columns
from tieline.data.source import Source
from tieline.data.values import domain, postal_address
from tieline.data.values.standardisation import raw_name, standardise
from tieline.demo.accounts import draw_accounts
from tieline.demo.draws import stream
from tieline.demo.markets import load_markets
from tieline.demo.names import load_names
from tieline.demo.registry import _entries, _numbers, _part

ENTRIES, COMPANIES, ABSENT = 1_000_000, 150_000, 50_000
"""So many of the companies are not in the register."""


def size(folder: Path, entries: int = ENTRIES, companies: int = COMPANIES) -> dict[str, Any]:
    """Time and accuracy of many companies against a large register, both invented."""
    from benchmarks.registry import measured

    folder.mkdir(parents=True)
    rng = stream(9, "size")
    markets, pools = load_markets(), load_names()
    accounts = draw_accounts(markets, pools, int(entries / 1.27), 9)
    world: Any = SimpleNamespace(markets=markets, accounts=accounts)
    part = _part(accounts, 1.0, rng, known=True)
    shown, true = _entries(world, part, _numbers(len(part.site), rng), rng)
    register = pa.table(shown).append_column(
        "row_number", pa.array(np.arange(1, len(part.site) + 1))
    )
    register = register.slice(0, entries)
    pq.write_table(register, folder / "rows.parquet")
    nothing = {name: pa.array([], pa.string()) for name in ("text", "reason", "message")}
    empty = pa.table({"row_number": pa.array([], pa.int64()), **nothing})
    pq.write_table(empty, folder / "unreadable.parquet")
    mapped = registry_columns(register.column_names)
    source = Source(
        "register",
        "registry",
        folder / "rows.parquet",
        folder / "unreadable.parquet",
        {name: column.field or "" for name, column in mapped.items()},
    )
    absent = companies * ABSENT // COMPANIES
    heads = np.flatnonzero(part.is_head[: register.num_rows])
    rows = rng.choice(heads, companies - absent, replace=False)
    here = {name: register[name].take(pa.array(rows)) for name in register.column_names}
    others = draw_accounts(markets, pools, absent, 10)
    strangers = _part(others, 1.0, rng, known=True)
    alone = np.flatnonzero(strangers.is_head)
    made, _ = _entries(
        SimpleNamespace(markets=markets, accounts=others),
        strangers,  # type: ignore[arg-type]
        _numbers(len(strangers.site), rng),
        rng,
    )
    there = {name: made[name].take(pa.array(alone)) for name in made}
    told = {
        name: pa.concat_arrays([pc.cast(here[name].combine_chunks(), pa.string()), there[name]])
        for name in there
    }
    known = _known(told, rng)
    records = described(pc.utf8_lower(told["Business Name"]).to_pylist(), known)
    found, seconds = matched(records, source)
    answers = {row["account_id"]: row for row in found.to_pylist()}
    truth = [true["legal_entity_id"][int(n)].as_py() for n in rows] + [None] * len(alone)
    listed = [answers.get(f"A{n:08d}") for n in range(len(truth))]
    right = measured(
        truth, [(row["registry_id"], row["confidence"]) if row else (None, 0.0) for row in listed]
    )
    return {
        "entries": register.num_rows,
        "companies": len(truth),
        "seconds": seconds,
        "in_all": round(sum(seconds.values()), 1),
        **right,
    }


def _known(told: dict[str, Any], rng: np.random.Generator) -> dict[str, list[str | None]]:
    """What a list says of the companies beside their names, in standard values: not of all."""
    count = len(told["City"])
    has_place, has_domain = rng.random(count) < 0.8, rng.random(count) < 0.5
    raw = pa.table(
        {
            "address_line1": told["Street Address"],
            "city": told["City"],
            "postcode": told["Postal Code"],
            "country": told["Country Code"],
            "website": told["Web Address"],
        }
    )
    names = ("address_line1", "city", "postcode", "country")
    places = standardise(postal_address, raw, {name: name for name in names})
    hosts = standardise(domain, raw, {"website": "website"})
    by_place = {tuple(row[raw_name(name)] for name in names): row for row in places.to_pylist()}
    by_host = {row["raw_website"]: row["domain"] for row in hosts.to_pylist()}
    keys = zip(*(raw[name].to_pylist() for name in names), strict=True)
    rows = [by_place[key] if has else {} for key, has in zip(keys, has_place, strict=True)]
    columns = ("street_key", "house_number", "city", "city_key", "postcode_key", "country")
    known = {name: [row.get(name) for row in rows] for name in columns}
    known["company_domain"] = [
        by_host[host] if has and host else None
        for host, has in zip(raw["website"].to_pylist(), has_domain, strict=True)
    ]
    return known
