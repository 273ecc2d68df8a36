"""https://github.com/chatwoot/chatwoot/issues/4728: one browser, several users, one contact.

There a colleague who logs in as one customer after the other makes them one, and what they said
goes to the last. https://github.com/chatwoot/chatwoot/issues/2811 is the same by a shared address.
"""

LOG = ("Activity", "Topic", "Time", "User ID", "Email", "Cookie")
VISITS = [
    ("chat", "Delivery times", "2024-05-01T08:00:00Z", "101", "t.rivera@alderpumps.com", "ck-desk"),
    ("chat", "Invoice", "2024-05-01T08:20:00Z", "102", "grace@elmfreight.com", "ck-desk"),
    ("chat", "Opening hours", "2024-05-01T08:40:00Z", "103", "anna.gruber@keller-pumpen.de",
     "ck-desk"),
    ("chat", "Nobody logged in", "2024-05-01T09:00:00Z", "", "", "ck-desk"),
    ("chat", "Delivery again", "2024-05-02T08:00:00Z", "101", "", "ck-home"),
]  # fmt: skip


def test_logins_on_one_device_stay_different_people(one_market, tmp_path):
    market = one_market
    known = {row["contact_id"]: row["records"] for row in market.rows("contacts")}
    market.add(tmp_path, "support", LOG, VISITS)
    market.build()
    assert {row["contact_id"]: row["records"] for row in market.rows("contacts")} == known
    said = {row["topic"]: row["contact_id"] for row in market.rows("responses", source="support")}
    tomas, grace, anna = (market.contact("crm", row) for row in (3, 4, 5))
    assert said == {
        "Delivery times": tomas,
        "Invoice": grace,
        "Opening hours": anna,
        # A device that three use tells nothing of the fourth; a login does, wherever it was.
        "Nobody logged in": None,
        "Delivery again": tomas,
    }
    (device,) = market.rows("identifier_contacts", scheme="cookie", value="ck-desk")
    assert (device["state"], device["contact_id"]) == ("shared", None)


def test_people_who_give_one_address_stay_different_people(one_market, tmp_path):
    market = one_market
    shared = [
        ("Bettina Roth", "workshop.north@gmail.com", "Keller Pumpen GmbH", "Meisterin", "",
         "", "2024-01-01"),
        ("Samuel Adeyemi", "workshop.north@gmail.com", "Keller Pumpen GmbH", "Elektriker", "",
         "", "2024-01-01"),
        ("Carlos Núñez", "workshop.north@gmail.com", "Keller Pumpen GmbH", "Lagerist", "",
         "", "2024-01-01"),
    ]  # fmt: skip
    market.people(tmp_path, "workshop", shared)
    market.add(
        tmp_path, "support", LOG, [("chat", "Who is it?", "2024-05-01T08:00:00Z", "",
                                    "workshop.north@gmail.com", "")],
    )  # fmt: skip
    market.build()
    people = {market.contact("workshop", row) for row in (1, 2, 3)}
    assert len(people) == 3
    names = {row["contact_id"]: row["full_name"] for row in market.rows("contacts")}
    assert {names[one] for one in people} == {row[0] for row in shared}
    # What comes from the address alone is nobody's, but the company is known.
    (chat,) = market.rows("responses", source="support")
    assert chat["contact_id"] is None
    assert chat["account_id"] == market.of("crm", 5)["account_id"]
