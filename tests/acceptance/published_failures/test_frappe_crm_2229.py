"""https://github.com/frappe/crm/pull/2229: a merge that can be reversed was not taken in.

To reverse one there, copies of the rows before the merge would be put back, over what was written
since. Here a merge is taken back from among all that came after it.
"""

from tieline.actions import merge, note, override, undo


def test_a_merge_is_undone_from_under_what_came_after_it(market, tmp_path):
    world = market.workspace
    marsh, okafor, grace = (market.contact("crm", row) for row in (1, 2, 4))
    merge.merge(world, [marsh, okafor], reason="she married", by="Kim")
    override.override(world, grace, "title", "Founder", reason="she wrote", by="Lee")
    note.note(world, "crm:2", "Comes to the fair", by="Lee")
    later = [
        ("Helena Okafor", "h.okafor@cedarmotors.com", "Cedar Motors Corp", "Director", "",
         "helena-okafor", "2025-01-01"),
    ]  # fmt: skip
    market.people(tmp_path, "later", later)
    market.build()
    assert market.contact("later", 1) == marsh

    undo.undo(world, "J1", reason="two after all", by="Kim")
    assert market.contact("later", 1) == market.contact("crm", 2) == okafor
    assert market.contact("crm", 1) == marsh
    titles = {row["contact_id"]: row["title"] for row in market.rows("contacts")}
    assert (titles[okafor], titles[grace]) == ("Director", "Founder")
    assert [row["text"] for row in market.rows("notes")] == ["Comes to the fair"]
    # An increment after all this is what a build from nothing makes of the same facts.
    assert market.snapshot().id == market.build(full=True).id
