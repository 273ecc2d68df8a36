"""What an erasure does to the ledger: facts are rewritten or deleted, and leave no trace."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tieline.errors import TielineError
from tieline.ledger import Event, Tombstone, open_ledger
from tieline.ledger.database import Database

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SAID = {"reason": "asked Ottilie-Zwerg herself", "by": "Ana"}
NAME = "Ottilie-Zwerg"


def filled(ledger):
    ledger.judge("merge", "contact", {"groups": [["zwerg-1", "a"], ["b"]]}, **SAID)
    ledger.judge(
        "note", "contact", {"records": ["a"], "text": f"with {NAME}"}, reason="x", by="Ana"
    )
    ledger.judge(
        "pin", "contact", {"records": ["a", "b"]}, reason="x", by="y", evidence={"saw": [NAME]}
    )
    ledger.end(3, reason=f"{NAME} said no", by="Ben")
    ledger.label("zwerg-1", "a", "contact", same=True, by="Ana", shown={"name": NAME}, judgement=1)
    ledger.label("a", "b", "contact", same=True, by="Ana")
    ledger.remember(
        Event("web", f"m{number}", "touch", "2026-04-01", {"full_name": name})
        for number, name in enumerate(["Someone Else", NAME.upper(), "Third Person", f'"{NAME}"'])
    )


def without_the_name(judgement):
    def clean(value):
        if isinstance(value, str):
            return value.replace(NAME, "[forgotten]")
        if isinstance(value, list):
            return [clean(item) for item in value if item != "zwerg-1"]
        return {key: clean(item) for key, item in value.items()} if value else value

    ended = judgement.ended and replace(judgement.ended, reason=clean(judgement.ended.reason))
    return replace(
        judgement,
        body=clean(judgement.body),
        reason=clean(judgement.reason),
        evidence=clean(judgement.evidence),
        ended=ended,
    )


def forget(ledger):
    changed = [
        ledger.rewrite("judgements", without_the_name),
        ledger.rewrite("labels", lambda label: None, holding=[NAME]),
        ledger.rewrite("events", lambda event: None, holding=[NAME]),
    ]
    ledger.scrub()
    return changed


def test_judgements_say_the_same_without_the_person(ledger):
    filled(ledger)
    before = ledger.fingerprint()
    assert forget(ledger) == [3, 1, 2]
    merge, note, pin = ledger.judgements(active=False)
    assert (merge.body, merge.reason) == ({"groups": [["a"], ["b"]]}, "asked [forgotten] herself")
    assert note.body["text"] == "with [forgotten]"
    assert (pin.evidence, pin.ended.reason) == ({"saw": ["[forgotten]"]}, "[forgotten] said no")
    assert ledger.judgements(records=["zwerg-1"], active=False) == []
    assert [j.number for j in ledger.judgements(records=["a"], active=False)] == [1, 2, 3]
    flat = ledger.judged_records().to_pylist()
    assert [(r["number"], r["part"], r["record_id"]) for r in flat] == [
        (1, "group_1", "a"), (1, "group_2", "b"), (2, "records", "a")
    ]  # fmt: skip
    assert [label.number for label in ledger.labels()] == [2]
    assert ledger.fingerprint() != before


def test_only_what_holds_a_value_is_asked_about_in_large_and_small_letters(ledger):
    filled(ledger)
    asked = []
    ledger.rewrite("events", lambda event: asked.append(event) or event, holding=[NAME.lower()])
    assert [event.message_id for event in asked] == ["m1", "m3"]
    asked.clear()
    ledger.rewrite("events", lambda event: asked.append(event) or event, holding=[f'"{NAME}"'])
    assert [event.message_id for event in asked] == ["m3"]


def test_an_event_may_be_rewritten_and_keeps_its_place(ledger):
    filled(ledger)
    ledger.rewrite("events", lambda event: replace(event, body={}), holding=[NAME])
    told = [(r["message_id"], r["body"]) for b in ledger.event_batches() for r in b.to_pylist()]
    assert told == [
        ("m0", '{"full_name":"Someone Else"}'),
        ("m1", "{}"),
        ("m2", '{"full_name":"Third Person"}'),
        ("m3", "{}"),
    ]


def test_events_are_deleted_by_name(ledger):
    filled(ledger)
    assert ledger.delete_events([("web", "m1"), ("web", "m9"), ("mail", "m0")]) == 1
    told = [row for batch in ledger.event_batches() for row in batch["message_id"].to_pylist()]
    assert told == ["m0", "m2", "m3"]


def test_rewriting_nothing_changes_no_fingerprint(ledger):
    filled(ledger)
    before = ledger.fingerprint("judgements", "events", "labels")
    for kind in ("judgements", "events", "labels"):
        assert ledger.rewrite(kind, lambda fact: fact) == 0
    assert ledger.delete_events([("web", "m77")]) == 0
    assert ledger.fingerprint("judgements", "events", "labels") == before


@pytest.mark.parametrize(
    "change", [lambda judgement: None, lambda judgement: replace(judgement, made_at=NOW)]
)
def test_that_somebody_decided_cannot_be_rewritten(ledger, change):
    filled(ledger)
    before = ledger.judgements(active=False)
    with pytest.raises(ValueError, match="J1: only what it says"):
        ledger.rewrite("judgements", change)
    assert ledger.judgements(active=False) == before


def test_the_files_hold_no_trace(tmp_path):
    with open_ledger(tmp_path, "") as ledger:
        filled(ledger)
        assert traces(tmp_path.iterdir()), "the scan finds what is there"
        forget(ledger)
        assert not traces(tmp_path.iterdir()), "and the write-ahead log, while it is still there"
    assert not traces(tmp_path.iterdir())


def test_the_server_keeps_no_trace_in_its_tables(postgres, tmp_path):
    url = postgres.new_database()
    with open_ledger(tmp_path, url) as ledger:
        # So many that the planner's samples hold the name too.
        ledger.remember(
            Event("web", f"n{n}", "touch", "2026-04-01", {"full_name": NAME}) for n in range(2000)
        )
        filled(ledger)
        postgres.run("ANALYZE; CHECKPOINT", url.rpartition("/")[2])
        assert traces(postgres.files(url))
        ledger.rewrite("events", lambda event: None, holding=["N0", NAME])
        forget(ledger)
        postgres.run("CHECKPOINT")
        assert not traces(postgres.files(url))
    postgres.drop(url)


def traces(files):
    needles = [NAME.encode(), NAME.upper().encode(), b"zwerg-1"]
    return [file for file in files if any(needle in file.read_bytes() for needle in needles)]


def test_a_reader_that_holds_old_pages_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("tieline.ledger.database.LOCK_SECONDS", 0.1)
    with open_ledger(tmp_path, "") as ledger, open_ledger(tmp_path, "") as reader:
        filled(ledger)
        batches = reader.event_batches()
        next(batches)
        ledger.delete_events([("web", "m1")])
        with pytest.raises(TielineError) as caught:
            scrub_while_read(ledger, reader)
        assert caught.value.code == "ledger_in_use"
        ledger.scrub()


def scrub_while_read(ledger, reader):
    """A transaction that has read sees the pages of that moment until it ends."""
    database: Database = reader._database
    cursor = database.connection().cursor()
    cursor.execute("BEGIN DEFERRED")
    cursor.execute("SELECT count(*) FROM ledger_events")
    cursor.fetchall()
    try:
        ledger.delete_events([("web", "m2")])
        ledger.scrub()
    finally:
        cursor.execute("ROLLBACK")


def test_tombstones_and_certificates_are_kept(ledger):
    assert (ledger.tombstones(), ledger.certificates()) == ([], [])
    first = ledger.add_tombstones(
        {"removed": {"contacts": 1}}, [("email", "aa"), ("phone", "bb")], at=NOW
    )
    second = ledger.add_tombstones({}, [("email", "aa"), ("email", "cc"), ("email", "cc")], at=NOW)
    assert (first.number, second.number) == (1, 2)
    assert ledger.certificates() == [first, second]
    assert ledger.tombstones() == [
        Tombstone("email", "aa", NOW, 1),
        Tombstone("phone", "bb", NOW, 1),
        Tombstone("email", "cc", NOW, 2),
    ]


def test_every_ledger_has_a_salt_of_its_own(a_database, tmp_path):
    salts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        url = a_database()
        for _again in range(2):
            with open_ledger(tmp_path / name, url) as ledger:
                salts.append(ledger.salt())
    assert all(len(salt) == 32 for salt in salts)
    assert salts[0] == salts[1] != salts[2] == salts[3]
