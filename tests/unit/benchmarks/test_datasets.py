"""Files handed to the product carry no truth, and every row keeps its truth after shuffling."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmarks.datasets import SETS, MissingData, Prepared, Set, SourceList, prepare

PUBLIC = [each for each in SETS if each.load is not None]
# Records, true entities and pairs as told by each set's own description.
KNOWN = {
    "fake_1000": (1_000, 251),
    "historical_50k": (50_578, 5_156),
    "febrl3": (5_000, 2_000),
    "senzing": (159, 85),
    "restaurants": (864, 752),
}


@pytest.fixture(params=PUBLIC, ids=lambda each: each.name)
def prepared(request: pytest.FixtureRequest, tmp_path: Path) -> Prepared:
    try:
        return prepare(request.param, tmp_path)
    except MissingData as missing:
        pytest.skip(str(missing))


def test_records_and_entities_are_those_the_set_is_known_for(prepared):
    truth = prepared.truth(prepared.set.entities[0])
    assert (truth.num_rows, len(truth["truth_id"].unique())) == KNOWN[prepared.set.name]


def test_no_column_of_the_files_tells_the_truth(prepared):
    truth = prepared.truth(prepared.set.entities[0])
    ids = dict(
        zip(
            zip(truth["source"].to_pylist(), truth["row_number"].to_pylist(), strict=True),
            truth["truth_id"].to_pylist(),
            strict=True,
        )
    )
    for path in prepared.files:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for column in rows[0]:
            told = sum(
                ids[path.stem, n].split()[-1] in (row[column] or "").split("-")
                for n, row in enumerate(rows, start=1)
            )
            assert told < len(rows) / 4, column


def test_a_row_keeps_its_truth_when_the_list_is_shuffled(tmp_path):
    people = [str(n) for n in range(50)]
    made = Set("made", "made", lambda: iter([SourceList("l", [{"p": p} for p in people], people)]))
    prepared = prepare(made, tmp_path)
    with prepared.files[0].open(encoding="utf-8") as file:
        written = [row["p"] for row in csv.DictReader(file)]
    assert written == prepared.truth("contact")["truth_id"].to_pylist()
    assert written == pq.read_table(prepared.rows)["p"].to_pylist()
    assert written != people
    assert sorted(written) == sorted(people)
