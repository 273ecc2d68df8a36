"""The runner: distinct texts, the cache, two processes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tieline.data.values import email, person_name, phone, standardisation
from tieline.data.values.second_process import SecondProcess
from tieline.data.values.standardisation import cache_path, forget, standardise

TABLE = pa.table(
    {
        "mail": ["Bob@Acme.com", "bob@acme.com", None, "Bob@Acme.com", ""],
        "tel": ["030 1234567", "030 1234567", "030 1234567", None, None],
        "land": ["DE", "AT", None, None, None],
    }
)

TABLE_MORE = pa.table(
    {"mail": pa.nulls(1, pa.string()), "tel": ["031 999999"], "land": ["CH"]}, schema=TABLE.schema
)


def test_one_row_per_distinct_tuple_in_order_of_appearance() -> None:
    got = standardise(phone, TABLE, {"phone": "tel", "country": "land"})
    assert got.select(["raw_phone", "raw_country", "phone"]).to_pylist() == [
        {"raw_phone": "030 1234567", "raw_country": "DE", "phone": "+49301234567"},
        {"raw_phone": "030 1234567", "raw_country": "AT", "phone": "+43301234567"},
        {"raw_phone": "030 1234567", "raw_country": None, "phone": None},
        {"raw_phone": None, "raw_country": None, "phone": None},
    ]


def test_inputs_that_no_column_fills_are_null() -> None:
    got = standardise(person_name, pa.table({"n": ["Ann Lee"]}), {"full_name": "n"})
    assert got.column("family_key").to_pylist() == ["lee"]
    assert got.column("raw_native_name").null_count == 1


def test_an_unknown_input_is_refused() -> None:
    with pytest.raises(ValueError, match="no input 'mail'"):
        standardise(email, TABLE, {"mail": "mail"})


def test_an_empty_table_gives_no_rows() -> None:
    got = standardise(email, TABLE.slice(0, 0), {"email": "mail"})
    assert got.num_rows == 0
    assert "email_key" in got.column_names


def test_the_cache_gives_the_same_answer_and_is_used(tmp_path: Path) -> None:
    plain = standardise(phone, TABLE, {"phone": "tel", "country": "land"})
    worked: list[tuple[int, int]] = []
    for _ in range(2):
        cached = standardise(
            phone,
            TABLE,
            {"phone": "tel", "country": "land"},
            tmp_path,
            lambda done, total: worked.append((done, total)),
        )
        assert cached.equals(plain)
    assert worked == [(4, 4)]
    more = pa.concat_tables([TABLE, TABLE_MORE])
    standardise(
        phone,
        more,
        {"phone": "tel", "country": "land"},
        tmp_path,
        lambda done, total: worked.append((done, total)),
    )
    assert worked[1:] == [(1, 1)]


def test_null_and_empty_and_odd_texts_are_kept_apart_in_the_cache(tmp_path: Path) -> None:
    texts = [None, "", "\x00", "\x1f", "a\x1fb", "a"]
    others = ["b", "", None, "", "b", "\x1fb"]
    table = pa.table({"tel": texts, "land": others})
    columns = {"phone": "tel", "country": "land"}
    standardise(phone, table, columns, tmp_path)
    again = standardise(phone, table, columns, tmp_path)
    assert again.select(["raw_phone", "raw_country"]).to_pylist() == [
        {"raw_phone": text, "raw_country": other} for text, other in zip(texts, others, strict=True)
    ]


@pytest.mark.parametrize("damage", [b"", b"PAR1 not really", b"\x00" * 100])
def test_a_damaged_cache_file_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    path = cache_path(email, tmp_path)
    path.write_bytes(damage)
    got = standardise(email, TABLE, {"email": "mail"}, tmp_path)
    assert got.column("email_key").to_pylist() == ["bob@acme.com", "bob@acme.com", None, None]
    assert path.stat().st_size > 200
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_forget_deletes_the_raw_texts(tmp_path: Path) -> None:
    standardise(email, TABLE, {"email": "mail"}, tmp_path)
    forget(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_gives_the_same_rows() -> None:
    inputs = pa.table({"email": ["Bob@Acme.com", None, "n/a", "jürgen@müller.de"]})
    got = SecondProcess(email.__name__, inputs).result()
    assert got.equals(email.standardise(inputs))


@pytest.mark.parametrize("worth", [0.0, 1e9])
def test_work_shared_by_two_processes_keeps_its_order(
    monkeypatch: pytest.MonkeyPatch, worth: float
) -> None:
    monkeypatch.setattr(standardisation, "_TRIAL_ROWS", 10)
    monkeypatch.setattr(standardisation, "_PROCESS_START_SECONDS", 0.0)
    monkeypatch.setattr(standardisation, "_SECONDS_WORTH_A_PROCESS", worth)
    texts = [f"Person.{number}@Acme{number % 7}.com" for number in range(1000)]
    done: list[int] = []
    got = standardise(
        email,
        pa.table({"m": texts}),
        {"email": "m"},
        progress=lambda rows, total: done.append(rows),
    )
    assert got.column("raw_email").to_pylist() == texts
    assert got.column("email").to_pylist() == [text.lower() for text in texts]
    assert done[-1] == 1000
    assert done == sorted(done)
