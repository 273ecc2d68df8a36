"""Postal addresses: cases a reader can check, keys that must be equal, and nothing that crashes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.data.values import postal_address
from tieline.data.values.country import country_code

CASES = Path(__file__).parents[3] / "cases" / "postal_address.csv"
ISSUE_TEXTS = postal_address.ISSUES
VERDICTS = {"ok", "corrected", "unknown_place", "mismatch", "incomplete", "missing"}


def standard(**cells: str | None) -> dict[str, Any]:
    """One address through `standardise`."""
    return standard_all([cells])[0]


def standard_all(rows: list[dict[str, str | None]]) -> list[dict[str, Any]]:
    columns = {name: [row.get(name) for row in rows] for name in postal_address.INPUTS}
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    result: list[dict[str, Any]] = postal_address.standardise(table).to_pylist()
    return result


def cases() -> list[Any]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, str]) -> None:
    given_cells = (
        "address_line1 address_line2 city region postcode country full_address default_country"
    )
    result = standard(**{name: case[name] or None for name in given_cells.split()})
    expected = {name: case[name] for name in ("house_number", "street", "unit", "po_box")}
    expected |= {name: case[f"out_{name}"] for name in ("city", "region", "postcode", "country")}
    expected |= {"address_verdict": case["verdict"], "address_issue": case["issue"]}
    assert {name: result[name] or "" for name in expected} == expected


@pytest.mark.parametrize(
    ("country", "one", "other"),
    [
        ("US", "350 Fifth Avenue", "350 5th Ave."),
        ("US", "100 North Main Street", "100 N Main St"),
        ("US", "1 Saint Marks Place Apt 4", "1 St. Mark's Pl"),
        ("US", "One Microsoft Way", "1 Microsoft Way"),
        ("DE", "Hauptstraße 5", "Hauptstr. 5"),
        ("DE", "Berliner Strasse 5", "Berlinerstr. 5"),
        ("DE", "Müllerstraße 12 b", "Muellerstr. 12b"),
        ("FR", "12 avenue du Général Leclerc", "12, av. Gal Leclerc"),
        ("FR", "3 bd Saint-Michel", "3 boulevard St Michel"),
        ("ES", "Calle de la Luna, 12", "C/ Luna 12"),
        ("ES", "Avda. de América 7", "Avenida América, 7"),
        ("IT", "Piazza Garibaldi 3", "P.za Garibaldi, 3"),
        ("NL", "Kalverstraat 9", "Kalverstr. 9"),
        ("SE", "Storgatan 5", "Storg. 5"),
        ("PL", "ul. Długa 12", "Długa 12"),
        ("BR", "Avenida Paulista, 1000", "Av. Paulista 1000"),
    ],
)
def test_two_spellings_of_one_address_have_one_key(country: str, one: str, other: str) -> None:
    keys = [standard(address_line1=line, city="Sometown", country=country) for line in (one, other)]
    assert keys[0]["address_key"] == keys[1]["address_key"]
    assert keys[0]["address_key"]


@pytest.mark.parametrize(
    ("country", "one", "other"),
    [
        ("US", "350 5th Ave", "350 6th Ave"),
        ("US", "35 N Main St", "35 S Main St"),
        ("US", "1-1 Main St", "11 Main St"),
        ("US", "5 Park Plaza", "5 Park Place"),
        ("DE", "Hauptstr. 5", "Hauptstr. 5a"),
    ],
)
def test_two_addresses_have_two_keys(country: str, one: str, other: str) -> None:
    keys = [standard(address_line1=line, city="Sometown", country=country) for line in (one, other)]
    assert keys[0]["address_key"] != keys[1]["address_key"]


@pytest.mark.parametrize(
    ("line", "country", "unit", "box"),
    [
        ("Hauptstr. 5, 2. OG", "DE", "2. OG", None),
        ("12 rue X, bâtiment B", "FR", "bâtiment B", None),
        ("Calle Luna 12, 3º B", "ES", "3º B", None),
        ("Rua Augusta 100, apto 12", "BR", "apto 12", None),
        ("Rue Haute 5 bte 3", "BE", "bte 3", None),
        ("5/12 High St", "AU", "5", None),
        ("PO Box 77", "US", None, "77"),
        ("BP 123", "FR", None, "123"),
        ("Casilla 456", "CL", None, "456"),
        ("RR 2 Box 18", "US", None, "RR 2 Box 18"),
        ("Apartado 99", "ES", None, "99"),
    ],
)
def test_units_and_boxes(line: str, country: str, unit: str | None, box: str | None) -> None:
    result = standard(address_line1=line, country=country)
    assert (result["unit"], result["po_box"]) == (unit, box)


def test_a_care_of_line_is_no_street() -> None:
    result = standard(
        address_line1="c/o Smith GmbH", address_line2="Hauptstr. 5", country="DE", city="Berlin"
    )
    assert (result["street"], result["house_number"]) == ("Hauptstr.", "5")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UK", "GB"),
        ("U.S.A.", "US"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("D", "DE"),
        ("DEU", "DE"),
        ("日本", "JP"),
        ("Россия", "RU"),
        ("Republic of Korea", "KR"),
        ("The Netherlands", "NL"),
        ("Côte d’Ivoire", "CI"),
        ("Saksa", "DE"),
        ("Atlantis", None),
        ("", None),
        (None, None),
    ],
)
def test_country(text: str | None, code: str | None) -> None:
    assert country_code(text) == code


def test_better_evidence_has_higher_confidence() -> None:
    agree = standard(address_line1="1 Elm St", city="Las Vegas", postcode="89132", country="US")
    typo = standard(address_line1="1 Elm St", city="Las Vagas", postcode="89132", country="US")
    wrong = standard(address_line1="1 Elm St", city="Boston", postcode="89132", country="US")
    no_street = standard(city="Las Vegas", postcode="89132", country="US")
    order = [row["address_confidence"] for row in (agree, typo, no_street, wrong)]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == 4


@pytest.mark.parametrize("cells", [("Suite 450",), (None, "Suite 450"), ("Unit 49",), ("3º",)])
def test_a_unit_alone_is_written_as_it_was_and_is_no_street(cells: tuple[str | None, ...]) -> None:
    lines = dict(zip(("address_line1", "address_line2"), cells, strict=False))
    row = standard(**lines, city="Dallas", region="TX", postcode="75201", country="US")
    assert row["address_line"] == row["unit"] == cells[-1]
    assert (row["street"], row["house_number"], row["address_key"]) == (None, None, None)
    assert (row["address_verdict"], row["address_issue"]) == ("incomplete", "no_street")


def test_a_unit_beside_its_street_or_building_and_a_tower_as_street() -> None:
    place = {"city": "Dallas", "region": "TX", "postcode": "75201", "country": "US"}
    beside = standard(address_line1="100 Main Street", address_line2="Suite 450", **place)
    assert (beside["address_line"], beside["unit"]) == ("100 Main Street", "Suite 450")
    building = standard(address_line1="Suite 450", address_line2="Albion Mills", **place)
    assert (building["address_line"], building["unit"]) == ("Albion Mills", "Suite 450")
    assert standard(address_line1="Tower 5", **place)["address_line"] == "Tower 5"
    assert standard(address_line1="305 Main", **place)["house_number"] == "305"


@pytest.mark.parametrize(
    ("country", "written", "city"),
    [
        ("DE", "Stuttagrt", "Stuttgart"),  # two letters swapped
        ("GB", "Gukldford", "Guildford"),
        ("GB", "Birminghm", "Birmingham"),
        ("FR", "Marseile", "Marseille"),
        ("GB", "Lees", "Lees"),  # a town near Oldham
        ("GB", "Xyzzyford", "Xyzzyford"),
    ],
)
def test_a_misspelt_city_without_postcode(country: str, written: str, city: str) -> None:
    assert standard(address_line1="5 High St", city=written, country=country)["city"] == city


def test_a_misspelling_of_two_cities_is_left_alone() -> None:
    row = standard(address_line1="5 High St", city="Bonbridge", country="GB")
    assert (row["city"], row["address_issue"]) == ("Bonbridge", "unknown_city")  # Ban-, Tonbridge


@pytest.mark.parametrize("city", ["México D.F.", "Mexico City", "Ciudad de México"])
def test_postcodes_of_a_city_are_those_of_its_other_names(city: str) -> None:
    row = standard(
        address_line1="Mataderos 2312", city=city, region="Central America", postcode="05023",
        country="Mexico",
    )  # fmt: skip
    assert row["address_verdict"] in ("ok", "corrected")


TEXT = st.none() | st.text(max_size=30) | st.from_regex(r"[A-Za-z0-9 ,.#/-]{0,40}", fullmatch=True)


@settings(max_examples=150, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(postal_address.INPUTS, TEXT)))
def test_any_text_gives_one_row_with_known_codes(cells: dict[str, str | None]) -> None:
    result = standard(**cells)
    assert result["address_verdict"] in VERDICTS
    assert result["address_issue"] is None or result["address_issue"] in ISSUE_TEXTS
    assert 0.0 <= result["address_confidence"] <= 1.0


def test_empty_table() -> None:
    table = pa.table({name: pa.array([], pa.string()) for name in postal_address.INPUTS})
    assert postal_address.standardise(table).schema == postal_address.OUTPUT
