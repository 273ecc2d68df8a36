"""https://github.com/espocrm/espocrm/issues/1400: what was merged into what is kept nowhere.

There an answer to something that was merged away reaches nothing, and nobody can look up where it
should have gone.
"""

from tieline.actions import merge, undo
from tieline.actions.entities import entity, open_tables
from tieline.actions.history import history
from tieline.identity.change_feed import since

REPLY = ("Activity", "Topic", "Time", "Email")


def led_to(market, old_id):
    """Where an id leads that another system has kept."""
    with open_tables(market.workspace) as (_, engine):
        return entity(engine, old_id).id


def test_a_merge_is_told_by_all_who_may_be_asked(market, tmp_path):
    world = market.workspace
    marsh, okafor = market.contact("crm", 1), market.contact("crm", 2)
    hers = {row["record_id"] for row in market.rows("record_entities", contact_id=okafor)}
    before = market.snapshot().id
    merge.merge(world, [marsh, okafor], reason="she married in May", by="Kim")

    # The log: who, why, which records; found by the id that is gone, too.
    for asked in ("", marsh, okafor):
        (told,) = history(world, asked)
        assert (told.judgement.kind, told.judgement.made_by) == ("merge", "Kim")
        assert told.judgement.reason == "she married in May"
        assert hers <= set(told.judgement.records)
        assert told.ids == (marsh,)
    # The table of ids, and the feed for systems that keep them.
    assert led_to(market, okafor) == marsh
    assert market.rows("redirects", old_id=okafor) == [
        {"kind": "contact", "old_id": okafor, "new_id": marsh}
    ]
    gone = [row for row in since(world.changes_dir, before).to_pylist() if row["id"] == okafor]
    assert [(row["change"], row["other_id"]) for row in gone] == [("merged", marsh)]

    # An answer that comes later, to the address of the one that is gone, arrives.
    answer = ("replied", "Re: Spring letter", "2024-07-01T09:00:00Z", "h.okafor@cedarmotors.com")
    market.add(tmp_path, "replies", REPLY, [answer])
    market.build()
    (reply,) = market.rows("responses", source="replies")
    assert reply["contact_id"] == marsh

    undo.undo(world, reason="two after all", by="Lee")
    assert led_to(market, okafor) == okafor
    assert market.rows("responses", source="replies")[0]["contact_id"] == okafor
    (told,) = history(world, okafor)
    assert (told.judgement.ended.made_by, told.judgement.ended.reason) == ("Lee", "two after all")
