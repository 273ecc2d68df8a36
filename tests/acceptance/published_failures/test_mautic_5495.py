"""https://github.com/mautic/mautic/issues/5495: who never agreed is written to after a merge.

There two known people who use one browser become one contact, and what the one agreed to holds for
the other.
"""

from tieline.actions import merge, undo
from tieline.actions.doing import preview


def states(market, contact):
    return {
        (row["purpose"], row["channel"]): row["state"]
        for row in market.rows("consents", contact_id=contact)
    }


def test_a_shared_browser_shares_no_consent(one_market, tmp_path):
    market = one_market
    tomas, grace = market.contact("crm", 3), market.contact("crm", 4)
    header = ("Activity", "Topic", "Time", "Email", "Cookie")
    market.add(
        tmp_path,
        "kiosk",
        header,
        [
            ("login", "Portal", "2024-05-01T08:00:00Z", "t.rivera@alderpumps.com", "ck-kiosk"),
            ("login", "Portal", "2024-05-01T08:20:00Z", "grace@elmfreight.com", "ck-kiosk"),
        ],
    )
    market.build()
    assert (market.contact("crm", 3), market.contact("crm", 4)) == (tomas, grace)
    assert states(market, tomas) == {("newsletter", "email"): "granted"}
    assert states(market, grace) == {}


def test_a_merge_takes_the_stricter_word(market):
    marsh, okafor = market.contact("crm", 1), market.contact("crm", 2)
    before = {one: states(market, one) for one in (marsh, okafor)}
    assert before[marsh] == {("newsletter", "email"): "granted", ("events", "email"): "granted"}
    assert before[okafor] == {("newsletter", "email"): "withdrawn", ("events", "email"): "granted"}
    snapshot = market.snapshot().id

    foreseen = preview(market.workspace, merge.draft(market.workspace, [marsh, okafor]))
    merge.merge(market.workspace, [marsh, okafor], reason="she married", by="Kim")
    # Her newer "yes" does not outweigh the older "no" of the other.
    assert states(market, marsh) == before[okafor]
    (held,) = market.rows("consents", contact_id=marsh, purpose="newsletter")
    said = market.rows("record_entities", record_id=held["record_id"])[0]
    assert (said["source"], said["row_number"], held["rule"]) == ("consents", 2, "strictest")
    # It was told beforehand, as what becomes stricter.
    changed = [
        (one["state"], other["state"])
        for one, other in foreseen.consents
        if one and other and (one["contact_id"], one["purpose"]) == (marsh, "newsletter")
    ]
    assert changed == [("granted", "withdrawn")]

    undo.undo(market.workspace)
    assert {one: states(market, one) for one in (marsh, okafor)} == before
    assert market.snapshot().id == snapshot
