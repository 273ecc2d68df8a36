"""What the lint allows gives the same on DuckDB and on Sail.

`allowed.sql` holds a SELECT a line; together they show every function of the list.
"""

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

from tieline.engine.duck import DuckEngine
from tieline.engine.functions import PORTABLE
from tieline.engine.portable import function_key, violations
from tieline.engine.spark import sail
from tieline.engine.tables import Table
from tieline.errors import TielineError

X = pa.table(
    {
        "n": pa.array([1, 2, 3, None], pa.int64()),
        "t": ["ann@x.com", "Bob_b 12", "", None],
        "f": [2.5, -3.5, 0.4, None],
        "d": [date(2020, 1, 31), date(2020, 3, 1), date(2021, 12, 26), None],
        "e": [date(2020, 2, 29), date(2019, 3, 2), date(2022, 1, 1), None],
        "s": pa.array([datetime(2020, 1, 2, 3, 4, 5)] * 3 + [None], pa.timestamp("us")),
        "l": [[3, 1, 1], [2], [], None],
        "r": [{"a": 1, "b": "q"}, {"a": 2, "b": None}, None, None],
        "b": [True, False, True, None],
        "m": pa.array(["0.10", "2.25", "-7.00", None]).cast(pa.decimal128(10, 2)),
    }
)
Y = pa.table({"n": pa.array([1, 1, 5, None], pa.int64()), "u": ["p", "q", "r", "s"]})

ALLOWED = Path(__file__).with_name("allowed.sql").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def engines(tmp_path_factory):
    try:
        running = sail(tmp_path_factory.mktemp("sail"))
        other = running.__enter__()
    except TielineError as problem:
        pytest.skip(problem.message)
    with DuckEngine(threads=2) as duck:
        for engine in (duck, other):
            engine.load("x", X)
            engine.load("y", Y)
        yield duck, other
    running.__exit__(None, None, None)


def shown(table):
    """Return the rows without order, numbers to nine digits as a spec compares them."""
    return sorted(
        repr([f"{v:.9g}" if isinstance(v, float) else v for v in row.values()])
        for row in table.to_pylist()
    )


@pytest.mark.parametrize("select", ALLOWED)
def test_allowed_selects_agree(engines, select):
    duck, other = engines
    schema = {name: duck.columns(name) for name in ("x", "y")}
    assert violations(select, schema) == []
    for engine in engines:
        engine.create("made", select)
    assert duck.columns("made") == other.columns("made")
    a, b = (Table(engine, "made").arrow() for engine in engines)
    assert a.schema.equals(b.schema)
    assert shown(a) == shown(b)


def test_every_allowed_function_is_shown():
    used = {
        function_key(node)
        for select in ALLOWED
        for node in sqlglot.parse_one(select, dialect="duckdb").find_all(exp.Func)
    }
    assert sorted(PORTABLE - used) == []


def test_both_engines_write_the_same_bytes(engines, tmp_path):
    content = set()
    for number, engine in enumerate(engines):
        engine.create("again", "SELECT *, sum(n) OVER (PARTITION BY t) AS total FROM x")
        engine.write_parquet("again", tmp_path / f"{number}.parquet", ["t"])
        content.add((tmp_path / f"{number}.parquet").read_bytes())
    assert len(content) == 1


def test_files_made_by_one_engine_are_read_by_the_other(engines, tmp_path):
    duck, other = engines
    duck.write_parquet("x", tmp_path / "x.parquet", ["n"])
    other.read_parquet("file", tmp_path / "x.parquet")
    assert other.columns("file") == duck.columns("x")
    assert shown(Table(other, "file").arrow()) == shown(X)
    other.read_parquet("file", tmp_path)
    assert Table(other, "file").rows() == 4
    other.drop("file")
    assert (tmp_path / "x.parquet").exists()


def test_no_rows_keep_their_types(engines):
    for engine in engines:
        engine.create("none", "SELECT * FROM x WHERE n > 99")
        assert Table(engine, "none").rows() == 0
        assert Table(engine, "none").arrow().schema.equals(X.schema)


@pytest.mark.parametrize(
    ("select", "code"),
    [
        ("SELECT nope FROM x", "query_failed"),
        ("SELECT n FROM nothing", "query_failed"),
        ("SELECT n FROM", "query_failed"),
        ("SELECT now() AS v", "no_portable_type"),
        ("SELECT list_unique(l) AS v FROM x", "query_failed"),
    ],
)
def test_failures_are_explained(engines, select, code):
    _, other = engines
    with pytest.raises(TielineError) as caught:
        other.arrow(select)
    assert caught.value.code == code
    with pytest.raises(TielineError):
        other.create("bad", select)
    with pytest.raises(TielineError):
        other.columns("bad")
