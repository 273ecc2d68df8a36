"""The vocabulary of fields, kinds and identifier schemes hangs together."""

from __future__ import annotations

from tieline.data.kinds import FIELD_BY_NAME, FIELDS, KINDS, families, is_field, scheme_of


def test_every_field_has_a_meaning_and_kinds_that_exist():
    for field in FIELDS:
        assert field.meaning, field.name
        assert field.kinds, field.name
        assert set(field.kinds) <= set(KINDS), field.name
    assert len(FIELD_BY_NAME) == len(FIELDS)


def test_families_fill_their_places_in_order():
    for name, members in families().items():
        assert [member.place for member in members] == list(range(1, len(members) + 1)), name
    assert [f.name for f in families()["phone"]] == ["phone", "phone_2", "phone_3"]


def test_kinds_ask_only_for_fields_that_exist():
    for kind in KINDS.values():
        asked = {field for group in kind.needs for field in group}
        asked |= {field for field, _ in kind.telling}
        assert all(is_field(field) for field in asked), kind.name
        assert kind.one_row_is


def test_what_counts_as_a_field():
    assert is_field("email")
    assert is_field("")
    assert is_field("identifier:vendor_no")
    assert not is_field("identifier:")
    assert not is_field("identifier:Vendor No")
    assert not is_field("e-mail")


def test_schemes_say_whom_they_name():
    assert scheme_of("identifier:duns").owner == "company"
    assert scheme_of("identifier:passport").owner == "person"
    assert scheme_of("identifier:vendor_no").owner == "company"
    assert scheme_of("identifier:badge").owner == "person"
    assert scheme_of("email") is None
