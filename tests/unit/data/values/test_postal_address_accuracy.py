"""How many addresses of public samples are read right: floors that a change may raise, not sink."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tieline.data.values import postal_address
from tieline.data.values.folding import fold_words
from tieline.data.values.place_gazetteer import country_places, covered_countries
from tieline.data.values.place_key import place_key
from tieline.data.values.place_regions import country_rules

DATA = Path(__file__).parents[5] / "shared" / "data"
HOUSE = {"AddressNumberPrefix", "AddressNumber", "AddressNumberSuffix"}
# The samples' other labels (corners, buildings, recipients) have no column of ours.
NOT_OURS_TEXT = "IntersectionSeparator BuildingName LandmarkName Recipient USPSBoxGroupID CornerOf"
NOT_OURS = set(NOT_OURS_TEXT.split())


def folder(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"sample data {name} is not here")
    return path


def standard_all(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    columns = {name: [row.get(name) or None for row in rows] for name in postal_address.INPUTS}
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    result: list[dict[str, Any]] = postal_address.standardise(table).to_pylist()
    return result


def labelled(path: Path) -> list[tuple[str, dict[str, str]]]:
    """Text and wanted fields of every address of a usaddress training file."""
    found = []
    for address in ET.parse(path).getroot().iter("AddressString"):
        labels: dict[str, list[str]] = defaultdict(list)
        for token in address:
            labels[token.tag].append(re.sub(r"[,;.()]+$", "", (token.text or "").strip()))
        if set(labels) & NOT_OURS:
            continue

        def joined(tags: set[str], labels: dict[str, list[str]] = labels) -> str:
            return fold_words(" ".join(" ".join(v) for k, v in labels.items() if k in tags))

        wanted = {
            "house_number": joined(HOUSE).replace(" ", ""),
            "street": joined({tag for tag in labels if tag.startswith("StreetName")}),
            "city": place_key(joined({"PlaceName"}), "US"),
            "region": country_rules("US").region_code(joined({"StateName"})) or "",
            "postcode": joined({"ZipCode", "ZipPlus4"}).replace(" ", "").zfill(5),
            "po_box": joined({"USPSBoxID"}),
        }
        if wanted["postcode"] == "00000":
            wanted["postcode"] = ""
        found.append(("".join(address.itertext()).strip(), wanted))
    return found


def shares(path: Path) -> dict[str, float]:
    """Share of addresses that have the field and got it right."""
    data = labelled(path)
    rows = standard_all([{"full_address": text, "default_country": "US"} for text, _ in data])
    asked, right = Counter[str](), Counter[str]()
    for (_, wanted), row in zip(data, rows, strict=True):
        got = {name: fold_words(row[name] or "") for name in wanted}
        got["house_number"] = got["house_number"].replace(" ", "")
        got["postcode"] = got["postcode"].replace(" ", "")
        got["region"] = row["region"] or ""
        got["city"] = place_key(row["city"] or "", "US")
        for name, value in wanted.items():
            if value:
                asked[name] += 1
                repaired = name == "city" and row["address_issue"] in ("city_typo", "city_alias")
                right[name] += got[name] == value or repaired
    return {name: right[name] / asked[name] for name in asked}


@pytest.mark.parametrize(
    ("file", "floors"),
    [
        (
            "labeled.xml",
            {"house_number": 0.94, "street": 0.79, "city": 0.91, "region": 0.97, "postcode": 0.98},
        ),
        (
            "us50_train_tagged.xml",
            {"house_number": 0.97, "street": 0.93, "city": 0.97, "region": 0.99, "postcode": 0.99},
        ),
        (
            "us50_messiest_manual_label.xml",
            {"street": 0.99, "city": 0.99, "region": 0.99, "postcode": 0.99},
        ),
    ],
)
def test_fields_of_labelled_american_addresses(file: str, floors: dict[str, float]) -> None:
    measured = shares(folder("normalisation_suites/usaddress") / file)
    assert {name: measured[name] for name in floors if measured[name] < floors[name]} == {}


def test_northwind_customers_all_get_country_and_street() -> None:
    path = folder("northwind")
    sample = json.loads((path / "customers.json").read_text("utf-8"))
    names = {
        "address_line1": "Address",
        "city": "City",
        "region": "Region",
        "postcode": "PostalCode",
        "country": "Country",
    }
    rows = standard_all([{ours: row[its] for ours, its in names.items()} for row in sample])
    assert all(row["country"] and row["address_line"] for row in rows)
    with_number = sum(row["house_number"] is not None for row in rows)
    assert with_number / len(rows) >= 0.88
    verdicts = Counter(row["address_verdict"] for row in rows)
    assert (verdicts["ok"] + verdicts["corrected"]) / len(rows) >= 0.7


def test_most_addresses_of_real_stores_are_plausible() -> None:
    path = folder("adventureworks_b2b") / "clean" / "org_contacts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        sample = list(csv.DictReader(file))
    rows = standard_all(
        [
            {
                "address_line1": row["address1"],
                "address_line2": row["address2"],
                "city": row["city"],
                "region": row["state"],
                "postcode": row["postcode"],
                "country": row["country"],
            }
            for row in sample
        ]
    )
    verdicts = Counter(row["address_verdict"] for row in rows)
    assert (verdicts["ok"] + verdicts["corrected"]) / len(rows) >= 0.92


def test_addresses_of_the_senzing_lists_in_any_layout_give_a_street_line() -> None:
    sample = []
    for name in ("customers.csv", "reference.csv", "watchlist.csv"):
        with (folder("senzing_truthset/demo") / name).open(encoding="utf-8", newline="") as file:
            sample += [
                {
                    "full_address": row.get("ADDR_FULL"),
                    "address_line1": row.get("ADDR_LINE1"),
                    "city": row["ADDR_CITY"],
                    "region": row["ADDR_STATE"],
                    "postcode": row["ADDR_POSTAL_CODE"],
                    "country": row["ADDR_COUNTRY"],
                }
                for row in csv.DictReader(file)
            ]
    given = [row for row in sample if row["full_address"] or row["address_line1"]]
    rows = standard_all(given)
    assert sum(row["address_line"] is not None for row in rows) / len(rows) >= 0.97
    assert sum(row["city"] is not None for row in rows) / len(rows) >= 0.85


def test_restaurants_get_a_house_number() -> None:
    path = folder("magellan_restaurants")
    sample = []
    for name in ("fodors.csv", "zagats.csv"):
        with (path / name).open(encoding="utf-8", newline="") as file:
            sample += list(csv.DictReader(file))
    rows = standard_all(
        [
            {"address_line1": row["addr"], "city": row["city"], "default_country": "US"}
            for row in sample
        ]
    )
    numbered = [
        (row, given) for row, given in zip(rows, sample, strict=True) if given["addr"][:1].isdigit()
    ]
    assert sum(row["house_number"] is not None for row, _ in numbered) / len(numbered) >= 0.97


def test_twenty_countries_and_more_know_their_postcodes() -> None:
    wanted = "DE FR GB IT ES NL BE AT CH SE NO DK FI PL CZ PT IE HU RO SK SI HR LT LV EE CA AU NZ"
    wanted += " BR MX IN JP US"
    assert set(wanted.split()) <= set(covered_countries())
    assert all(len(country_places(iso2).rows) > 100 for iso2 in wanted.split())
