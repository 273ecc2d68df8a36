"""Every row of the case tables: what a raw text becomes."""

from __future__ import annotations

import csv
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest

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
CASES = Path(__file__).parents[3] / "cases"


def read(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def noun(kind: ModuleType) -> str:
    return kind.__name__.rpartition(".")[2]


def written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def raw_table(kind: ModuleType, rows: list[dict[str, str]]) -> pa.Table:
    texts = {name: [row.get(f"raw_{name}") or None for row in rows] for name in kind.INPUTS}
    return pa.table({name: pa.array(column, pa.string()) for name, column in texts.items()})


@pytest.mark.parametrize("kind", KINDS, ids=noun)
def test_case_table(kind: ModuleType) -> None:
    rows = read(noun(kind))
    got = kind.standardise(raw_table(kind, rows))
    assert got.schema.equals(kind.OUTPUT)
    wrong = []
    for row, values in zip(rows, got.to_pylist(), strict=True):
        expected = {name: text for name, text in row.items() if not name.startswith("raw_")}
        found = {name: written(values[name]) for name in expected}
        if found != expected:
            raw = {name: text for name, text in row.items() if name.startswith("raw_") and text}
            changed = {n: (expected[n], found[n]) for n in expected if expected[n] != found[n]}
            wrong.append((raw, changed))
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS, ids=noun)
def test_every_issue_code_of_the_cases_has_a_sentence(kind: ModuleType) -> None:
    column = next((name for name in kind.OUTPUT.names if name.endswith("_issue")), None)
    if column is None:
        assert kind.ISSUES == {}
        return
    rows = read(noun(kind))
    used = set(kind.standardise(raw_table(kind, rows)).column(column).to_pylist()) - {None}
    assert used
    assert used <= set(kind.ISSUES)


def keys(kind: ModuleType, column: str, output: str, text: str) -> Any:
    row = {name: [text if name == column else None] for name in kind.INPUTS}
    table = pa.table({name: pa.array(value, pa.string()) for name, value in row.items()})
    return kind.standardise(table).column(output)[0].as_py()


@pytest.mark.parametrize(
    "pair", read("company_pairs"), ids=lambda pair: f"{pair['first']}|{pair['second']}"
)
def test_company_pairs(pair: dict[str, str]) -> None:
    first, second = (
        keys(company_name, "company", "company_key", pair[side]) for side in ("first", "second")
    )
    assert (first == second) is (pair["verdict"] == "same"), (first, second)


def test_two_mercks_share_their_words_and_differ_in_legal_form() -> None:
    core = [keys(company_name, "company", "company_core", t) for t in ("Merck KGaA", "Merck & Co.")]
    form = [keys(company_name, "company", "legal_form", t) for t in ("Merck KGaA", "Merck & Co.")]
    assert core == ["merck", "merck"]
    assert form == ["KGaA", "Co"]


@pytest.mark.parametrize(
    ("short", "formal"),
    [
        *[("Bob", "robert"), ("Bill", "william"), ("Mike", "michael"), ("Liz", "elizabeth")],
        *[("Sepp", "josef"), ("Uli", "ulrich"), ("Pepe", "jose"), ("Nacho", "ignacio")],
        *[("Gigi", "luigi"), ("Kees", "cornelis"), ("Kasia", "katarzyna"), ("Steven", "stephen")],
        *[("Juergen", "jurgen"), ("Jürgen", "jurgen"), ("Alex", "alex"), ("Chris", "chris")],
        *[("Anna", "anna"), ("Hannah", "hannah"), ("J.", None), ("Hans-Peter", "hans peter")],
    ],
)
def test_nickname_families(short: str, formal: str | None) -> None:
    assert keys(person_name, "given_name", "given_root", short) == formal


@pytest.mark.parametrize(("first", "second"), [("Bill", "Bob"), ("Anna", "Hannah"), ("Al", "Ali")])
def test_unrelated_names_are_not_joined(first: str, second: str) -> None:
    roots = [keys(person_name, "given_name", "given_root", name) for name in (first, second)]
    assert roots[0] != roots[1]


@pytest.mark.parametrize(
    "spellings",
    [
        ("Müller", "Mueller", "Muller", "MÜLLER", "MUELLER"),
        ("Jörg", "Joerg", "Jorg"),
        ("Schäfer", "Schaefer", "Schafer"),
        ("O'Neill", "ONeill", "O’Neill"),
        ("Groß", "Gross"),
    ],
)
def test_spellings_of_one_name_have_one_key(spellings: tuple[str, ...]) -> None:
    found = {keys(person_name, "family_name", "family_key", name) for name in spellings}
    assert len(found) == 1


@pytest.mark.parametrize("name", ["Manuel", "Joel", "Michael", "Miguel", "Enrique", "Samuel"])
def test_names_with_ue_and_ae_of_their_own_keep_them(name: str) -> None:
    assert keys(person_name, "given_name", "given_key", name) == name.lower()
