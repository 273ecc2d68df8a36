"""https://github.com/twentyhq/twenty/issues/11864: a list without our ids made everybody anew."""

from tieline.engine.snapshot import current

MORE = [
    ("Grace Whitfield", "Grace@ElmFreight.com", "Elm Freight", "Chairwoman", "",
     "", "2025-02-01"),
    ("Anna Gruber", "anna.gruber@keller-pumpen.de", "Keller Pumpen", "Leiterin Einkauf", "",
     "", "2025-02-01"),
    ("Yuki Tanaka", "yuki.tanaka@elmfreight.com", "Elm Freight Corp", "Accountant", "",
     "", "2025-02-01"),
]  # fmt: skip


def test_one_row_of_a_known_address_updates_whom_we_know(one_market, tmp_path):
    market, grace = one_market, one_market.contact("crm", 4)
    known = {row["contact_id"] for row in market.rows("contacts")}
    market.people(tmp_path, "import", MORE[:1])
    market.build()
    assert {row["contact_id"] for row in market.rows("contacts")} == known
    assert market.contact("import", 1) == grace
    (row,) = market.rows("contacts", contact_id=grace)
    assert row["title"] == "Chairwoman"
    assert row["email"].lower() == "grace@elmfreight.com"


def test_of_several_rows_only_the_new_person_is_new(one_market, tmp_path):
    market = one_market
    known = {row["contact_id"] for row in market.rows("contacts")}
    companies = {row["account_id"] for row in market.rows("accounts")}
    market.people(tmp_path, "import", MORE)
    market.build()
    assert market.contact("import", 1) == market.contact("crm", 4)
    assert market.contact("import", 2) == market.contact("crm", 5)
    now = {row["contact_id"] for row in market.rows("contacts")}
    assert now - known == {market.contact("import", 3)}
    assert now >= known
    assert {row["account_id"] for row in market.rows("accounts")} == companies


def test_the_same_file_again_changes_nothing(one_market, tmp_path):
    market = one_market
    market.people(tmp_path, "import", MORE)
    once, sources = market.build().id, [s.name for s in market.workspace.sources()]
    market.people(tmp_path, "import", MORE)
    assert [s.name for s in market.workspace.sources()] == sources
    assert market.build().id == once
    # The same content out of another folder is the same list too.
    market.people(tmp_path / "downloads", "import", MORE)
    assert [s.name for s in market.workspace.sources()] == sources
    assert market.build().id == once


def test_the_same_people_under_another_name_of_the_file_are_the_same_people(one_market, tmp_path):
    market = one_market
    market.people(tmp_path, "import", MORE)
    market.build()
    known = {row["contact_id"] for row in market.rows("contacts")}
    market.people(tmp_path, "import (1)", [*MORE, MORE[2]])
    market.build()
    assert {row["contact_id"] for row in market.rows("contacts")} == known
    assert len(market.rows("record_entities", contact_id=market.contact("import", 3))) == 3


def test_a_newer_export_that_overlaps_replaces_what_it_knows(one_market, tmp_path):
    market = one_market
    market.people(tmp_path, "import", MORE)
    market.build()
    known = {row["contact_id"] for row in market.rows("contacts")}
    tanaka = market.contact("import", 3)
    newer = [
        *MORE[1:],
        ("Yuki Tanaka", "yuki.tanaka@elmfreight.com", "Elm Freight Corp", "Head of Accounts", "",
         "", "2025-06-01"),
        ("Omar Haddad", "omar.haddad@elmfreight.com", "Elm Freight Corp", "Dispatcher", "",
         "", "2025-06-01"),
    ]  # fmt: skip
    market.people(tmp_path, "import", newer)
    market.build()
    now = {row["contact_id"] for row in market.rows("contacts")}
    assert now - known == {market.contact("import", 4)}
    assert now >= known
    assert market.contact("import", 2) == market.contact("import", 3) == tanaka
    assert market.rows("contacts", contact_id=tanaka)[0]["title"] == "Head of Accounts"
    assert current(market.workspace.hidden_dir).id == market.build(full=True).id
