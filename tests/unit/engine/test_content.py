"""A table's content tells every change of a row, and the difference names it."""

from collections import Counter

import pytest

from tieline.engine.content import compare, content
from tieline.engine.duck import DuckEngine


@pytest.fixture
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'a' AS x, NULL AS y", "NULL AS x, 'a' AS y"),
        ("'a' AS x, 'b' AS y", "'b' AS x, 'a' AS y"),
        ("'' AS x", "NULL::VARCHAR AS x"),
        ("0.0::DOUBLE AS x", "-0.0::DOUBLE AS x"),
        ("1::INTEGER AS x", "1::BIGINT AS x"),
        ("1 AS x, 2 AS y", "2 AS y, 1 AS x"),
        ("['a', 'b'] AS x, ['c'] AS y", "['a'] AS x, ['b', 'c'] AS y"),
        ("[]::VARCHAR[] AS x", "NULL::VARCHAR[] AS x"),
        ("[NULL]::VARCHAR[] AS x", "[]::VARCHAR[] AS x"),
        ("['a', 'b'] AS x", "['b', 'a'] AS x"),
        ("[[1], [2]] AS x", "[[1, 2]] AS x"),
        ("{'l': [1], 'm': [2, 3]} AS x", "{'l': [1, 2], 'm': [3]} AS x"),
        ("MAP {'a': 1, 'b': 2} AS x", "MAP {'a': 2, 'b': 1} AS x"),
    ],
)
def test_values_that_files_tell_apart_are_other_content(engine, one, other):
    engine.create("one", f"SELECT {one}")
    engine.create("other", f"SELECT {other}")
    assert content(engine, "one") != content(engine, "other")


def test_the_order_of_rows_is_no_content_and_how_often_they_stand_there_is(engine):
    engine.create("one", "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'b')) t(n, s)")
    engine.create("turned", "SELECT * FROM one ORDER BY n DESC")
    engine.create("once", "SELECT DISTINCT * FROM one")
    assert content(engine, "one") == content(engine, "turned") != content(engine, "once")


def test_a_difference_has_the_rows_as_often_as_they_went_and_came(engine):
    engine.create("old", "SELECT unnest([1, 1, 1, 2, 3, 3]) AS n, 'x' AS s")
    engine.create("now", "SELECT unnest([1, 2, 2, 4, 3, 3]) AS n, 'x' AS s")
    found = compare(engine, "old", "now", "it")

    def numbers(table):
        return Counter(engine.arrow(f"SELECT n FROM {table}")["n"].to_pylist())

    assert numbers(found.removed) == {1: 2}
    assert numbers(found.added) == {2: 1, 4: 1}
    assert content(engine, "old").changed(found) == content(engine, "now")
    assert compare(engine, "old", "now", "it", most=3) is None
    assert compare(engine, "old", "old", "it").rows == 0
