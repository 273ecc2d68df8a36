"""https://github.com/odoo/odoo/pull/179657: what collides when two become one was deleted.

There the rows of the one are pointed at the other, and where that breaks a rule of uniqueness, the
rows go, those without a counterpart too. Here both Helenas have the same letter of the same second,
the same webinar, deals of one name and amount, the same kind of consent and the same note.
"""

from collections import Counter

from tieline.actions import merge, note, undo
from tieline.actions.doing import preview


def everything(market):
    """All relations by their own key, without the contact they stand with."""
    places = {"contact_id", "site_id", "account_id"}
    return {
        table: sorted(
            tuple(str(value) for name, value in sorted(row.items()) if name not in places)
            for row in market.rows(table)
        )
        for table in ("responses", "touches", "opportunities", "notes", "record_consents")
    }


def test_nothing_is_lost_and_nothing_doubled_where_rows_collide(market):
    world = market.workspace
    marsh, okafor = market.contact("crm", 1), market.contact("crm", 2)
    for one in (marsh, okafor):
        note.note(world, one, "Prefers to be called in the morning", by="Kim")
    before, rows, counted = market.snapshot().id, everything(market), market.relations()
    assert all(counted[table][one] for table in counted for one in (marsh, okafor))

    foreseen = preview(world, merge.draft(world, [marsh, okafor]))
    done = merge.merge(world, [marsh, okafor], reason="she married", by="Kim")
    assert everything(market) == rows
    for table, counts in market.relations().items():
        both = Counter({**counted[table], marsh: counted[table][marsh] + counted[table][okafor]})
        del both[okafor]
        assert counts == both
    # What moves was told beforehand, row for row, and it is what did move.
    assert foreseen == done.changes
    moved = Counter({(move.table, move.before, move.after): move.count for move in foreseen.moves})
    for table, counts in counted.items():
        assert moved[table, okafor, marsh] == counts[okafor]
    people = {one.before for one in foreseen.moves if one.before.startswith("C")}
    assert people == {okafor}

    undo.undo(world)
    assert (everything(market), market.relations()) == (rows, counted)
    assert market.snapshot().id == before


def test_both_statements_about_consent_stay(market):
    marsh, okafor = market.contact("crm", 1), market.contact("crm", 2)
    merge.merge(market.workspace, [marsh, okafor], reason="she married", by="Kim")
    (held,) = market.rows("consents", contact_id=marsh, purpose="events", channel="email")
    assert (held["state"], held["statements"]) == ("granted", 2)
    own = {row["record_id"] for row in market.rows("record_entities", contact_id=marsh)}
    said = [
        row["since"].isoformat()
        for row in market.rows("record_consents", purpose="events")
        if row["record_id"] in own
    ]
    assert sorted(said) == ["2024-01-05", "2024-02-05"]
