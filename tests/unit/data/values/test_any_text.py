"""Whatever is in a cell: no kind raises, answers are stable, and display forms stay as they are."""

from __future__ import annotations

import re
from types import ModuleType

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tieline.data.values import (
    amount,
    company_name,
    date,
    domain,
    email,
    job_title,
    moment,
    person_name,
    phone,
)

KINDS = (person_name, company_name, phone, email, domain, date, moment, job_title, amount)
CHECKS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
# Texts that look like the kind's own, so that more than the first test of each is reached.
PIECES = r"""
Dr. von Müller & GmbH and Co. KG Jr. ( ) , Smith J. @ acme.com +49 0 (0) 12 31 2020 / - 1.234 k €
VP of Mar x ext ' " . e CEO 王小明 ÆØ ß ² ٣ dba c/o # * Inc 5 . +1 \
"""
WORDS = st.sampled_from([*PIECES.split(), "\u200b", " "])
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(WORDS, max_size=8).map(" ".join),
    st.lists(WORDS, max_size=6).map("".join),
)


def table(kind: ModuleType, column: str, texts: list[str | None]) -> pa.Table:
    columns = {name: pa.nulls(len(texts), pa.string()) for name in kind.INPUTS}
    return pa.table({**columns, column: pa.array(texts, pa.string())})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__.rpartition(".")[2])
@CHECKS
@given(data=st.data())
def test_no_text_raises(kind: ModuleType, data: st.DataObject) -> None:
    rows = data.draw(
        st.lists(
            st.tuples(*(st.one_of(st.none(), TEXTS) for _ in kind.INPUTS)), min_size=1, max_size=5
        )
    )
    columns = list(zip(*rows, strict=True))
    raw = pa.table(
        {name: pa.array(c, pa.string()) for name, c in zip(kind.INPUTS, columns, strict=True)}
    )
    got = kind.standardise(raw)
    assert got.schema.equals(kind.OUTPUT)
    assert got.num_rows == len(rows)
    assert got.equals(kind.standardise(raw))
    for name in got.column_names:
        texts = got.column(name).to_pylist() if got.schema.field(name).type == pa.string() else []
        assert "" not in texts
        if name in ("given_key", "family_key", "name_key", "company_key", "title_key"):
            assert all(re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)*", text) for text in texts if text)
        if name.endswith("_issue"):
            assert set(texts) - {None} <= set(kind.ISSUES)


@pytest.mark.parametrize("length", [1_000, 100_000])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__.rpartition(".")[2])
def test_a_document_in_a_cell_is_survived(kind: ModuleType, length: int) -> None:
    for unit in ("a", "1", "1,", " x", "(", "a@b.c ", "-.", "Co "):
        text = (unit * length)[:length]
        assert kind.standardise(table(kind, kind.INPUTS[0], [text])).num_rows == 1


@CHECKS
@given(TEXTS)
@example("Www.Acme.Com")
@example("E.ON SE")
def test_company_display_is_final(text: str) -> None:
    once = company_name.standardise(table(company_name, "company", [text])).column("company")
    twice = company_name.standardise(table(company_name, "company", once.to_pylist()))
    assert twice.column("company").to_pylist() == once.to_pylist()


@CHECKS
@given(TEXTS)
def test_email_is_final(text: str) -> None:
    once = email.standardise(table(email, "email", [text])).column("email").to_pylist()
    again = email.standardise(table(email, "email", once)).column("email").to_pylist()
    assert again == once


@CHECKS
@given(TEXTS)
def test_domain_is_final(text: str) -> None:
    once = domain.standardise(table(domain, "website", [text])).column("domain").to_pylist()
    again = domain.standardise(table(domain, "website", once)).column("domain").to_pylist()
    assert again == once


@CHECKS
@given(TEXTS)
def test_phone_is_final(text: str) -> None:
    once = phone.standardise(table(phone, "phone", [text])).column("phone").to_pylist()
    again = phone.standardise(table(phone, "phone", once)).column("phone").to_pylist()
    assert again == once


@CHECKS
@given(TEXTS)
def test_job_title_is_final(text: str) -> None:
    once = job_title.standardise(table(job_title, "title", [text])).column("title").to_pylist()
    again = job_title.standardise(table(job_title, "title", once)).column("title").to_pylist()
    assert again == once


PREFIXES = st.sampled_from(["", "Dr. ", "Herr ", "Prof. Dr. ", "Mr. & Mrs. "])
GIVEN = st.sampled_from(["Anna", "HANS", "peter", "Jean-Luc", "J.", "J.R.", "Иван", "Mary Ann"])
FAMILY = st.sampled_from(
    ["Müller", "O'NEILL", "van der Berg", "SMITH", "García López", "mcdonald", "Иванов", "Lee"]
)
SUFFIXES = st.sampled_from(["", " Jr.", ", MBA", " PhD", ", M.D."])
NAMES = st.builds(
    lambda prefix, given_name, family, suffix, comma: (
        f"{prefix}{family}, {given_name}{suffix}"
        if comma
        else f"{prefix}{given_name} {family}{suffix}"
    ),
    *(PREFIXES, GIVEN, FAMILY, SUFFIXES, st.booleans()),
)


@CHECKS
@given(NAMES)
def test_person_display_is_final(text: str) -> None:
    first = person_name.standardise(table(person_name, "full_name", [text]))
    once = first.column("full_name").to_pylist()
    again = person_name.standardise(table(person_name, "full_name", once)).column("full_name")
    assert again.to_pylist() == once


def test_two_zeros_apart_are_no_reason_to_fail() -> None:
    got = phone.standardise(table(phone, "phone", ["0 0/49-30 1234567"]))
    assert got.num_rows == 1
