"""A build's printed lines become stages, and sources are known by their file's name."""

from __future__ import annotations

import pyarrow as pa
from benchmarks.process import Run
from benchmarks.product import _stages, stems

PRINTED = """\
           reading crm.csv
   1.25 s  data: standard_records, 150,000 rows
   0.10 s  data: issues, 900 rows
   4.00 s  identity: contact_pairs, 1,200,000 rows
Built snapshot a1 in 6.0 s.
"""


def test_seconds_are_told_per_layer_and_for_slow_tables():
    assert _stages(Run(seconds=6.5, peak_gb=1.0, output=PRINTED)) == {
        "data": 1.35,
        "identity": 4.0,
        "start, read, write": 1.15,
        "data: standard_records": 1.25,
        "identity: contact_pairs": 4.0,
    }


def test_a_source_is_the_same_with_and_without_its_ending():
    sources = pa.chunked_array([["crm.csv", "crm"], ["old dump.xlsx"]])
    assert stems(sources).to_pylist() == ["crm", "crm", "old dump"]
