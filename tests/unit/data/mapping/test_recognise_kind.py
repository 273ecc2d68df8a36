"""Which kind a source is, by its name and by what is in it."""

from __future__ import annotations

import pytest

from tieline.data.mapping import recognise_kind

EMAILS = ["a@b.com", "c@d.org", "e@f.net"]
PEOPLE = {"First Name": ["Ann", "Tom", "Eva"], "Last Name": ["Lee", "Fox", "Orr"], "E-Mail": EMAILS}
COMPANIES = {
    "Company": ["Acme Inc", "Globex Corp", "Initech LLC"],
    "City": ["Rome", "Bonn", "Bern"],
}


@pytest.mark.parametrize(
    ("name", "columns", "kind"),
    [
        ("crm_export.csv", PEOPLE, "contacts"),
        ("list.csv", COMPANIES, "companies"),
        ("unsubscribed_2024.csv", PEOPLE, "suppressions"),
        ("Abmeldungen.xlsx", PEOPLE, "suppressions"),
        ("OptOuts.csv", {"Email": EMAILS}, "suppressions"),
        ("do-not-call.txt", {"Phone": ["+1 212 555 0100", "+49 30 123456"]}, "suppressions"),
        ("competitors.csv", COMPANIES, "suppressions"),
        ("désabonnés.csv", {"Courriel": EMAILS}, "suppressions"),
        (
            "export (3).csv",
            PEOPLE
            | {
                "Webinar Title": ["A", "B", "C"],
                "Registration Time": ["2023-05-01 10:00", "2023-05-01 10:01", "2023-05-02 09:00"],
            },
            "responses",
        ),
        ("Kundenliste.csv", PEOPLE | COMPANIES, "contacts"),
        (
            "accounts.parquet",
            COMPANIES | {"Industry": ["Retail", "Banking", "Energy"]},
            "companies",
        ),
        ("data.csv", {"Email": EMAILS}, "contacts"),
    ],
)
def test_kind(name, columns, kind, mapped):
    found, confidence, why = recognise_kind(mapped(columns), name, columns)
    assert found == kind, why
    assert why
    assert 0 < confidence < 1


def test_nothing_known_is_contacts_with_little_confidence(mapped):
    columns = {"a": ["1"], "b": ["2"]}
    kind, confidence, _ = recognise_kind(mapped(columns), "x.csv", columns)
    assert kind == "contacts"
    assert confidence <= 0.3


def test_a_column_of_names_that_is_empty_does_not_make_contacts(mapped):
    columns = COMPANIES | {"Contact Name": ["", "", ""]}
    assert recognise_kind(mapped(columns), "list.csv", columns)[0] == "companies"
