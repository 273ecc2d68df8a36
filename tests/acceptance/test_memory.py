"""The memory through the command line: logs of several tools, events, deals, and who was who."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import Tieline, environment, write_csv

CRM = ("First Name", "Last Name", "Email", "Company", "Street", "City", "Zip", "Country", "Phone")
PEOPLE = [
    ("Anna", "Berger", "anna.berger@keller-pumpen.de", "Keller Pumpen GmbH", "Friedrichstraße 10",
     "Berlin", "10117", "DE", "+49 30 901820"),
    ("Tom", "Fuchs", "tom.fuchs@keller-pumpen.de", "Keller Pumpen GmbH", "Friedrichstraße 10",
     "Berlin", "10117", "DE", "+49 30 901820"),
    ("Eva", "Chen", "eva.chen@oakridge-labs.com", "Oakridge Labs LLC", "200 Boylston St", "Boston",
     "02116", "US", "+1 617 555 0101"),
]  # fmt: skip
FORM = ("Submitted at", "Form", "First name", "Last name", "E-Mail", "Company", "Cookie")
FORMS = [
    ("2024-03-22 10:00", "Whitepaper", "Anna", "Berger", PEOPLE[0][2], PEOPLE[0][3], "ck-anna"),
    ("2024-03-22 11:00", "Booth visit", "Anna", "Berger", PEOPLE[0][2], PEOPLE[0][3], "ck-kiosk"),
    ("2024-03-22 12:00", "Booth visit", "Eva", "Chen", PEOPLE[2][2], PEOPLE[2][3], "ck-kiosk"),
]
WEB = ("message_id", "timestamp", "cookie", "event", "url")
VISITS = [
    ("w1", "2024-03-01T10:00:00Z", "ck-anna", "visit", "https://us.example/pricing"),
    ("w2", "2024-03-02T10:00:00+02:00", "ck-anna", "visit", "https://us.example/docs"),
    ("w3", "2024-03-03T10:00:00Z", "ck-kiosk", "visit", "https://us.example/"),
    ("w4", "2024-03-04T10:00:00Z", "ck-nobody", "visit", "https://us.example/"),
]
MAILING = ("email", "sent_at", "campaign", "subject", "cost")
MAILED = [
    (PEOPLE[0][2], "2024-02-01T08:00:00Z", "spring", "Pumps", "0.02"),
    ("tom.fuchs+news@keller-pumpen.de", "2024-02-01T08:00:01Z", "spring", "Pumps", "0.02"),
    ("info@oakridge-labs.com", "2024-02-01T08:00:02Z", "spring", "Pumps", "0.02"),
    ("stranger@gmail.com", "2024-02-01T08:00:03Z", "spring", "Pumps", "0.02"),
]
DEALS = [
    ("o1", "Pumps 2024", "Keller Pumpen GmbH", "Closed Won", "12,000.00", "3/15/2024"),
    ("o2", "Meters", "Oakridge Labs LLC", "Negotiation", "5400", "6/30/2024"),
]
EVENTS = [
    {"type": "page", "messageId": "p1", "anonymousId": "a-1", "timestamp": "2024-04-01T10:00:00Z",
     "name": "Pricing", "context": {"campaign": {"name": "spring"}, "ip": "203.0.113.7"}},
    {"type": "track", "messageId": "p2", "userId": "7", "timestamp": "2024-04-09T10:00:00Z",
     "event": "demo request"},
    {"type": "identify", "messageId": "p3", "anonymousId": "a-1", "userId": "7",
     "timestamp": "2024-04-22T10:00:00Z",
     "traits": {"email": PEOPLE[2][2], "name": "Eva Chen", "company": {"name": PEOPLE[2][3]}}},
    {"stream": "calls", "message_id": "c1", "type": "touch", "medium": "telefon",
     "occurred_at": "2024-04-30T09:00:00+02:00", "phone": "+1 (617) 555-0101", "topic": "Intro"},
    {"stream": "calls", "message_id": "c2", "type": "touch", "phone": "+1 617 555 0101",
     "occurred_at": "2624-04-30T09:00:00+02:00"},
    {"stream": "calls", "message_id": "c3", "occurred_at": "2024-04-30T09:00:00Z", "emial": "x"},
]  # fmt: skip


def remember(tieline: Tieline, events: list[dict], code: int = 0) -> str:
    done = subprocess.run(
        tieline.line("remember"),
        input="".join(json.dumps(event) + "\n" for event in events),
        capture_output=True,
        env=environment(None),
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def _remembering(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("memory")
    made = Tieline(folder / "market")
    made("new", made.workspace)
    made(
        "add",
        write_csv(folder / "people.csv", PEOPLE, CRM),
        write_csv(folder / "forms.csv", FORMS, FORM),
        write_csv(folder / "web_log.csv", VISITS, WEB),
        write_csv(folder / "mailing.csv", MAILED, MAILING),
        write_csv(
            folder / "deals.csv",
            DEALS,
            ("Opportunity ID", "Opportunity Name", "Account Name", "Stage", "Amount", "Close Date"),
        ),
    )
    (folder / "said.txt").write_text(remember(made, EVENTS, code=1), "utf-8")
    made("build")
    return made.workspace


@pytest.fixture
def remembering(_remembering: Path, tmp_path: Path) -> Tieline:
    """A workspace with a small memory, built: a copy, to do with as a test likes."""
    shutil.copytree(_remembering.parent, tmp_path / "m")
    return Tieline(tmp_path / "m" / "market")


@pytest.fixture(scope="module")
def seen(_remembering: Path) -> Tieline:
    """The same workspace, to look at only."""
    return Tieline(_remembering)


def contacts(tieline: Tieline) -> dict[str, str]:
    return {row["given_name"]: row["contact_id"] for row in tieline.rows("contacts")}


def by_message(tieline: Tieline, table: str) -> dict[tuple[str, int], dict]:
    return {(row["source"], row["row_number"]): row for row in tieline.rows(table)}


def test_events_that_cannot_be_kept_are_told_and_keep_no_other_out(seen):
    said = (seen.workspace.parent / "said.txt").read_text("utf-8")
    assert "Remembered 4 new events" in said
    assert "row 5: 2624-04-30T09:00:00+02:00 lies in the future" in said
    assert "row 6: There is no field 'emial'. Did you mean 'email'?" in said


def test_a_cookie_known_first_leads_to_whom_a_form_names_three_weeks_later(seen):
    found = by_message(seen, "responses")
    for row in (1, 2):
        visit = found["web_log", row]
        assert visit["contact_id"] == contacts(seen)["Anna"]
        assert (visit["attached_by"], visit["attached_value"]) == ("cookie", "ck-anna")
        assert visit["account_id"]
        assert visit["site_id"]
    assert str(found["web_log", 2]["occurred_at"]) == "2024-03-02 08:00:00"
    assert found["forms", 1]["attached_by"] == "record"


def test_a_kiosk_glues_nobody_and_its_visits_wait(seen):
    (kiosk,) = [r for r in seen.rows("identifier_contacts") if r["value"] == "ck-kiosk"]
    assert (kiosk["state"], kiosk["contacts"], kiosk["contact_id"]) == ("shared", 2, None)
    visit = by_message(seen, "responses")["web_log", 3]
    assert (visit["contact_id"], visit["attached_by"]) == (None, None)
    assert len(set(contacts(seen).values())) == len(seen.rows("contacts")) == 3


def test_a_team_inbox_is_its_companys_and_a_stranger_nobodys(seen):
    found = by_message(seen, "touches")
    assert found["mailing", 1]["contact_id"] == contacts(seen)["Anna"]
    assert found["mailing", 2]["contact_id"] == contacts(seen)["Tom"], "the tag is no other address"
    inbox, stranger = found["mailing", 3], found["mailing", 4]
    (oakridge,) = {r["account_id"] for r in seen.rows("accounts") if "Oakridge" in r["name"]}
    assert (inbox["contact_id"], inbox["account_id"]) == (None, oakridge)
    assert (stranger["contact_id"], stranger["account_id"]) == (None, None)
    assert {row["cost"] for row in found.values() if row["source"] == "mailing"} == {0.02}


def test_events_follow_the_user_id_and_browser_they_were_identified_by(seen):
    found = by_message(seen, "responses")
    eva = contacts(seen)["Eva"]
    assert [found["events:api", n]["contact_id"] for n in (1, 2, 3)] == [eva] * 3
    assert found["events:api", 1]["attached_by"] == "anonymous_id"
    assert found["events:api", 2]["attached_by"] == "user_id@events:api"
    call = by_message(seen, "touches")["events:calls:touches", 1]
    assert (call["contact_id"], call["attached_by"], call["medium"]) == (eva, "phone", "phone")


def test_deals_stand_at_their_accounts(seen):
    names = {row["account_id"]: row["name"] for row in seen.rows("accounts")}
    told = [
        (names[row["account_id"]], row["outcome"], row["amount"], str(row["closed_at"]))
        for row in seen.rows("opportunities")
    ]
    assert sorted(told) == [
        ("Keller Pumpen GmbH", "won", 12_000, "2024-03-15"),
        ("Oakridge Labs LLC", "open", 5_400, "2024-06-30"),
    ]


def test_every_row_read_is_counted_and_logs_are_no_bad_lists(seen):
    fates = [row["status"] for row in seen.rows("record_entities")]
    assert len(fates) == len(seen.rows("records"))
    # The mailing, the visits, and of the events all but the one that names Eva.
    assert fates.count("log_entry") == len(MAILED) + len(VISITS) + 3
    assert "no_address" not in fates


def test_a_timeline_tells_what_happened_in_order_and_how_it_is_known(seen):
    said = seen("timeline", contacts(seen)["Anna"]).out
    assert said.index("Pumps, spring") < said.index("/pricing") < said.index("Whitepaper")
    assert "cookie ck-anna, on 1 record of theirs" in said
    told = json.loads(seen("timeline", contacts(seen)["Anna"], "--json", "--limit", "2").out)
    assert (told["total"], len(told["moments"])) == (6, 2)
    assert told["moments"][-1]["kind"] == "Booth visit"
    account = seen("timeline", "people:3").out
    assert "demo request" in account
    assert seen("timeline", "web_log:1").out == said
    assert "expected to close" in seen("timeline", "deals:2").out
    seen("timeline", "web_log:4", code=2)


def test_sending_events_again_changes_nothing(remembering):
    before = {table: remembering.rows(table) for table in ("responses", "touches")}
    assert "0 new events, 3 were known" in remember(remembering, EVENTS[:3])
    remembering("build")
    assert {table: remembering.rows(table) for table in before} == before


def test_a_later_export_loses_and_doubles_nothing(remembering):
    folder = remembering.workspace.parent
    before = remembering.rows("responses")
    later = ("w5", "2024-03-05T10:00:00Z", "ck-anna", "download", "https://us.example/guide")
    remembering("add", write_csv(folder / "web_log.csv", [VISITS[3], later], WEB))
    remembering("build")
    after = {row["response_id"]: row for row in remembering.rows("responses")}
    assert len(after) == len(before) + 1
    said = ("contact_id", "account_id", "site_id", "kind", "topic", "occurred_at", "attached_by")
    for row in before:
        assert [after[row["response_id"]][name] for name in said] == [row[name] for name in said]


def test_a_stranger_who_gives_a_name_gets_what_was_sent_before(remembering):
    name = ("2024-05-01 10:00", "Newsletter", "Sam", "Stranger", "stranger@gmail.com", "", "")
    folder = remembering.workspace.parent
    remembering("add", write_csv(folder / "more_forms.csv", [name], FORM))
    remembering("build")
    touch = by_message(remembering, "touches")["mailing", 4]
    assert touch["contact_id"] == contacts(remembering)["Sam"]


def test_after_a_merge_and_its_undo_everything_stands_where_it_belongs(remembering):
    before = {table: remembering.rows(table) for table in ("responses", "touches")}
    anna, tom = contacts(remembering)["Anna"], contacts(remembering)["Tom"]
    remembering("merge", anna, tom, "--reason", "a test")
    mailed = by_message(remembering, "touches")
    assert mailed["mailing", 1]["contact_id"] == mailed["mailing", 2]["contact_id"] in (anna, tom)
    merged = contacts(remembering)
    assert len(merged) == 2
    assert {row["contact_id"] for row in mailed.values()} - {None} == set(merged.values())
    assert {table: len(remembering.rows(table)) for table in before} == {
        table: len(rows) for table, rows in before.items()
    }
    remembering("undo", "--reason", "a test")
    assert {table: remembering.rows(table) for table in before} == before


def test_a_file_that_is_not_there_is_said(tieline):
    assert "cannot be read" in tieline("remember", "nowhere.jsonl", code=2).err
