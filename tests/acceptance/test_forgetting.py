"""Consent, access and erasure as a user types them."""

from __future__ import annotations

import json
import time

import pyarrow.parquet as pq

from conftest import PEOPLE, Tieline, write_csv

SUSAN = ("susan.chen@oakridge-labs.com", "Susan Chen")


def susan(tieline: Tieline) -> str:
    (found,) = [r["contact_id"] for r in tieline.rows("contacts") if r["full_name"] == "Susan Chen"]
    return str(found)


def held(tieline: Tieline) -> bool:
    """Whether any file that Tieline keeps names her."""
    for path in (tieline.workspace / ".tieline").rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            if path.suffix == ".parquet":
                text += json.dumps(pq.read_table(path).to_pylist(), default=str)
            if any(value in text for value in SUSAN):
                return True
    return False


def test_a_person_is_forgotten_and_does_not_come_back(built: Tieline, tmp_path):
    contact = susan(built)
    said = built("forget", contact, "--reason", "ticket 7", "--dry-run")
    assert "crm" in said.out
    assert "fair" in said.out
    assert "nothing was changed" in said.out
    assert susan(built) == contact
    refused = built("forget", contact, "--reason", "ticket 7", code=2)
    assert "--yes" in refused.err
    said = built("forget", contact, "--reason", "ticket 7", "--yes")
    assert "Nothing of them is left" in said.out
    assert "crm.csv" in said.out, "the user's own file is named"
    assert "Certificate 1" in said.out
    assert not held(built)
    built("add", write_csv(tmp_path / "again.csv", PEOPLE))
    built("build")
    assert not held(built)
    statuses = [row["status"] for row in built.rows("record_entities")]
    assert statuses.count("erased") == 3
    assert len(statuses) == 2 * len(PEOPLE) + 3
    assert "asked to be forgotten" in built("build").out
    gone = built("forget", contact, "--reason", "ticket 7", "--yes", code=2)
    assert contact in gone.err


def test_a_killed_erasure_is_finished_by_the_same_command(built: Tieline):
    contact = susan(built)
    journal = built.workspace / ".tieline" / "erasure" / f"{contact}.journal.json"
    process = built.start("forget", contact, "--reason", "ticket 7", "--yes")
    for _ in range(1_200):
        if journal.exists() and "landed_rows" in journal.read_text("utf-8"):
            break
        time.sleep(0.05)
    process.kill()
    process.communicate()
    said = built("forget", contact, "--reason", "ticket 7", "--yes")
    assert "Finishing" in said.out
    assert "Nothing of them is left" in said.out
    assert not journal.exists()
    assert not held(built)


def test_settings_that_name_the_person_are_told_with_exit_code_1(built: Tieline):
    settings = built.workspace / "tieline.toml"
    text = settings.read_text("utf-8")
    settings.write_text(f"# asked for by {SUSAN[0]}\n{text}", "utf-8")
    said = built("forget", susan(built), "--reason", "ticket 7", "--yes", code=1)
    assert "tieline.toml" in said.err


def test_what_is_held_about_a_person(built: Tieline, tmp_path):
    contact = susan(built)
    said = built("person", contact)
    assert "First Name: Susan" in said.out
    assert "crm:3" in said.out
    assert "fair:1" in said.out
    built("person", contact, "--json", tmp_path / "susan.json")
    told = json.loads((tmp_path / "susan.json").read_text("utf-8"))
    assert told["contact_id"] == contact
    assert [row["verbatim"]["Email"] for row in told["records"]] == [SUSAN[0]] * 2


def test_consent_by_hand(built: Tieline):
    contact = susan(built)
    assert "Nothing was ever said" in built("consent", contact).out
    words = ("consent", contact, "--withdraw", "--channel", "phone")
    assert "reason" in built(*words, code=2).err
    said = built(*words, "--reason", "on the telephone")
    assert "withdrawn" in said.out
    assert "by hand" in said.out
    missing = built("consent", contact, "--grant", "--reason", "fair", code=2)
    assert "--evidence" in missing.err
    built("undo")
    assert built.rows("consents") == []
