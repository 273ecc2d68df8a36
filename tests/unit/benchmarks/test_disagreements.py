"""The error browser shows each wrong cluster with the pair that most likely caused it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.disagreements import Disagreements, agreement
from benchmarks.evaluation import evaluate

# source, row, truth, found, name, email
RECORDS = [
    ("crm", 1, "anna", "c1", "Anna Berg", "anna@berg.com"),
    ("crm", 2, "anna", "c1", "A Berg", None),
    ("web", 1, "hanna", "c1", "Hanna Berg", "anna@berg.com"),
    ("web", 2, "anna", None, "Anna Berg", None),
    ("web", 3, "carl", "c2", "Carl Ek", None),
]


@pytest.fixture
def wrong(tmp_path: Path) -> Disagreements:
    source, row, truth, found, name, email = (list(column) for column in zip(*RECORDS, strict=True))
    place = {"source": source, "row_number": row}
    pq.write_table(pa.table({**place, "name": name, "email": email}), tmp_path / "rows.parquet")
    return Disagreements(
        pa.table({**place, "truth_id": truth}),
        pa.table({**place, "found_id": found}),
        tmp_path / "rows.parquet",
    )


def test_wrong_pairs_of_all_cases_are_those_of_the_score(wrong):
    source, row, truth, found, _, _ = (list(column) for column in zip(*RECORDS, strict=True))
    place = {"source": source, "row_number": row}
    figures = evaluate(
        pa.table({**place, "truth_id": truth}), pa.table({**place, "found_id": found})
    ).to_json()
    assert sum(count for _, count in wrong.clusters("false-merges")) == figures["false_pairs"]
    assert sum(count for _, count in wrong.clusters("misses")) == figures["missed_pairs"]


def test_a_false_merge_shows_the_pair_that_looks_most_alike(wrong):
    (case,) = wrong.cases("false-merges", wrong.clusters("false-merges"))
    (pair,) = case.pairs
    assert (case.cluster, case.sizes, case.wrong_pairs) == ("c1", (2, 1), 2)
    assert (pair.left["row_number"], pair.right["truth_id"]) == (1, "hanna")
    assert pair.pattern == "name~ email="


def test_a_miss_shows_the_record_that_stayed_alone(wrong):
    (case,) = wrong.cases("misses", wrong.clusters("misses"))
    assert (case.cluster, case.sizes, case.wrong_pairs) == ("anna", (2, 1), 2)
    assert case.pairs[0].right["found_id"] == "alone web 2"
    assert case.pairs[0].pattern == "name= email·"


def test_fields_agree_after_folding_and_are_left_out_when_both_are_empty():
    left = {"name": "Müller, Jörg", "city": "Köln", "title": None, "initial": "J"}
    right = {"name": "MUELLER JOERG", "city": "koln", "title": None, "initial": "Jörg"}
    signs = agreement(left, right, ["name", "city", "title", "initial"])
    assert signs == {"name": "~", "city": "=", "initial": "~"}
