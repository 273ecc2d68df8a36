"""What is about to be done is checked first, and refused in words."""

from __future__ import annotations

import pytest

from tieline.actions import merge, note, override, pin, restore, set_aside, split, undo
from tieline.actions.drafts import checked_reason, name_of_user
from tieline.errors import TielineError


def refused(code, draft, *arguments):
    with pytest.raises(TielineError) as raised:
        draft(*arguments)
    assert raised.value.code == code, str(raised.value)
    return str(raised.value)


def test_a_merge_names_all_records_of_both_the_oldest_first(unchanged):
    susan, peter = unchanged.contact("Susan Chen"), unchanged.contact("Peter Dawson")
    draft = merge.draft(unchanged.workspace, [peter, susan])
    assert (draft.kind, draft.entity) == ("merge", "contact")
    told = [
        [unchanged.of("crm", row)["record_id"], unchanged.of("fair", fair)["record_id"]]
        for row, fair in ((4, 2), (3, 1))
    ]
    assert draft.body == {"groups": told}
    by_rows = merge.draft(unchanged.workspace, ["crm:4", "fair row 1"])
    assert by_rows.body == draft.body


def test_a_merge_of_what_cannot_be_one_is_refused(unchanged):
    world = unchanged.workspace
    susan, peter = unchanged.contact("Susan Chen"), unchanged.contact("Peter Dawson")
    account = unchanged.of("crm", 1)["account_id"]
    assert "two ids" in refused("too_few", merge.draft, world, [susan])
    assert "twice" in refused("same_twice", merge.draft, world, [susan, peter, susan])
    assert "the same contact" in refused("same_twice", merge.draft, world, [susan, "fair:1"])
    assert "account and a contact" in refused(
        "different_kinds", merge.draft, world, [susan, account]
    )
    assert "'C0000'" in refused("unknown_id", merge.draft, world, [susan, "C0000"])
    refused("unknown_id", merge.draft, world, [susan, "C" + "0" * 14])


def test_a_record_among_accounts_stands_for_its_account(unchanged):
    account = unchanged.of("crm", 1)["account_id"]
    draft = merge.draft(unchanged.workspace, [account, "crm:3"])
    assert draft.entity == "account"
    assert draft.body["groups"][1] == [
        unchanged.of("crm", 3)["record_id"],
        unchanged.of("fair", 1)["record_id"],
    ]


def test_sites_of_two_companies_are_no_one_site(unchanged):
    one, other = (unchanged.of("crm", row) for row in (1, 3))
    said = refused(
        "sites_of_two_accounts",
        merge.draft,
        unchanged.workspace,
        [one["site_id"], other["site_id"]],
    )
    assert f"tieline merge {' '.join(sorted([one['account_id'], other['account_id']]))}" in said


def test_a_split_says_who_leaves_and_who_stays(unchanged):
    susan = unchanged.contact("Susan Chen")
    draft = split.draft(unchanged.workspace, susan, ["fair:1"])
    assert draft.body == {
        "apart": [unchanged.of("fair", 1)["record_id"]],
        "rest": [unchanged.of("crm", 3)["record_id"]],
    }


def test_a_split_of_what_is_not_there_is_refused(unchanged):
    world, susan = unchanged.workspace, unchanged.contact("Susan Chen")
    said = refused("other_record", split.draft, world, susan, ["crm:4"])
    assert f"{unchanged.contact('Peter Dawson')} (Peter Dawson)" in said
    refused("same_twice", split.draft, world, susan, ["fair:1", "fair row 1"])
    assert "left" in refused("nothing_left", split.draft, world, susan, ["fair:1", "crm:3"])
    assert "'fair'" in refused("unknown_source", split.draft, world, susan, ["fare:1"])
    assert "1 to 3" in refused("unknown_row", split.draft, world, susan, ["fair:4"])
    refused("no_record", split.draft, world, susan, [susan])
    refused("too_few", split.draft, world, susan, [])
    refused("nothing_left", split.draft, world, unchanged.contact("Anna Gruber"), ["crm:6"])


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("email", " Susan.Chen@Oakridge.COM ", "susan.chen@oakridge.com"),
        ("phone", "(617) 555-0199", "+16175550199"),
        ("full_name", "Dr. Susan  Chen-Lee", "Dr. Susan Chen-Lee"),
        ("title", "Chief Analyst", "Chief Analyst"),
        ("Birth Date", "1980-12-31", "1980-12-31"),
        ("gender", "F", "f"),
        ("department", "Research", "Research"),
        ("phone", "", ""),
    ],
)
def test_a_value_is_kept_in_its_standard_spelling(unchanged, field, typed, kept):
    susan = unchanged.contact("Susan Chen")
    draft = override.draft(unchanged.workspace, susan, field, typed)
    assert draft.body["value"] == kept
    assert draft.body["field"] == field.lower().replace(" ", "_")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "susan at oakridge"),
        ("email", "a@oakridge.com; b@oakridge.com"),
        ("phone", "call me"),
        ("phone", "617 55"),
        ("birth_date", "03/04/05"),
        ("birth_date", "1980"),
        ("gender", "x"),
        ("full_name", "n/a"),
        ("department", "--"),
    ],
)
def test_a_value_that_cannot_be_is_refused(unchanged, field, typed):
    susan = unchanged.contact("Susan Chen")
    said = refused("unusable_value", override.draft, unchanged.workspace, susan, field, typed)
    assert typed in said


def test_values_of_accounts_and_sites(unchanged):
    world, place = unchanged.workspace, unchanged.of("crm", 1)
    kept = override.draft(world, place["account_id"], "domain", "https://www.brightwell.us/en")
    assert kept.body["value"] == "brightwell.us"
    kept = override.draft(world, place["account_id"], "employees", "1,200")
    assert kept.body["value"] == "1200.0"
    kept = override.draft(world, place["site_id"], "address", "233 S Wacker Dr, Chicago, IL 60606")
    assert kept.body["value"].endswith("60606 Chicago, US")
    refused("unusable_value", override.draft, world, place["site_id"], "address", "somewhere")


def test_a_field_that_is_not_there_is_told_with_the_one_that_was_meant(unchanged):
    susan = unchanged.contact("Susan Chen")
    said = refused("unknown_field", override.draft, unchanged.workspace, susan, "e-mial", "x")
    assert "'email'" in said
    refused("already_so", override.draft, unchanged.workspace, susan, "title", "Analyst")


def test_what_is_so_already_or_has_no_sense_is_refused(unchanged):
    world, susan = unchanged.workspace, unchanged.contact("Susan Chen")
    refused("nothing_to_pin", pin.draft, world, unchanged.contact("Anna Gruber"))
    refused("already_so", restore.draft, world, susan)
    refused("no_text", note.draft, world, susan, "  ")
    refused("nothing_to_undo", undo.draft, world)
    refused("unknown_judgement", undo.draft, world, "J7")
    refused("bad_judgement", undo.draft, world, "the last")
    assert set_aside.draft(world, susan).body == pin.draft(world, susan).body


def test_a_reason_and_a_name_are_wanted(monkeypatch):
    assert checked_reason("  two\n people ") == "two people"
    for empty in ("", "  ", "--"):
        refused("no_reason", checked_reason, empty)
    monkeypatch.setenv("TIELINE_USER", "Kim")
    assert (name_of_user(), name_of_user(" Lee ")) == ("Kim", "Lee")
