"""Which value is right where lists disagree: trust, then agreement or recency."""

from __future__ import annotations

import pytest

MAIL = "r.delaney@hafenkran.de"
SETTINGS = """
[sources.crm]
trust = 1
[sources.fair]
trust = 5
[sources.shop]
trust = 5
"""
HOME = {"Postcode": "18055", "City": "Rostock", "Street": "Am Kai 4", "Country": "DE"}
AWAY = {"Postcode": "32423", "City": "Minden", "Street": "Stahlweg 12"}


def says(name, title, phone, updated, company="Hafenkran GmbH", mail=MAIL):
    return {
        "Name": name,
        "Title": title,
        "Company": company,
        "E-mail": mail,
        "Phone": phone,
        "Updated at": updated,
        **HOME,
    }


OLD, NEW, OTHER = "+4938190180100", "+4938190180200", "+4938190180300"


def golden(built, table, lists, settings=SETTINGS):
    """The values of one contact by field, best first."""
    snapshot = built(lists, settings)
    people = {row["contact_id"] for row in table(snapshot, "record_entities")}
    assert len(people) == 1, "the lists speak of one person"
    values = sorted(table(snapshot, "golden_values"), key=lambda row: row["rank"])
    of_person = [row for row in values if row["entity_id"] in people]
    return {
        field: [row["value"] for row in of_person if row["field"] == field]
        for field in {row["field"] for row in of_person}
    }


def test_a_trusted_source_wins_against_more_and_newer_ones(built, table):
    found = golden(
        built,
        table,
        {
            "crm": [says("Robert Delaney", "Engineer", OLD, "2019-01-01")],
            "fair": [says("Bob Delaney", "Senior Engineer", NEW, "2023-01-01")],
            "shop": [says("Bob Delaney", "Senior Engineer", NEW, "2024-01-01")],
        },
    )
    assert found["full_name"] == ["Robert Delaney", "Bob Delaney"]
    assert found["title"] == ["Engineer", "Senior Engineer"]
    assert found["phone"] == [OLD, NEW]


def test_of_equal_trust_most_sources_settle_a_name_and_the_newest_a_title(built, table):
    found = golden(
        built,
        table,
        {
            "crm": [says("Robert Delaney", "Engineer", OLD, "2019-01-01")],
            "fair": [says("Robert Delaney", "Engineer", OLD, "2020-01-01")],
            "shop": [says("Bob Delaney", "Chief Engineer", NEW, "2024-01-01")],
        },
        settings="",
    )
    assert found["full_name"] == ["Robert Delaney", "Bob Delaney"]
    assert found["title"] == ["Chief Engineer", "Engineer"]
    assert found["phone"] == [NEW, OLD]


def test_most_sources_count_before_most_records(built, table):
    found = golden(
        built,
        table,
        {
            "crm": [says("Robert Delaney", "Engineer", OLD, "2019-01-01")],
            "fair": [says("Robert Delaney", "Engineer", OLD, "2019-01-01")],
            "shop": [says("Bob Delaney", "Engineer", n, "2019-01-01") for n in (OLD, NEW, OTHER)],
        },
        settings="",
    )
    assert found["full_name"][0] == "Robert Delaney"


def test_the_title_at_the_current_account_wins_against_a_trusted_old_one(built, table):
    mail = "robert.delaney@gmail.com"
    before = says("Robert Delaney", "Engineer", OLD, "2015-01-01", mail=mail)
    now = says("Robert Delaney", "Head of Engineering", NEW, "2024-01-01", "Weserstahl AG", mail)
    found = golden(
        built,
        table,
        {
            "crm": [before],
            "fair": [{**now, **AWAY}],
        },
    )
    assert found["title"] == ["Head of Engineering", "Engineer"]


def test_a_value_with_a_problem_comes_last_even_from_a_trusted_source(built, table):
    team = "info@hafenkran.de"
    found = golden(
        built,
        table,
        {
            "crm": [says("Robert Delaney", "Engineer", OLD, "2024-01-01", mail=team)],
            "fair": [says("Robert Delaney", "Engineer", OLD, "2019-01-01")],
        },
    )
    assert found["email"] == [MAIL, team]


@pytest.mark.parametrize("field", ["email", "title"])
def test_every_value_that_was_said_is_kept(built, table, field):
    other = "r.delaney2@hafenkran.com"
    found = golden(
        built,
        table,
        {
            "crm": [says("Robert Delaney", "Engineer", OLD, "2019-01-01")],
            "fair": [says("Robert Delaney", "Welder", OLD, "2020-01-01", mail=other)],
        },
    )
    assert len(found[field]) == 2
