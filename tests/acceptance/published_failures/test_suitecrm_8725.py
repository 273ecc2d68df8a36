"""https://github.com/SuiteCRM/SuiteCRM/issues/8725: four colleagues made four companies."""

COLLEAGUES = [
    ("Johann Altmann", "Brüder Köhler & Söhne"),
    ("Johann Berger", "Brüder Köhler & Söhne"),
    ("Johann Christ", "BRÜDER KÖHLER & SÖHNE"),
    ("Johann Daum", "Brüder Köhler und Söhne"),
]


def test_people_of_one_company_make_one_company(one_market, tmp_path):
    market = one_market
    market.add(tmp_path, "import", ("Name", "Company"), COLLEAGUES)
    market.build()
    rows = market.rows("record_entities", source="import")
    assert len({row["contact_id"] for row in rows}) == 4
    (company,) = {row["account_id"] for row in rows}
    (account,) = market.rows("accounts", account_id=company)
    assert (account["name"], account["contacts"]) == ("Brüder Köhler & Söhne", 4)


def test_more_of_them_on_a_second_list_join_it(one_market, tmp_path):
    market = one_market
    more = [("Eva Ernst", "Keller Pumpen"), ("Finn Falk", "KELLER PUMPEN GmbH")]
    known = {row["account_id"] for row in market.rows("accounts")}
    market.add(tmp_path, "import", ("Name", "Company"), more)
    market.build()
    assert {row["account_id"] for row in market.rows("accounts")} == known
    joined = {row["account_id"] for row in market.rows("record_entities", source="import")}
    assert joined == {market.of("crm", 5)["account_id"]}
