"""What people decide is kept with who, when and why; an end is kept beside it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tieline.errors import TielineError
from tieline.ledger import Ending, open_ledger

MERGE = {"groups": [["r1", "r2"], ["r3"]]}
SAID = {"reason": "same person", "by": "Ana"}
MORNING = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=2)))

BODIES = [
    ("merge", MERGE, [("group_1", "r1"), ("group_1", "r2"), ("group_2", "r3")]),
    ("distinct", MERGE, [("group_1", "r1"), ("group_1", "r2"), ("group_2", "r3")]),
    (
        "split",
        {"rest": ["r3"], "apart": ["r2", "r1"]},
        [("apart", "r2"), ("apart", "r1"), ("rest", "r3")],
    ),
    ("pin", {"records": ["r2", "r1"]}, [("records", "r2"), ("records", "r1")]),
    (
        "override",
        {"records": ["r1"], "field": "email", "value": "añá@x.org\n\0"},
        [("records", "r1")],
    ),
    ("set_aside", {"records": ["r1"]}, [("records", "r1")]),
    ("restore", {"records": ["r1"]}, [("records", "r1")]),
    (
        "consent",
        {
            "records": ["r1"],
            "purpose": "news",
            "channel": "email",
            "state": "no",
            "at": "2026-01-01",
        },
        [("records", "r1")],
    ),
    (
        "lead_answer",
        {
            "records": ["r1", "r2"],
            "product": "pumps",
            "version": "3f2a",
            "answer": "reject",
            "because": "no_need",
            "until": "",
        },
        [("records", "r1"), ("records", "r2")],
    ),
    ("note", {"records": ["r1"], "text": 'said "no"\u2028\\'}, [("records", "r1")]),
]


def refused(code, act, *args, **said):
    with pytest.raises(TielineError) as caught:
        act(*args, **said)
    assert caught.value.code == code
    return caught.value


@pytest.mark.parametrize(("kind", "body", "flat"), BODIES)
def test_every_kind_is_read_back_as_it_was_said(ledger, kind, body, flat):
    made = ledger.judge(
        kind, "site", body, **SAID, evidence={"score": 0.25, "saw": ["a"]}, at=MORNING
    )
    assert (made.number, made.name) == (1, "J1")
    assert ledger.judgements() == [made] == [ledger.judgement(1)]
    assert (made.kind, made.entity, made.body, made.reason, made.made_by) == (
        kind, "site", body, "same person", "Ana"
    )  # fmt: skip
    assert made.evidence == {"score": 0.25, "saw": ["a"]}
    assert made.made_at == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    rows = ledger.judged_records().to_pylist()
    assert [(row["part"], row["record_id"]) for row in rows] == flat
    assert {(row["number"], row["kind"], row["entity"]) for row in rows} == {(1, kind, "site")}


def test_flat_records_stand_in_order_of_judgements_whatever_their_kinds(ledger):
    for kind, body, _flat in BODIES * 2:
        ledger.judge(kind, "account", body, **SAID)
    rows = ledger.judged_records().to_pylist()
    expected = [
        (number, kind, part, record)
        for number, (kind, _body, flat) in enumerate(BODIES * 2, start=1)
        for part, record in flat
    ]
    assert [(r["number"], r["kind"], r["part"], r["record_id"]) for r in rows] == expected


def test_an_ended_judgement_holds_no_more_but_is_still_there(ledger):
    ledger.judge("merge", "contact", MERGE, **SAID)
    kept = ledger.judge("pin", "contact", {"records": ["r1"]}, **SAID)
    ended = ledger.end(1, reason="two brothers", by="Ben", at=MORNING)
    assert ended.ended == Ending("two brothers", "Ben", datetime(2026, 3, 1, 7, 30, tzinfo=UTC))
    assert ledger.judgements() == [kept]
    assert ledger.judgements(active=False) == [ended, kept]
    assert ledger.judgement(1) == ended
    assert ledger.judged_records()["number"].to_pylist() == [2]


def test_a_judgement_ends_once(ledger):
    ledger.judge("merge", "contact", MERGE, **SAID)
    ledger.end(1, reason="two brothers", by="Ben", at=MORNING)
    error = refused("already_ended", ledger.end, 1, reason="again", by="Ana")
    assert "J1 was ended by Ben on 2026-03-01" in str(error)


@pytest.mark.parametrize("facts_before", [0, 1])
def test_a_number_nobody_gave_is_told(ledger, facts_before):
    for _ in range(facts_before):
        ledger.judge("merge", "contact", MERGE, **SAID)
    assert "J7" in str(refused("unknown_judgement", ledger.judgement, 7))
    assert "J7" in str(refused("unknown_judgement", ledger.end, 7, reason="x", by="y"))
    assert len(ledger.judgements()) == facts_before


def test_judgements_are_found_by_kind_and_by_the_records_they_name(ledger):
    for kind, records in (("pin", ["a", "b"]), ("pin", ["c"]), ("set_aside", ["b"])):
        ledger.judge(kind, "contact", {"records": records}, **SAID)
    ledger.end(3, reason="x", by="y")

    def numbers(**asked):
        return [judgement.number for judgement in ledger.judgements(**asked)]

    assert numbers(kind="pin") == [1, 2]
    assert numbers(records=["b", "nobody"]) == [1]
    assert numbers(records={"b"}, active=False) == [1, 3]
    assert numbers(records=[], active=False) == []
    assert numbers(records=(f"x{n}" for n in range(3000))) == []
    assert numbers(kind="set_aside", active=False, records=["b"]) == [3]


WRONG = [
    ("glue", "contact", MERGE, SAID, "There is no judgement of kind 'glue'"),
    ("merge", "person", MERGE, SAID, "There is no entity 'person'"),
    ("merge", "contact", {"records": ["a"]}, SAID, "lacks groups"),
    ("merge", "contact", {**MERGE, "why": 1}, SAID, "has no place for 'why'"),
    ("merge", "contact", {"groups": []}, SAID, "needs records in groups"),
    ("distinct", "contact", {"groups": [["a"]]}, SAID, "needs records in groups"),
    ("merge", "contact", {"groups": [["a"], []]}, SAID, "needs records in groups"),
    ("split", "contact", {"apart": ["a"], "rest": []}, SAID, "needs records in rest"),
    ("merge", "contact", {"groups": [["a"], ["a"]]}, SAID, "names a record only once"),
    ("pin", "contact", {"records": [7]}, SAID, "named by its id"),
    ("pin", "contact", {"records": ["a\0b"]}, SAID, "holds a NUL"),
    ("pin", "contact", {"records": ["a\ud800"]}, SAID, "holds half a character"),
    ("note", "contact", {"records": ["a"], "text": "\udfff"}, SAID, "holds half a character"),
    ("note", "contact", {"records": ["a"], "text": {1, 2}}, SAID, "cannot be written as JSON"),
    ("pin", "contact", {"records": ["a"]}, {"reason": " ", "by": "x"}, "A reason is needed"),
    ("pin", "contact", {"records": ["a"]}, {"reason": "x", "by": ""}, "A name of who decides"),
    ("pin", "contact", {"records": ["a"]}, {"reason": "\0", "by": "x"}, "holds a NUL"),
]


@pytest.mark.parametrize(("kind", "entity", "body", "said", "told"), WRONG)
def test_what_could_not_be_understood_later_is_refused(ledger, kind, entity, body, said, told):
    error = refused("unusable_fact", ledger.judge, kind, entity, body, **said)
    assert told in str(error)
    assert ledger.judgements(active=False) == []


def test_numbers_have_no_gaps_after_a_refusal(ledger):
    ledger.judge("merge", "contact", MERGE, **SAID)
    refused("unknown_judgement", ledger.label, "a", "b", "site", same=True, by="x", judgement=9)
    refused("unusable_fact", ledger.judge, "merge", "contact", {}, **SAID)
    assert ledger.judge("merge", "contact", MERGE, **SAID).number == 2


def test_labels_are_read_back_until_their_judgement_ends(ledger):
    ledger.judge("merge", "contact", MERGE, **SAID)
    first = ledger.label(
        "r1",
        "r3",
        "contact",
        same=True,
        by="Ana",
        shown={"name": ["A", "Ä"]},
        judgement=1,
        at=MORNING,
    )
    second = ledger.label("r1", "r9", "contact", same=False, by="Ana")
    assert ledger.labels() == [first, second]
    assert (first.number, first.same, first.shown) == (1, True, {"name": ["A", "Ä"]})
    ledger.end(1, reason="x", by="y")
    assert ledger.labels() == [second]
    assert ledger.labels(active=False) == [first, second]


@pytest.mark.parametrize(("left", "right"), [("a", "a"), ("", "b"), ("a", "")])
def test_a_label_compares_two_records(ledger, left, right):
    refused("unusable_fact", ledger.label, left, right, "contact", same=True, by="x")


def test_every_change_of_what_builds_read_changes_the_fingerprint(ledger):
    seen = [ledger.fingerprint()]
    ledger.judge("merge", "contact", MERGE, **SAID)
    seen.append(ledger.fingerprint())
    ledger.end(1, reason="x", by="y")
    seen.append(ledger.fingerprint())
    ledger.add_tombstones({}, [("email", "ff")], at=MORNING)
    seen.append(ledger.fingerprint())
    assert len(set(seen)) == len(seen)
    labels = ledger.fingerprint("labels")
    ledger.label("a", "b", "contact", same=True, by="x")
    assert ledger.fingerprint() == seen[-1]
    assert ledger.fingerprint("labels") != labels


def test_a_fingerprint_speaks_of_the_facts_asked_for(ledger):
    before = ledger.fingerprint("events")
    ledger.judge("merge", "contact", MERGE, **SAID)
    assert ledger.fingerprint("events") == before
    with pytest.raises(ValueError, match="no such facts: even"):
        ledger.fingerprint("even")


def test_a_backup_put_back_is_told_from_what_was_written_since(tmp_path):
    with open_ledger(tmp_path, "") as ledger:
        ledger.judge("merge", "contact", MERGE, **SAID)
        backed_up = ledger.fingerprint()
    backup = (tmp_path / "ledger.sqlite").read_bytes()
    seen = set()
    for record in ("a", "b"):
        (tmp_path / "ledger.sqlite").write_bytes(backup)
        with open_ledger(tmp_path, "") as ledger:
            assert ledger.fingerprint() == backed_up
            ledger.judge("pin", "contact", {"records": [record]}, **SAID)
            seen.add(ledger.fingerprint())
    assert len(seen) == 2
