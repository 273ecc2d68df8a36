"""Runs the tables of company registers alone, over companies that are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from tieline.data.source import Source
from tieline.data.values import company_name
from tieline.data.values.standardisation import standardise
from tieline.engine.duck import DuckEngine
from tieline.engine.run import run
from tieline.identity import models as identity_models

CONFIDENCE = 0.9
TABLES = (
    "registry_rows",
    "registry_entries",
    "registry_relations",
    "registry_hierarchy",
    "registry_keys",
    "registry_pairs",
    "registry_candidates",
)
PLACES = ("street_key", "house_number", "city", "city_key", "postcode_key", "country")


def described(names: Sequence[str], known: Mapping[str, Sequence[str | None]]) -> pa.Table:
    """Standard records of companies that one list names, one account each."""
    table = pa.table({"company": pa.array(names, pa.string())})
    values = standardise(company_name, table, {"company": "company"})
    rows = {raw: n for n, raw in enumerate(values["raw_company"].to_pylist())}
    read = values.take(pa.array([rows[name] for name in names]))
    ids = pa.array([f"A{n:08d}" for n in range(len(names))])
    columns = {
        "record_id": ids,
        "account_id": ids,
        "site_id": ids,
        "kind": pa.array(["companies"] * len(names)),
    }
    columns |= {
        name: read[name] for name in ("company", "company_key", "legal_form", "company_issue")
    }
    nothing = pa.nulls(len(names), pa.string())
    for name in ("company_2", "company_2_key", "company_domain", "phone", "phone_2", "phone_3"):
        columns[name] = pa.array(known[name], pa.string()) if name in known else nothing
    for name in PLACES:
        columns[name] = pa.array(known[name], pa.string()) if name in known else nothing
    return pa.table(columns)


def matched(
    records: pa.Table, registry: Source, *, table: str = "registry_candidates"
) -> tuple[pa.Table, dict[str, float]]:
    """The candidates of the records, and the seconds that each table took."""
    seconds: dict[str, float] = {}
    models = [model for model in identity_models() if model.name in TABLES]
    with DuckEngine(threads=2) as engine:
        engine.load("standard_records", records)
        engine.load("record_fates", records.select(["record_id", "account_id", "site_id"]))
        engine.create(
            "record_identifiers",
            "SELECT '' AS record_id, '' AS owner, '' AS scheme, '' AS value WHERE false",
        )
        engine.create("shared_domains", "SELECT '' AS company_domain WHERE false")
        run(
            models,
            engine,
            {
                "registries": [registry],
                "registry_confidence": CONFIDENCE,
                "cache": None,
                "said": lambda _: None,
            },
            given=("standard_records", "record_fates", "record_identifiers", "shared_domains"),
            keep=(table,),
            on_step=lambda model, took, _: seconds.__setitem__(model.name, round(took, 2)),
        )
        found = engine.arrow(f"SELECT * FROM {table}")
    return found, seconds
