"""The default engine keeps tables as they are, explains failures and writes equal bytes."""

import hashlib
import resource
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tieline.engine.duck import DuckEngine
from tieline.engine.parquet import ROW_GROUP
from tieline.engine.tables import Table
from tieline.errors import TielineError


@pytest.fixture
def engine(tmp_path):
    with DuckEngine(tmp_path / "scratch", threads=2) as engine:
        yield engine


def people(count):
    return pa.table(
        {
            "record_id": pa.array([f"r{(n * 7919) % count:07d}" for n in range(count)]),
            "row_number": pa.array(range(count), pa.int64()),
            "city": pa.array([None if n % 5 == 0 else f"Town {n % 97}" for n in range(count)]),
            "score": pa.array([n / 7 for n in range(count)]),
        }
    )


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_equal_tables_are_equal_bytes_whatever_threads_and_history(tmp_path):
    rows = people(4 * ROW_GROUP + 17)
    digests = set()
    for threads in (1, 2, 4, 4):
        with DuckEngine(threads=threads) as engine:
            # Same rows, cut and ordered otherwise each time.
            start = threads * 1013
            engine.load("a", pa.concat_tables([rows.slice(start), rows.slice(0, start)]))
            engine.create("b", "SELECT * FROM a WHERE row_number >= 0")
            engine.write_parquet("b", tmp_path / "b.parquet", ["record_id"])
            digests.add(digest(tmp_path / "b.parquet"))
    assert len(digests) == 1
    assert pq.read_metadata(tmp_path / "b.parquet").num_row_groups == 5
    assert pq.read_table(tmp_path / "b.parquet").equals(rows.sort_by("record_id"))


def test_rows_that_the_sort_key_leaves_tied_are_ordered_by_all_other_columns(tmp_path):
    rows = pa.table({"kind": ["x", "x", "y", "x"], "value": [3, None, 1, 2]})
    digests = set()
    for start in range(4):
        with DuckEngine() as engine:
            engine.load("a", pa.concat_tables([rows.slice(start), rows.slice(0, start)]))
            engine.write_parquet("a", tmp_path / "a.parquet", ["kind"])
            digests.add(digest(tmp_path / "a.parquet"))
    assert len(digests) == 1


def test_one_changed_cell_changes_the_bytes(engine, tmp_path):
    engine.load("a", people(100))
    engine.create(
        "b", "SELECT * REPLACE (CASE row_number WHEN 7 THEN 'X' ELSE city END AS city) FROM a"
    )
    engine.write_parquet("a", tmp_path / "a.parquet", ["record_id"])
    engine.write_parquet("b", tmp_path / "b.parquet", ["record_id"])
    assert digest(tmp_path / "a.parquet") != digest(tmp_path / "b.parquet")


def test_a_table_without_rows_keeps_its_columns_through_a_file(engine, tmp_path):
    engine.create("a", "SELECT 1::BIGINT AS n, 'x' AS t, DATE '2024-01-01' AS d WHERE false")
    engine.write_parquet("a", tmp_path / "a.parquet", ["n"])
    engine.read_parquet("b", tmp_path / "a.parquet")
    assert engine.columns("b") == {"n": "BIGINT", "t": "VARCHAR", "d": "DATE"}
    assert Table(engine, "b").rows() == 0


def test_a_folder_of_files_is_one_table(engine, tmp_path):
    for n in (1, 2):
        engine.load("part", pa.table({"n": [n]}))
        engine.write_parquet("part", tmp_path / f"part{n}.parquet", ["n"])
    engine.read_parquet("whole", tmp_path)
    assert engine.arrow("SELECT n FROM whole ORDER BY n").to_pydict() == {"n": [1, 2]}


def test_load_keeps_rows_order_types_and_nulls(engine):
    rows = people(3000)
    engine.load("a", rows)
    assert Table(engine, "a").arrow().equals(rows)
    assert Table(engine, "a").arrow(["city"]).column_names == ["city"]


def test_a_column_of_nothing_but_null_is_text(engine):
    engine.load("a", pa.table({"n": [1, 2], "nothing": pa.nulls(2)}))
    assert engine.columns("a") == {"n": "BIGINT", "nothing": "VARCHAR"}


def test_a_new_table_replaces_the_old_one_also_where_it_reads_it(engine, tmp_path):
    engine.load("a", pa.table({"n": [1, 2]}))
    engine.write_parquet("a", tmp_path / "a.parquet", ["n"])
    engine.create("a", "SELECT n + 1 AS n FROM a")
    engine.read_parquet("a", tmp_path / "a.parquet")
    engine.create("a", "SELECT n + 10 AS n FROM a")
    assert engine.arrow("SELECT n FROM a ORDER BY n").to_pydict() == {"n": [11, 12]}
    engine.drop("a")
    engine.drop("a")
    with pytest.raises(TielineError, match="does not exist"):
        engine.columns("a")


def test_a_cursor_works_beside_the_engine_in_its_own_schema(engine):
    engine.load("people", pa.table({"n": [1, 2]}))
    cursor = engine.cursor("side")
    cursor.sql("CREATE TABLE pairs AS SELECT * FROM people")
    engine.create("pairs", "SELECT 5 AS n")
    assert cursor.sql("SELECT n FROM pairs ORDER BY n").fetchall() == [(1,), (2,)]
    assert engine.arrow("SELECT n FROM pairs").to_pydict() == {"n": [5]}
    cursor.close()


def test_more_data_than_memory_spills_into_scratch_and_leaves_nothing(tmp_path):
    with DuckEngine(tmp_path, memory_limit="150MB", threads=2) as engine:
        engine.create("a", "SELECT range AS n, md5(range::VARCHAR) AS t FROM range(4000000)")
        engine.create("b", "SELECT *, n % 7 AS g FROM a ORDER BY t")
        used = sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
        assert used > 10_000_000
        assert Table(engine, "b").rows() == 4_000_000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (lambda e, d: e.read_parquet("a", d / "none.parquet"), "missing_file", "none.parquet"),
        (lambda e, d: e.read_parquet("a", d), "missing_file", "no such Parquet file"),
        (lambda e, d: e.arrow("SELECT nope FROM people"), "query_failed", "nope"),
        (lambda e, d: e.columns("a; DROP"), "bad_table_name", "lower case"),
        (
            lambda e, d: e.write_parquet("people", d / "x" / "y.parquet", []),
            "cannot_write",
            "y.parq",
        ),
        (lambda e, d: e.write_parquet("people", d / "y.parquet", ["nope"]), "query_failed", "nope"),
    ],
)
def test_failures_are_explained(engine, tmp_path, call, code, said):
    engine.load("people", people(3))
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(TielineError, match=said) as caught:
        call(engine, folder)
    assert caught.value.code == code
    assert list(folder.iterdir()) == []
    assert Table(engine, "people").rows() == 3


def test_a_sort_that_memory_cannot_hold_is_explained(tmp_path):
    with DuckEngine(tmp_path / "scratch", threads=1) as engine:
        engine.create("a", "SELECT range AS n, repeat('x', 50) AS t FROM range(500000)")
        engine.arrow("SELECT 1 AS one")
        engine.cursor().execute("SET memory_limit = '8MB'").fetchall()
        with pytest.raises(TielineError) as caught:
            engine.write_parquet("a", tmp_path / "a.parquet", ["t", "n"])
    assert caught.value.code == "out_of_memory"
    assert not (tmp_path / "a.parquet").exists()


def test_a_python_variable_never_answers_for_a_table(engine):
    secret = pa.table({"n": [1]})
    with pytest.raises(TielineError, match="secret"):
        engine.arrow("SELECT * FROM secret")
    assert secret.num_rows == 1


SPILL = """
import sys
from pathlib import Path
from tieline.engine.duck import DuckEngine
from tieline.errors import TielineError
with DuckEngine(Path(sys.argv[1]), memory_limit="120MB", threads=2) as engine:
    try:
        engine.create("a", "SELECT md5(range::VARCHAR) AS t FROM range(6000000) ORDER BY t")
    except TielineError as problem:
        print(problem.code)
        print(engine.arrow("SELECT 1 AS one").num_rows)
"""


def test_a_full_disk_while_spilling_is_explained_and_the_engine_lives(tmp_path):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    done = subprocess.run(
        [sys.executable, "-c", SPILL, str(tmp_path)],
        preexec_fn=small_files,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split() == ["disk_full", "1"], done.stderr
    assert list(Path(tmp_path).iterdir()) == []
