"""https://github.com/zinggAI/zingg/issues/1239: the same records, in more groups in a bigger file.

There 28 similar records come out in 6 groups among 2.6 million and in 24 among 14.5 million, by the
same model. Here what a pair weighs depends on the pair and the pinned weights alone, how common a
name is included.
"""

import shutil
from itertools import cycle, islice
from pathlib import Path

import pytest

from tieline.data.sources.landing import land
from tieline.demo.world import generate
from tieline.workspace import Workspace

HEADER = (
    "Name", "Email", "Company", "Job Title", "Phone", "Last Modified", "Street", "City", "State",
    "Zip", "Country",
)  # fmt: skip
NAMES = (
    "Tomás Rivera",
    "Rivera, Tomas",
    "Tomas Rivera",
    "T. Rivera",
    "Tomas J Rivera",
    "Tom Rivera",
)
EMAILS = ("t.rivera@alderpumps.com", "", "tomas.rivera@alderpumps.com", "TRIVERA@ALDERPUMPS.COM")
COMPANIES = (
    "Alder Pumps Inc",
    "Alder Pumps, Inc.",
    "ALDER PUMPS",
    "Alder Pumps Incorporated",
    "Alder",
)
TITLES = ("Plant Manager", "", "Head of Production")
PHONES = ("+1 312 555 0177", "", "(312) 555-0177", "312.555.0100")
SIMILAR = [
    (name, email, company, title, phone, "2023-04-01",
     "410 N Michigan Ave", "Chicago", "IL", "60611", "US")
    for name, email, company, title, phone in islice(
        zip(*map(cycle, (NAMES, EMAILS, COMPANIES, TITLES, PHONES)), strict=False), 28)
]  # fmt: skip


@pytest.fixture(scope="module")
def alone_and_among_many(empty_market, tmp_path_factory):
    """The 28 with nobody else, and inside a market of thousands, judged by the same weights."""
    folder = tmp_path_factory.mktemp("lists")
    alone = empty_market
    alone.add(folder, "similar", HEADER, SIMILAR)
    many = type(alone)(Workspace.create(folder / "many"))
    many.add(folder, "similar", HEADER, SIMILAR)
    for file in generate(folder, records=2_500, sources=6, seed=5).lists:
        for landed in land(str(Path(file)), many.workspace.landed_dir):
            many.workspace.remember(landed)
    many.build()
    shutil.copytree(
        many.workspace.parameters_dir, alone.workspace.parameters_dir, dirs_exist_ok=True
    )
    alone.build()
    return alone, many


@pytest.mark.parametrize("entity", ["contact_id", "account_id", "site_id"])
def test_the_same_records_are_in_the_same_groups(alone_and_among_many, entity):
    groups = []
    for market in alone_and_among_many:
        rows = market.rows("record_entities", source="similar")
        assert len(rows) == len(SIMILAR)
        found = {}
        for row in rows:
            found.setdefault(row[entity], set()).add(row["row_number"])
        groups.append(sorted(map(sorted, found.values())))
    assert groups[0] == groups[1]
    assert max(map(len, groups[0])) > len(SIMILAR) / 2


@pytest.mark.parametrize("kind", ["contact", "account"])
def test_a_pair_weighs_the_same(alone_and_among_many, kind):
    weights = []
    for market in alone_and_among_many:
        rows = {
            row["record_id"]: row["row_number"]
            for row in market.rows("record_entities", source="similar")
        }
        numbers = {}
        for row in market.rows(f"record_{kind}s"):
            if row["record_id"] in rows:
                numbers.setdefault(row["node"], []).append(rows[row["record_id"]])
        said = {}
        for link in market.rows(f"{kind}_links"):
            pair = (link["left_node"], link["right_node"])
            if all(node in numbers for node in pair):
                said[frozenset(min(numbers[node]) for node in pair)] = link["weight"]
        weights.append(said)
    alone, among_many = weights
    both = alone.keys() & among_many.keys()
    assert len(both) > 30
    assert {pair: alone[pair] for pair in both} == {pair: among_many[pair] for pair in both}
