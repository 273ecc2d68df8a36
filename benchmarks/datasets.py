"""The sets with a known truth, made ready for the product: files without anything that leaks it.

Each loader gives lists (file name, columns, rows) with a truth id per row. What tells the truth is
left out (cluster columns, ids that count up within a cluster), and rows are shuffled with a fixed
seed because several sets keep duplicates next to each other. Every system reads the same files.

The public sets are read where they lie: `TIELINE_DATA`, else `../shared/data` beside the project.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PROJECT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TIELINE_DATA", PROJECT.parent / "shared" / "data"))
SCRATCH = PROJECT / "build" / "benchmarks"
SEED = 20260101

Row = dict[str, str]


class MissingData(Exception):
    """A set cannot be measured here because its files are not present."""


@dataclass(frozen=True)
class SourceList:
    """One list as its owner would hand it over; `truth` has one id per row, in the same order."""

    name: str
    rows: list[Row]
    truth: list[str | None]


@dataclass(frozen=True)
class Set:
    """How one benchmark set is laid out and judged.

    `entities` are the columns of `record_entities` to judge; where a set mixes people and companies
    one name stands for both: `contact+account` is the contact, else the account.
    """

    name: str
    title: str
    load: Callable[[], Iterator[SourceList]] | None
    entities: tuple[str, ...] = ("contact",)
    across_lists: bool = False


@dataclass(frozen=True)
class Prepared:
    """One set on disk: input files for the product, one table of all rows for peers, the truth."""

    set: Set
    folder: Path
    files: list[Path] = field(default_factory=list)

    @property
    def workspace(self) -> Path:
        """The workspace the product builds (kept for the error browser)."""
        return self.folder / "workspace"

    @property
    def settings(self) -> Path | None:
        """The tieline.toml that comes with a set (the demo world names its competitors)."""
        path = self.folder / "world" / "tieline.toml"
        return path if path.exists() else None

    @property
    def combined(self) -> Path:
        """All lists below one another in one CSV, first column `list`: what peers read."""
        return self.folder / "combined.csv"

    @property
    def rows(self) -> Path:
        """The same as Parquet with source and row_number, for evaluation and errors."""
        return self.folder / "rows.parquet"

    def truth(self, entity: str) -> pa.Table:
        """source, row_number, truth_id of one entity."""
        return pq.read_table(self.folder / f"truth_{entity}.parquet")


def fake_1000() -> Iterator[SourceList]:
    """1,000 invented people with typos; truth is `cluster`, `unique_id` counts up within it."""
    rows = _csv("splink_datasets/fake_1000.csv")
    yield _without("fake_1000", rows, truth="cluster", leaks=["unique_id"])


def historical() -> Iterator[SourceList]:
    """50,578 rows about 5,156 historical people; `unique_id` is the cluster and a number."""
    path = _present("splink_datasets/historical_figures_with_errors_50k.parquet")
    table = pq.read_table(path)
    rows = [{k: v or "" for k, v in row.items()} for row in table.to_pylist()]
    yield _without("historical_figures", rows, truth="cluster", leaks=["unique_id"])


def febrl3() -> Iterator[SourceList]:
    """5,000 invented Australians; truth is the number in `rec-N-org`, `rec-N-dup-1`."""
    rows = _csv("splink_datasets/febrl/dataset3.csv")
    for row in rows:
        row["truth"] = row["rec_id"].split("-")[1]
    yield _without("febrl3", rows, truth="truth", leaks=["rec_id"])


def senzing() -> Iterator[SourceList]:
    """159 traps in three lists; `RECORD_ID` counts up within a cluster, so it is left out."""
    key = {
        (row["DATA_SOURCE"], row["RECORD_ID"]): row["CLUSTER_ID"]
        for row in _csv("senzing_truthset/demo/actual_truthset_key.csv")
    }
    for name in ("customers", "reference", "watchlist"):
        rows = _csv(f"senzing_truthset/demo/{name}.csv")
        for row in rows:
            row["truth"] = key[row["DATA_SOURCE"], row["RECORD_ID"]]
        yield _without(name, rows, truth="truth", leaks=["RECORD_ID"])


def restaurants() -> Iterator[SourceList]:
    """Fodor's and Zagat's restaurants; 112 are in both, matched ids count up together."""
    matches = {
        row["fodors_id"]: row["zagats_id"]
        for row in _csv("magellan_restaurants/matches_fodors_zagats.csv")
    }
    for name in ("fodors", "zagats"):
        rows = _csv(f"magellan_restaurants/{name}.csv")
        for row in rows:
            zagats = matches.get(row["id"]) if name == "fodors" else row["id"]
            row["truth"] = f"zagats {zagats}" if zagats else f"fodors {row['id']}"
        yield _without(name, rows, truth="truth", leaks=["id"])


SETS: tuple[Set, ...] = (
    Set("fake_1000", "fake_1000 (1,000 people)", fake_1000),
    Set("historical_50k", "historical_figures_with_errors_50k (50,578)", historical),
    Set("febrl3", "febrl3 (5,000)", febrl3),
    Set("senzing", "Senzing truth set (159, traps)", senzing, entities=("contact+account",)),
    Set(
        "restaurants",
        "Fodors–Zagats (864, two lists)",
        restaurants,
        entities=("site", "account"),
        across_lists=True,
    ),
    Set("demo", "demo world, 150,000 records", None, entities=("contact", "site", "account")),
)


def named(name: str) -> Set:
    """Find a set by name; the message lists what there is."""
    for each in SETS:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in SETS)
    raise SystemExit(f"There is no set {name!r}. Sets: {known}.")


def prepare(chosen: Set, scratch: Path = SCRATCH) -> Prepared:
    """Write a public set's input files and truth; what earlier runs left is replaced."""
    assert chosen.load is not None, "the demo world is generated: see benchmarks.demo_world"
    lists = list(chosen.load())
    prepared = Prepared(chosen, scratch / chosen.name)
    shutil.rmtree(prepared.folder / "input", ignore_errors=True)
    (prepared.folder / "input").mkdir(parents=True)
    shuffle = random.Random(SEED)
    combined: list[Row] = []
    truth: list[tuple[str, int, str | None]] = []
    for one in lists:
        order = list(range(len(one.rows)))
        shuffle.shuffle(order)
        path = prepared.folder / "input" / f"{one.name}.csv"
        _write_csv(path, [one.rows[i] for i in order])
        prepared.files.append(path)
        combined += [{"list": one.name, **one.rows[i]} for i in order]
        truth += [(one.name, n, one.truth[i]) for n, i in enumerate(order, start=1)]
    _write_csv(prepared.combined, combined)
    _write_truth(prepared, combined, truth)
    return prepared


def _write_truth(
    prepared: Prepared, rows: list[Row], truth: list[tuple[str, int, str | None]]
) -> None:
    place = {
        "source": pa.array([source for source, _, _ in truth], pa.string()),
        "row_number": pa.array([number for _, number, _ in truth], pa.int64()),
    }
    ids = pa.array([truth_id for _, _, truth_id in truth], pa.string())
    for entity in prepared.set.entities:
        table = pa.table({**place, "truth_id": ids})
        pq.write_table(table, prepared.folder / f"truth_{entity}.parquet")
    names = [name for name in _columns(rows) if name != "list"]
    fields = {
        name: pa.array([row.get(name) or None for row in rows], pa.string()) for name in names
    }
    pq.write_table(pa.table({**place, **fields}), prepared.rows)


def _columns(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _write_csv(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _columns(rows), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _without(name: str, rows: list[Row], *, truth: str, leaks: list[str]) -> SourceList:
    hidden = {truth, *leaks}
    kept = [{k: v for k, v in row.items() if k not in hidden} for row in rows]
    return SourceList(name, kept, [row[truth] or None for row in rows])


def _csv(relative: str) -> list[Row]:
    with _present(relative).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, skipinitialspace=True)
        return [{k.strip(): (v or "").strip() for k, v in row.items()} for row in reader]


def _present(relative: str) -> Path:
    path = DATA / relative
    if not path.exists():
        raise MissingData(f"{relative} is not in the data folder {DATA} (set TIELINE_DATA)")
    return path
