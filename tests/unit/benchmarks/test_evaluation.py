"""The evaluator counts exactly what listing every pair would count."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from benchmarks.evaluation import aligned, by_size, evaluate
from hypothesis import given, settings
from hypothesis import strategies as st

RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["crm", "event", "web"]),
        st.sampled_from([None, "anna", "bert", "carl", "dora"]),
        st.sampled_from([None, "c1", "c2", "c3"]),
    ),
    max_size=14,
)


def tables(records: list[tuple[str, str | None, str | None]]) -> tuple[pa.Table, pa.Table]:
    sources = pa.array([source for source, _, _ in records], pa.string())
    rows = pa.array(range(1, len(records) + 1), pa.int64())
    truth = pa.array([truth for _, truth, _ in records], pa.string())
    found = pa.array([found for _, _, found in records], pa.string())
    return (
        pa.table({"source": sources, "row_number": rows, "truth_id": truth}),
        pa.table({"source": sources, "row_number": rows, "found_id": found}),
    )


@settings(deadline=None)
@given(RECORDS, st.booleans())
def test_counts_equal_those_of_listing_every_pair(records, across_lists):
    truth, found = tables(records)
    counted = [record for record in records if record[1] is not None]
    pairs = [
        (a[1] == b[1], a[2] is not None and a[2] == b[2])
        for a, b in combinations(counted, 2)
        if not across_lists or a[0] != b[0]
    ]
    got = evaluate(truth, found, across_lists=across_lists)
    assert got.records == len(counted)
    assert got.unresolved == sum(record[2] is None for record in counted)
    assert got.pairs.true_pairs == sum(true for true, _ in pairs)
    assert got.pairs.found_pairs == sum(found for _, found in pairs)
    assert got.pairs.common_pairs == sum(true and found for true, found in pairs)


@settings(deadline=None)
@given(RECORDS)
def test_bands_add_up_to_the_whole(records):
    truth, found = tables(records)
    got = evaluate(truth, found)
    assert sum(band.found_pairs for band in got.bands) == got.pairs.found_pairs
    assert sum(band.true_pairs for band in got.bands) == got.pairs.true_pairs
    common = sum(band.precision * band.found_pairs for band in got.bands)
    assert round(common) == got.pairs.common_pairs


@settings(deadline=None)
@given(RECORDS)
def test_b_cubed_equals_the_mean_over_records(records):
    truth, found = tables(records)
    counted = [(r[1], r[2] or f"alone {i}") for i, r in enumerate(records) if r[1] is not None]
    got = evaluate(truth, found)
    if not counted:
        assert (got.b_cubed_precision, got.b_cubed_recall) == (1.0, 1.0)
        return
    precision = recall = 0.0
    for true, cluster in counted:
        both = counted.count((true, cluster))
        precision += both / sum(c == cluster for _, c in counted)
        recall += both / sum(t == true for t, _ in counted)
    assert got.b_cubed_precision == pytest.approx(precision / len(counted))
    assert got.b_cubed_recall == pytest.approx(recall / len(counted))


def test_a_record_the_system_never_returned_misses_its_pairs():
    truth, found = tables([("crm", "anna", "c1"), ("web", "anna", "c1"), ("web", "anna", "c1")])
    got = evaluate(truth, found.slice(0, 2))
    assert got.unresolved == 1
    assert (got.pairs.precision, got.pairs.recall) == (1.0, pytest.approx(1 / 3))


def test_precision_is_told_by_the_size_of_the_found_cluster():
    truth = np.array([0, 0, 1, 2, 3, 4])
    found = np.array([0, 0, 1, 1, 1, 2])
    bands = {band.name: band for band in by_size(truth, found)}
    assert bands["2"].precision == 1.0
    assert (bands["3-4"].found_clusters, bands["3-4"].precision) == (1, 0.0)


def test_a_record_that_stands_twice_is_refused():
    truth, found = tables([("crm", "anna", "c1")])
    with pytest.raises(ValueError, match="stand twice"):
        aligned(truth, pa.concat_tables([found, found]))
