"""A workspace's decisions move to PostgreSQL as docs/how-to/use-postgresql.md says."""

import re


def snapshot(tieline):
    return (tieline.workspace / ".tieline" / "CURRENT").read_text("ascii").strip()


def contact(tieline, family):
    (found,) = [r["contact_id"] for r in tieline.rows("contacts") if r["family_name"] == family]
    return found


def test_decisions_move_and_the_database_stays_the_same(built, postgres):
    words = (
        "override",
        contact(built, "Chen"),
        "email",
        "susan@oakridge-labs.com",
        "--reason",
        "card",
    )
    built(*words)
    before = snapshot(built)
    there = {"DATABASE_URL": postgres.new_database()}

    refused = built("ledger", "--take-over", code=2)
    assert "Set DATABASE_URL" in refused.err
    moved = built("ledger", "--take-over", env=there).out
    assert f"postgres://postgres@127.0.0.1:{postgres.port}/tieline_" in moved
    assert re.search(r"decisions of people +1\n", moved)
    built("build", env=there)
    assert snapshot(built) == before
    assert "because: card" in built("explain", contact(built, "Chen"), env=there).out

    # Without the address nothing is done, least of all a build without the decision.
    for words in (("build",), ("judgements",), ("undo", "J1")):
        assert "The facts of this workspace lie in a PostgreSQL" in built(*words, code=2).err
    assert snapshot(built) == before

    built("undo", "J1", "--reason", "misread", env=there)
    assert snapshot(built) != before
    again = built("ledger", "--take-over", env=there, code=2)
    assert "holds facts already" in again.err
    postgres.drop(there["DATABASE_URL"])


def test_a_wrong_address_is_told_without_its_password(built, postgres):
    wrong = {"DATABASE_URL": postgres.url(password="not+this+one")}
    said = built("ledger", env=wrong, code=2)
    assert "does not let this user in" in said.err
    assert "not+this+one" not in said.out + said.err
