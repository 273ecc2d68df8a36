"""The runner: distinct texts, the cache, two processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

from tieline.data.values import email, person_name, phone, shared_work, standardisation
from tieline.data.values.second_process import SecondProcess, SecondProcessError
from tieline.data.values.standardisation import cache_path, forget, standardise, standardise_all

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


def test_a_second_process_gives_the_same_rows_as_often_as_it_is_asked() -> None:
    inputs = pa.table({"email": ["Bob@Acme.com", None, "n/a", "jürgen@müller.de"]})
    names = pa.table({"full_name": ["Ann Lee"]})
    with SecondProcess() as second:
        for _ in range(2):
            got = second.standardise(email.__name__, inputs)
            assert got.equals(email.standardise(inputs))
        got = second.standardise(person_name.__name__, names)
    assert got.equals(person_name.standardise(names))


def test_a_second_process_that_cannot_work_says_so() -> None:
    inputs = pa.table({"email": ["Bob@Acme.com"]})
    with SecondProcess() as second:
        with pytest.raises(SecondProcessError):
            second.standardise("tieline.data.values.no_such_kind", inputs)
        assert not second.can_work


@pytest.mark.parametrize("worth", [0, 1_000_000])
def test_work_shared_by_two_processes_keeps_its_order(
    monkeypatch: pytest.MonkeyPatch, worth: int
) -> None:
    monkeypatch.setattr(standardisation, "_CHUNK_ROWS", 50)
    monkeypatch.setattr(shared_work, "ROWS_WORTH_A_PROCESS", worth)
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


def test_work_is_finished_here_when_the_second_process_cannot_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standardisation, "_CHUNK_ROWS", 2)
    monkeypatch.setattr(shared_work, "ROWS_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    texts = [f"bob{number}@acme.com" for number in range(9)]
    got = standardise(email, pa.table({"m": texts}), {"email": "m"})
    assert got.column("email").to_pylist() == texts


def test_several_kinds_at_once_keep_their_places(tmp_path: Path) -> None:
    mails = pa.table({"email": ["a@acme.com", "b@acme.com"]})
    names = pa.table(
        {name: ["Ann Lee"] if name == "full_name" else [None] for name in person_name.INPUTS},
        schema=pa.schema([(name, pa.string()) for name in person_name.INPUTS]),
    )
    for cache in (None, tmp_path, tmp_path):
        with SecondProcess() as second:
            got = standardise_all([(email, mails), (person_name, names)], cache, second)
        assert got[0].column("email").to_pylist() == ["a@acme.com", "b@acme.com"]
        assert got[1].column("family_key").to_pylist() == ["lee"]
