"""What is done is written down first, changes what it says, and can be taken back."""

from __future__ import annotations

import pytest

from tieline.actions import merge, note, override, pin, restore, set_aside, split, undo
from tieline.actions.doing import preview
from tieline.actions.history import history
from tieline.engine.snapshot import building
from tieline.errors import TielineError


def grouping(changes):
    """Each regrouping as (ids before, ids after)."""
    return [
        (tuple(part.id for part in g.before), tuple(part.id for part in g.after))
        for g in changes.regrouped
    ]


def test_a_merge_joins_and_its_undo_brings_the_very_snapshot_back(market):
    world, before = market.workspace, market.snapshot()
    susan, peter = market.contact("Susan Chen"), market.contact("Peter Dawson")
    foreseen = preview(world, merge.draft(world, [susan, peter]))
    assert market.snapshot().id == before.id
    assert history(world) == []
    done = merge.merge(world, [susan, peter], reason="one person", by="Kim")
    assert done.changes == foreseen
    assert done.judgement.name == "J1"
    assert (done.judgement.made_by, done.judgement.reason) == ("Kim", "one person")
    assert grouping(done.changes) == [(tuple(sorted([susan, peter])), (susan,))]
    assert market.of("crm", 4)["contact_id"] == market.of("fair", 2)["contact_id"] == susan
    assert {r["new_id"] for r in market.rows("redirects") if r["old_id"] == peter} == {susan}
    # The id that is gone still leads to where its records are.
    (remark,) = pin.draft(world, peter).remarks
    assert remark.startswith(f"{peter} is {susan} (")
    undone = undo.undo(world)
    assert undone.snapshot.id == before.id
    assert undone.judgement.ended.reason == "undone"


def test_a_split_moves_the_values_with_the_records(market):
    world = market.workspace
    susan = market.contact("Susan Chen")
    override.override(world, susan, "title", "Chief Analyst", reason="she wrote", by="Kim")
    done = split.split(world, susan, ["fair:1"], reason="a namesake", by="Lee")
    other = market.of("fair", 1)["contact_id"]
    assert other != susan
    assert grouping(done.changes) == [((susan,), tuple(sorted([susan, other])))]
    titles = {r["contact_id"]: r["title"] for r in market.rows("contacts")}
    assert (titles[susan], titles[other]) == ("Chief Analyst", "Analyst")
    # Undone out of order: the later judgement stays as it is.
    undo.undo(world, "J1", reason="she left", by="Kim")
    assert {r["title"] for r in market.rows("contacts") if r["contact_id"] == susan} == {"Analyst"}
    assert market.of("fair", 1)["contact_id"] == other
    told = history(world, susan)
    assert [one.judgement.name for one in told] == ["J2", "J1"]
    assert told[0].ids == (other, susan)
    assert told[1].judgement.ended.reason == "she left"
    with pytest.raises(TielineError) as raised:
        undo.undo(world, "1")
    assert raised.value.code == "already_ended"


def test_setting_aside_and_restoring(market):
    world = market.workspace
    account = market.of("crm", 4)["account_id"]
    done = set_aside.set_aside(world, account, reason="in administration", by="Kim")
    assert market.of("crm", 4)["status"] == "set_aside"
    assert ("usable", "set_aside", 2) in done.changes.fates
    usable = {step: after - before for step, before, after in done.changes.funnel}
    assert usable["usable"] == -2
    with pytest.raises(TielineError, match="J1 sets"):
        set_aside.draft(world, account)
    restore.restore(world, account, reason="bought by another", by="Kim")
    assert market.of("crm", 4)["status"] == "usable"


def test_a_note_stays_with_the_records_it_was_written_about(market):
    world = market.workspace
    susan, peter = market.contact("Susan Chen"), market.contact("Peter Dawson")
    note.note(world, peter, "Prefers calls\nin the morning", by="Kim")
    merge.merge(world, [susan, peter], reason="one person", by="Kim")
    (kept,) = market.rows("notes")
    assert (kept["contact_id"], kept["made_by"]) == (susan, "Kim")
    foreseen = preview(world, undo.draft(world))
    (move,) = foreseen.moves
    assert (move.table, move.before, move.after, move.count) == ("notes", susan, peter, 1)


def test_a_judgement_is_kept_where_the_build_cannot_run(market):
    world, before = market.workspace, market.snapshot()
    susan = market.contact("Susan Chen")
    with building(world.hidden_dir), pytest.raises(TielineError) as raised:
        pin.pin(world, susan, reason="known for long", by="Kim")
    assert raised.value.code == "kept_not_built"
    assert "J1" in raised.value.message
    assert market.snapshot().id == before.id
    assert [one.judgement.kind for one in history(world)] == ["pin"]
