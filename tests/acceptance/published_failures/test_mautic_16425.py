"""https://github.com/mautic/mautic/issues/16425: the newcomer without a name wins, the id is gone.

There somebody known fills in a form in a fresh browser: a new nameless contact swallows the known
one, and every other system keeps an id that is nobody's.
"""

from tieline.actions import merge


def test_a_form_in_a_fresh_browser_leaves_the_known_id(one_market, tmp_path):
    market, grace = one_market, one_market.contact("crm", 4)
    known = {row["contact_id"] for row in market.rows("contacts")}
    market.add(
        tmp_path,
        "forms",
        ("Activity", "Topic", "Time", "Email", "Cookie"),
        [
            ("visit", "Prices", "2024-09-01T10:00:00Z", "", "ck-fresh"),
            ("form", "Quote, please", "2024-09-01T10:05:00Z", "grace@elmfreight.com", "ck-fresh"),
        ],
    )
    market.build()
    assert {row["contact_id"] for row in market.rows("contacts")} == known
    # What the nameless visitor did before is hers as well.
    assert {row["contact_id"] for row in market.rows("responses", source="forms")} == {grace}


def test_who_was_known_first_keeps_the_id_whoever_is_named_first(market, tmp_path):
    grace = market.contact("crm", 4)
    market.add(tmp_path, "guests", ("Email",), [("night.owl@gmail.com",)])
    market.build()
    guest = market.contact("guests", 1)
    assert guest != grace
    merge.merge(market.workspace, [guest, grace], reason="her private address", by="Kim")
    assert market.contact("guests", 1) == market.contact("crm", 4) == grace
    assert market.rows("redirects", old_id=guest)[0]["new_id"] == grace
