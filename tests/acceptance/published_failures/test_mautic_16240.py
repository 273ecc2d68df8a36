"""https://github.com/mautic/mautic/issues/16240: the company's name stayed, the tie to it did not.

There the older contact wins, without a company of its own, takes over the name of the other's as a
text, and belongs to no company. Here what a contact shows and where it belongs are one thing.
"""

import pytest

from tieline.actions import merge, undo


@pytest.fixture
def subscriber(market, tmp_path):
    """The same market with somebody of whom a list of addresses knows no company."""
    market.add(tmp_path, "club", ("Email", "Last Modified"), [("pumpfan@gmail.com", "2019-01-01")])
    market.build()
    assert market.of("club", 1)["account_id"] is None
    return market.contact("club", 1)


def test_whoever_is_named_first_the_company_keeps_its_contact(market, subscriber):
    tomas = market.contact("crm", 3)
    (company,) = market.rows("accounts", name="Alder Pumps Inc")
    there = {"account_id": company["account_id"]}
    assert subscriber != tomas
    before = market.snapshot().id

    merge.merge(market.workspace, [subscriber, tomas], reason="one person", by="Kim")
    (merged,) = market.rows("contacts", contact_id=market.contact("club", 1))
    assert market.contact("crm", 3) == merged["contact_id"]
    assert merged["account_id"] == company["account_id"]
    (position,) = market.rows("contact_positions", contact_id=merged["contact_id"])
    assert (position["account_id"], position["place"]) == (company["account_id"], 1)
    # Seen from the company: it lists as many as before, and him among them.
    assert market.rows("accounts", **there)[0]["contacts"] == company["contacts"]
    assert merged["contact_id"] in {row["contact_id"] for row in market.rows("contacts", **there)}

    undo.undo(market.workspace)
    assert market.snapshot().id == before


def test_every_contact_belongs_where_it_is_shown(market):
    merge.merge(
        market.workspace,
        [market.contact("crm", 2), market.contact("crm", 1)],
        reason="she married",
        by="Kim",
    )
    current = {
        row["contact_id"]: row["account_id"]
        for row in market.rows("contact_positions")
        if row["place"] == 1
    }
    contacts = market.rows("contacts")
    assert {row["contact_id"]: row["account_id"] for row in contacts} == current
    for account in market.rows("accounts"):
        assert account["contacts"] == list(current.values()).count(account["account_id"])
