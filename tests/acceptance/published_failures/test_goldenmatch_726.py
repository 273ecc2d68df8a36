"""https://github.com/benseverndev-oss/goldenmatch/issues/726: what grew too large was left out.

There hundreds of dense groups are given up with a line in the log, and their records are in no
result. Here one person stands on two hundred rows, each of them different, two hundred others share
a common name, and one company has all of them, at two hundred addresses.
"""

from collections import Counter

import pytest

ROWS = 200
HEADER = (
    "Name", "Email", "Company", "Job Title", "Phone", "Last Modified", "Street", "City", "State",
    "Zip", "Country",
)  # fmt: skip
PLACES = [
    ("Chicago", "IL", "60611", "US"),
    ("Seattle", "WA", "98101", "US"),
    ("Boston", "MA", "02116", "US"),
    ("Austin", "TX", "78701", "US"),
    ("Denver", "CO", "80290", "US"),
]


@pytest.fixture(scope="module")
def crowd(empty_market, tmp_path_factory):
    market, folder = empty_market, tmp_path_factory.mktemp("lists")
    badges = [
        ("Grace Whitfield" if row % 3 else "Whitfield, Grace", "grace@elmfreight.com",
         "Elm Freight Corp", f"Owner {row}", f"+1 303 555 {1000 + row}", f"20{row % 20 + 10}-01-01",
         "1700 Broadway", *PLACES[4])
        for row in range(ROWS)
    ]  # fmt: skip
    members = [
        ("John Smith", f"john.smith{row}@elmfreight.com", "Elm Freight Corp", "", "", "2020-01-01",
         f"{100 + row} Main St", *PLACES[row % 5])
        for row in range(ROWS)
    ]  # fmt: skip
    market.add(folder, "badges", HEADER, badges)
    market.add(folder, "members", HEADER, members)
    market.build()
    return market


def test_every_row_is_somebodys(crowd):
    rows = crowd.rows("record_entities")
    assert len(rows) == 2 * ROWS
    counted = Counter(row["contact_id"] for row in rows)
    assert None not in counted
    assert {row["contact_id"]: row["records"] for row in crowd.rows("contacts")} == counted
    (funnel,) = [row for row in crowd.rows("funnel", source="all") if row["step_number"] == 1]
    assert funnel["records"] == 2 * ROWS


def test_the_largest_group_is_a_contact_with_values_as_any_other(crowd):
    grace = crowd.contact("badges", 1)
    assert {row["contact_id"] for row in crowd.rows("record_entities", source="badges")} == {grace}
    (found,) = crowd.rows("contacts", contact_id=grace)
    assert (found["full_name"], found["email"]) == ("Grace Whitfield", "grace@elmfreight.com")
    assert found["records"] == ROWS
    assert len(crowd.story(grace).records) == ROWS


def test_namesakes_by_the_hundred_are_neither_one_nor_lost(crowd):
    people = {row["contact_id"] for row in crowd.rows("record_entities", source="members")}
    assert len(people) == ROWS


def test_the_company_of_all_is_there(crowd):
    (company,) = crowd.rows("accounts")
    assert (company["name"], company["records"]) == ("Elm Freight Corp", 2 * ROWS)
    assert company["contacts"] == ROWS + 1
