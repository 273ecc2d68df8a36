"""People correct the database on the command line, see what it does, and take it back."""

from __future__ import annotations

import re

import pytest

from conftest import Tieline


def contact(tieline: Tieline, family: str) -> str:
    (found,) = [
        row["contact_id"] for row in tieline.rows("contacts") if row["family_name"] == family
    ]
    return str(found)


def snapshot(tieline: Tieline) -> str:
    return (tieline.workspace / ".tieline" / "CURRENT").read_text("ascii").strip()


def test_a_wrong_merge_is_seen_split_and_taken_back(built):
    before, susan = snapshot(built), contact(built, "Chen")
    words = ("split", susan, "fair:1", "--reason", "a namesake", "--by", "Kim")
    dry = built(*words, "--dry-run").out
    assert "This would change:" in dry
    assert re.search(r"1 contact becomes 2\n.*crm:3, fair:1\n.*crm:3\n.*fair:1\n", dry)
    assert "nothing was changed" in dry
    assert snapshot(built) == before
    assert "Nobody has judged anything" in built("judgements").out

    done = built(*words).out
    assert dry.split("This would change:")[1].split("A dry run")[0] in done
    assert done.splitlines()[-1].strip() == f"Undo: tieline -w {built.workspace} undo J1"
    assert snapshot(built) != before

    explained = built("explain", susan).out
    assert re.search(r"What people decided\n +J1 by Kim on \d{4}-\d\d-\d\d: fair:1 kept", explained)
    assert "because: a namesake" in explained
    assert re.search(r"J1 .* Kim +split .* a namesake", built("judgements", susan).out)

    undone = built("undo", "--by", "Lee", "--reason", "the same after all").out
    assert "J1 by Kim" in undone
    assert snapshot(built) == before
    assert re.search(r"J1 .*split \(undone\).*undone by Lee", built("judgements", "J1").out)
    assert "What people decided" not in built("explain", susan).out


def test_two_become_one_and_the_old_id_leads_there(built):
    susan, peter = contact(built, "Chen"), contact(built, "Dawson")
    said = built("merge", peter, susan, "--reason", "married", env={"TIELINE_USER": "Kim"}).out
    assert "2 contacts become one" in said
    assert "J1 by Kim" in said
    explained = built("explain", peter).out
    assert f"{peter} is {susan} now." in explained
    assert "Made of 4 records" in explained
    assert "because: married" in explained
    said = built("override", susan, "email", "susan.dawson@oakridge-labs.com", "--reason", "x1").out
    assert "email: susan.chen@oakridge-labs.com -> susan.dawson@oakridge-labs.com" in said
    dry = built("undo", "J1", "--dry-run").out
    assert "1 contact becomes 2" in dry


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("merge", "{chen}", "{chen}"), "named twice"),
        (("merge", "{chen}", "Cffffffffffffff"), "no contact, site, account or record"),
        (("split", "{chen}", "fare:1"), "Did you mean 'fair'?"),
        (("override", "{chen}", "emial", "x@y.com"), "Did you mean 'email'?"),
        (("restore", "{chen}"), "not set aside"),
        (("undo",), "nothing to undo"),
        (("judgements", "Jx"), "names no judgement"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(built, words, told):
    filled = [word.format(chen=contact(built, "Chen")) for word in words]
    reason = () if words[0] in ("note", "undo", "judgements") else ("--reason", "why not")
    said = built(*filled, *reason, code=2)
    assert told in said.err


def test_a_reason_is_wanted(built):
    susan = contact(built, "Chen")
    assert "--reason" in built("pin", susan, code=2).err
    assert "The reason is empty" in built("pin", susan, "--reason", " ", code=2).err
