"""The content of a table tells it from every other, also where DuckDB's hash does not."""

import pytest

from tieline.engine.content import content
from tieline.engine.duck import DuckEngine


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("['x'] AS a, []::VARCHAR[] AS b", "[]::VARCHAR[] AS a, ['x'] AS b"),
        ("['x', 'y'] AS a, ['z'] AS b", "['x'] AS a, ['y', 'z'] AS b"),
        ("[]::VARCHAR[] AS a", "NULL::VARCHAR[] AS a"),
        ("0.0::DOUBLE AS a", "-0.0::DOUBLE AS a"),
        ("NULL::VARCHAR AS a, 'x' AS b", "'x' AS a, NULL::VARCHAR AS b"),
    ],
)
def test_rows_that_differ_have_another_content(tmp_path, one, other):
    with DuckEngine(tmp_path, threads=1) as engine:
        engine.create("one", f"SELECT {one}")
        engine.create("other", f"SELECT {other}")
        assert content(engine, "one") != content(engine, "other")
        assert content(engine, "one") == content(engine, "one")
