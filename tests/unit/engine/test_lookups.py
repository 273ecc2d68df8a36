"""A file to look things up in: written once, read by several threads, never changed by a reader."""

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tieline.engine.duck import DuckEngine
from tieline.engine.lookups import LookupEngine, write_lookups
from tieline.errors import TielineError

PEOPLE = 5_000


@pytest.fixture
def tables(tmp_path):
    people = pa.table(
        {
            "contact_id": [f"C{n:014d}" for n in range(PEOPLE)],
            "account_id": [f"A{n % 97:014d}" for n in range(PEOPLE)],
        }
    )
    pq.write_table(people, tmp_path / "people.parquet")
    pq.write_table(pa.table({"note": ["kept apart"]}), tmp_path / "notes.parquet")
    return {name: tmp_path / f"{name}.parquet" for name in ("people", "notes")}


@pytest.fixture
def engine(tables, tmp_path):
    write_lookups(
        tmp_path / "looked.duckdb",
        {"people": tables["people"]},
        {"accounts": "SELECT account_id, count(*) AS people FROM people GROUP BY account_id"},
        {"people": ["contact_id", "account_id"], "no_such_table": ["id"]},
        scratch=tmp_path / "scratch",
    )
    with LookupEngine(
        tmp_path / "looked.duckdb", tables, scratch=tmp_path / "scratch", memory_limit="200MB"
    ) as opened:
        yield opened


def test_tables_of_the_file_and_those_left_in_parquet_are_read_alike(engine):
    assert engine.names() == {"people", "accounts", "notes"}
    assert engine.dicts("SELECT contact_id FROM people WHERE contact_id = 'C00000000000042'") == [
        {"contact_id": "C00000000000042"}
    ]
    assert engine.dicts("SELECT note FROM notes") == [{"note": "kept apart"}]
    assert engine.rows("accounts") == 97


def test_several_threads_look_at_the_same_time(engine):
    def look(number):
        with engine.beside() as mine:
            return sum(
                mine.dicts(f"SELECT people FROM accounts WHERE account_id = 'A{n:014d}'")[0][
                    "people"
                ]
                for n in range(number, 97, 4)
            )

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(look, range(4))) == PEOPLE


def test_a_reader_changes_nothing(engine):
    with pytest.raises(TielineError, match="read-only"):
        engine.create("more", "SELECT 1 AS one")


def test_dicts_are_what_arrow_says(tmp_path):
    select = (
        "SELECT 1::HUGEINT AS whole, 1.5 AS part, DATE '2026-01-02' AS day, "
        "TIMESTAMP '2026-01-02 03:04:05' AS moment, ['a', NULL] AS several, NULL AS nothing"
    )
    with DuckEngine(tmp_path / "scratch") as engine:
        assert engine.dicts(select) == engine.arrow(select).to_pylist()
        with pytest.raises(TielineError, match="DuckDB cannot run"):
            engine.dicts("SELECT no_such_column")
