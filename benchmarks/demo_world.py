"""The generated demo world as a benchmark set: its twelve lists, its truth, one table for peers.

The lists differ in format and headers, which no peer reads. So peers get the product's own mapping
for nothing: one table of the standard fields, taken from the product's table `records`.
"""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from benchmarks.datasets import SCRATCH, SEED, Prepared, Set, named
from benchmarks.process import run
from benchmarks.product import command, stems, table_path

DEMO_RECORDS = 150_000
# Our entity -> column of the generator's truth/records.parquet.
TRUTH_COLUMNS = {"contact": "person_id", "site": "site_id", "account": "account_id"}
# Our standard values, already mapped and cleaned: more than a peer would start from.
PEER_FIELDS = {
    "full_name": "full_name",
    "given_name": "given_name",
    "family_name": "family_name",
    "title": "title",
    "company": "company",
    "email": "email",
    "phone": "phone",
    "website": "company_domain",
    "address_line1": "address_line",
    "city": "city",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
}


def generate(records: int, scratch: Path = SCRATCH) -> Prepared:
    """Generate the world with the benchmark's seed and lay its truth out per entity."""
    chosen = sized(records)
    prepared = Prepared(chosen, scratch / chosen.name)
    shutil.rmtree(prepared.folder, ignore_errors=True)
    prepared.folder.mkdir(parents=True)
    world = prepared.folder / "world"
    made: list[str | Path] = [
        command(),
        "demo",
        world,
        "--records",
        str(records),
        "--seed",
        str(SEED),
    ]
    run(made, log=prepared.folder / "generate.log")
    truth = pq.read_table(world / "truth" / "records.parquet")
    for entity in chosen.entities:
        table = pa.table(
            {
                "source": stems(truth["source"]),
                "row_number": truth["row_number"].cast(pa.int64()),
                "truth_id": _truth(truth, entity),
            }
        )
        pq.write_table(table, prepared.folder / f"truth_{entity}.parquet")
    return reopen(chosen, scratch)


def _truth(truth: pa.Table, entity: str) -> pa.ChunkedArray:
    """Whom each row is about, as far as that can be asked.

    Not counted are rows the world broke beyond reading (they are set aside, and peers do not get
    them either) and, for contacts, inboxes of a function (info@): they are no person.
    """
    counted = truth["is_readable"]
    if entity == "contact":
        counted = pc.and_(counted, pc.not_equal(truth["kind"], "role"))
    ids = truth[TRUTH_COLUMNS[entity]].cast(pa.string())
    return pc.if_else(counted, ids, pa.scalar(None, pa.string()))


def reopen(chosen: Set, scratch: Path = SCRATCH) -> Prepared:
    """What an earlier run of the demo world left, for the error browser."""
    prepared = Prepared(chosen, scratch / chosen.name)
    world = prepared.folder / "world"
    if not world.exists():
        raise SystemExit(f"{chosen.name} is not there yet: python -m benchmarks.run --sets demo")
    for remembered in sorted((world / "sources").glob("*.toml")):
        where = tomllib.loads(remembered.read_text(encoding="utf-8"))["location"]
        prepared.files.append(world / where)
    return prepared


def sized(records: int) -> Set:
    """The demo world with this many records as a set of its own name."""
    if records == DEMO_RECORDS:
        return named("demo")
    title = f"demo world, {records:,} records"
    return replace(named("demo"), name=f"demo_{records}", title=title)


def lay_out_for_peers(prepared: Prepared) -> None:
    """Write `combined` and `rows` from the built workspace's table of standard fields."""
    path = str(table_path(prepared.workspace, "standard_records"))
    path = f"{path}/*.parquet" if Path(path).is_dir() else path
    con = duckdb.connect()
    fields = ", ".join(f"{ours} as {theirs}" for theirs, ours in PEER_FIELDS.items())
    table = con.sql(
        f"select source, row_number, {fields} from '{path}' order by source, row_number"
    ).arrow()
    table = table.read_all() if hasattr(table, "read_all") else table
    table = table.set_column(0, "source", stems(table["source"]))
    pq.write_table(table, prepared.rows)
    combined = table.drop_columns(["row_number"]).rename_columns(
        ["list", *[name for name in table.column_names if name not in ("source", "row_number")]]
    )
    pyarrow.csv.write_csv(combined, prepared.combined)
