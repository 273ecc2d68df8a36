"""Whatever changes between two builds, the second gives what a full one would, byte for byte."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from market_day import SMALL, build, content, models

from tieline.engine.snapshot import damaged
from tieline.engine.table_files import Limits

STALLS = st.sampled_from(["bread", "fish", "fruit", "toys", None])
KEEPERS = st.sampled_from(["Ann", "Bob", None])
DAYS = st.fixed_dictionaries(
    {
        "sales": st.lists(
            st.tuples(
                st.integers(1, 12), STALLS, st.integers(0, 3), st.sampled_from([0.0, -0.0, 1.5])
            ),
            max_size=14,
        ),
        "stalls": st.lists(
            st.tuples(STALLS, st.sampled_from(["north", "south", None]), KEEPERS), max_size=6
        ),
        "moves": st.lists(st.tuples(STALLS, STALLS), max_size=8),
    }
)
# A few rows of a day come or go, or all is another day.
CHANGES = st.lists(st.tuples(st.sampled_from(["sales", "stalls", "moves"]), DAYS), max_size=3)
LIMITS = st.sampled_from([SMALL, Limits(4, 4, 0.3), Limits(1_000, 4, 1e9), Limits(0, 2, 1e9)])


def rows(table):
    """How often each row stands in an Arrow table; 0.0 and -0.0 are two values here."""
    return Counter(repr(row) for row in table.to_pylist()) if table is not None else Counter()


def day_after(day, changes):
    for table, other in changes:
        rows = list(day[table])
        for row in other[table][:2]:
            if row in rows:
                rows.remove(row)
            else:
                rows.append(row)
        day = {**day, table: rows}
    return day


@settings(deadline=None, max_examples=20)
@given(DAYS, st.lists(CHANGES, min_size=1, max_size=3), LIMITS)
def test_an_increment_equals_a_full_build(first, later, limits):
    with TemporaryDirectory() as folder:
        home, afresh = Path(folder, "home"), Path(folder, "afresh")
        home.mkdir()
        listed = models(home)
        day = first
        build(home, listed, day, limits=limits)
        for changes in later:
            day = day_after(day, changes)
            snapshot, _ = build(home, listed, day, limits=limits)
            whole, _ = build(afresh, listed, day, limits=limits, full=True)
            assert snapshot.id == whole.id
            assert content(snapshot) == content(whole)
            assert damaged(snapshot) == []


@settings(deadline=None, max_examples=20)
@given(DAYS, CHANGES)
def test_the_rows_that_went_and_came_lead_from_the_old_tables_to_the_new(day, changes):
    with TemporaryDirectory() as folder:
        listed = models(Path(folder))
        before, _ = build(Path(folder), listed, day)
        after, made = build(Path(folder), listed, day_after(day, changes), differences=True)
        for name in after.tables:
            old, now = (rows(pq.read_table(one.table(name))) for one in (before, after))
            told = rows(made[name].added), rows(made[name].removed)
            assert (now - old, old - now) == told, name
