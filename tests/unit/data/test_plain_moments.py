"""The fast way of reading moments agrees with the careful one wherever it answers."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.data.moments import plain_moment, sure
from tieline.data.sql_text import literal
from tieline.data.values import moment
from tieline.engine.duck import DuckEngine

CASES = Path(__file__).parents[2] / "cases" / "moment.csv"
NUMBERS = st.integers(0, 99).map(lambda n: f"{n:02}")
WRITTEN = st.one_of(
    st.datetimes().map(lambda m: m.isoformat()),
    st.datetimes().map(lambda m: f"{m:%Y-%m-%d %H:%M}+02:30"),
    st.datetimes().map(lambda m: f"{m:%d.%m.%Y %H:%M:%S}"),
    st.datetimes().map(lambda m: f"{m:%m/%d/%Y %I:%M %p}"),
    st.builds("2024-{}-{}T{}:{}:00Z".format, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    st.integers(0, 10**14).map(str),
    st.text(max_size=25),
)


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def both(engine: DuckEngine, text: str, style: str | None):
    told = plain_moment("x", style or "")
    plain = engine.arrow(
        f"SELECT {sure('m')} AS m FROM (SELECT {told} AS m FROM (SELECT {literal(text)} AS x))"
    )["m"][0].as_py()
    texts = {"value": pa.array([text]), "style": pa.array([style], pa.string())}
    return plain, moment.standardise(pa.table(texts))["moment"][0].as_py()


@pytest.mark.parametrize("row", list(csv.DictReader(CASES.open(encoding="utf-8"))))
def test_every_case_it_answers_is_right(engine, row):
    plain, careful = both(engine, row["raw_value"], row["raw_style"] or None)
    assert plain in (None, careful)


@settings(max_examples=200, deadline=None)
@given(text=WRITTEN.filter(lambda t: "\x00" not in t), style=st.sampled_from([None, "dmy", "mdy"]))
def test_no_text_is_read_in_two_ways(engine, text, style):
    plain, careful = both(engine, text, style)
    assert plain in (None, careful)


@pytest.mark.parametrize("text", ["2024-03-01T10:00:00Z", "2024-03-01 10:00:00", "1709287200"])
def test_what_machines_write_is_answered_fast(engine, text):
    plain, careful = both(engine, text, None)
    assert plain == careful is not None
