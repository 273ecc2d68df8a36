"""Events from a program: what is kept, what is refused and why, and each of them once."""

from __future__ import annotations

import datetime as dt
import shutil

import pyarrow.parquet as pq
import pytest

from tieline.actions.event_messages import event_of, messages_of
from tieline.actions.remember import MOST_TOLD, remember
from tieline.errors import TielineError
from tieline.ledger import Event
from tieline.workspace import Workspace
from tieline.workspace.event_sources import event_sources

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace.create(tmp_path / "w")


def event(number: int = 1, when: str = "2024-03-01T10:00:00Z", kind: str = "response", **body):
    return Event("shop", f"m{number}", kind, when, body or {"email": "a@b.com"})


def test_an_event_is_kept_once_however_often_it_is_sent(workspace):
    first = remember(workspace, [event(1), event(2), event(1)], now=NOW)
    again = remember(workspace, [event(2), event(3)], now=NOW)
    assert (first.new, first.known, again.new, again.known) == (2, 1, 1, 1)


@pytest.mark.parametrize(
    ("bad", "code", "told"),
    [
        (event(emial="x"), "unknown_field", "Did you mean 'email'?"),
        (event(**{"identifier:": "x"}), "unknown_field", "identifier:"),
        (event(occurred_at="2024-01-01"), "unknown_field", "beside the body"),
        (event(email={"a": 1}), "not_a_text", "several values"),
        (event(when="2024-06-03T00:00:00Z"), "absurd_time", "in the future"),
        (event(when="1970-01-01T00:00:00Z"), "absurd_time", "before 1990"),
        (event(when="2024-03-01T10:00:00"), "no_zone", "2024-03-01T10:00:00Z"),
        (event(when="yesterday"), "bad_time", "yesterday"),
        (event(when=""), "bad_time", "Nothing"),
        (event(kind="open"), "unknown_type", "neither touch nor response"),
        (Event("shop", "", "touch", "2024-03-01T10:00:00Z", {"email": "a"}), "no_message_id", "id"),
        (event(email=" "), "empty_event", "neither who nor what"),
        (TielineError("bad_json", "This is not JSON"), "bad_json", "not JSON"),
    ],
)
def test_what_cannot_be_kept_is_told_and_keeps_no_other_out(workspace, bad, code, told):
    done = remember(workspace, [event(1), bad, event(2)], now=NOW)
    assert (done.new, done.refused) == (2, 1)
    (fault,) = done.faults
    assert fault.code == code
    assert told in fault.message
    assert fault.place.row == 2


def test_all_refused_events_are_counted_and_the_first_told(workspace):
    done = remember(workspace, [event(n, when="?") for n in range(MOST_TOLD + 5)], now=NOW)
    assert (done.refused, len(done.faults)) == (MOST_TOLD + 5, MOST_TOLD)


def test_times_of_any_zone_are_one_moment(workspace):
    moments = ["2024-03-01T10:00:00Z", "2024-03-01T12:00:00+02:00"]
    remember(workspace, [event(n, when) for n, when in enumerate(moments)], now=NOW)
    assert {row["occurred_at"] for row in rows(workspace)} == {"2024-03-01T10:00:00.000000Z"}


def sources(workspace: Workspace):
    with workspace.ledger() as ledger:
        return {source.name: source for source in event_sources(workspace, ledger)}


def rows(workspace: Workspace, name: str = "events:shop") -> list[dict]:
    return pq.read_table(sources(workspace)[name].rows).to_pylist()


def test_events_become_sources_by_stream_and_type(workspace):
    calls = Event("calls", "c1", "touch", "2024-03-01T10:00:00Z", {"phone": "+1 212 555 0100"})
    remember(workspace, [event(1), calls, event(2, email="c@d.org")], now=NOW)
    found = sources(workspace)
    assert {name: source.kind for name, source in found.items()} == {
        "events:shop": "responses",
        "events:calls:touches": "touches",
    }
    assert found["events:calls:touches"].stream_name == "events:calls"
    assert [(r["row_number"], r["message_id"], r["email"]) for r in rows(workspace)] == [
        (1, "m1", "a@b.com"),
        (2, "m2", "c@d.org"),
    ]


def test_new_events_are_appended_also_with_new_fields(workspace):
    remember(workspace, [event(1)], now=NOW)
    before = sources(workspace)["events:shop"]
    assert sources(workspace)["events:shop"].fingerprint() == before.fingerprint()
    remember(workspace, [event(2, **{"identifier:cookie": "ck", "topic": "pumps"})], now=NOW)
    after = sources(workspace)["events:shop"]
    assert after.fingerprint() != before.fingerprint()
    assert [(r["row_number"], r["email"], r["topic"]) for r in rows(workspace)] == [
        (1, "a@b.com", None),
        (2, None, "pumps"),
    ]
    assert after.columns["identifier:cookie"] == "identifier:cookie"


def test_the_rows_are_the_same_however_they_came(workspace, tmp_path):
    other = Workspace.create(tmp_path / "other")
    events = [event(n, email=f"p{n}@b.com", topic=str(n) if n % 3 else "") for n in range(60)]
    for one in events:
        remember(workspace, [one], now=NOW)
        sources(workspace)
    remember(other, events, now=NOW)
    assert rows(workspace) == rows(other)


def test_a_cache_that_is_gone_or_outdated_is_made_anew(workspace):
    remember(workspace, [event(n) for n in range(5)], now=NOW)
    before = rows(workspace)
    shutil.rmtree(workspace.cache_dir / "events")
    assert rows(workspace) == before
    with workspace.ledger() as ledger:
        ledger.delete_events([("shop", "m2")])
    assert [row["message_id"] for row in rows(workspace)] == ["m0", "m1", "m3", "m4"]


def test_messages_of_segment_say_who_and_what():
    page = {"type": "page", "messageId": "1", "anonymousId": "x", "name": "Pricing",
            "timestamp": "2024-03-01T10:00:00Z",
            "context": {"ip": "203.0.113.7", "campaign": {"name": "spring"}}}  # fmt: skip
    told = event_of(page, stream="web")
    assert (told.stream, told.message_id, told.type) == ("web", "1", "response")
    assert told.body == {
        "identifier:anonymous_id": "x",
        "identifier:ip": "203.0.113.7",
        "campaign": "spring",
        "response_kind": "visit",
        "topic": "Pricing",
        "medium": "web",
    }
    identify = {"type": "identify", "messageId": "2", "anonymousId": "x", "userId": "a@b.com",
                "traits": {"firstName": "Ann", "company": {"name": "Acme"}, "title": "CEO",
                           "address": {"city": "Bonn", "postalCode": "53111"}}}  # fmt: skip
    body = event_of(identify).body
    assert body["email"] == "a@b.com", "many sites take the address for the user's id"
    assert "identifier:user_id" not in body
    assert (body["given_name"], body["company"], body["title"]) == ("Ann", "Acme", "CEO")
    assert (body["city"], body["postcode"]) == ("Bonn", "53111")
    track = {"type": "track", "messageId": "3", "userId": "7", "event": "Order placed",
             "properties": {"title": "FT-200", "lines": [1, 2]}}  # fmt: skip
    assert event_of(track).body == {
        "identifier:user_id": "7", "response_kind": "Order placed", "topic": "FT-200",
    }  # fmt: skip
    group = {"type": "group", "messageId": "4", "userId": "7", "traits": {"name": "Acme Inc"}}
    assert event_of(group).body["company"] == "Acme Inc"
    assert "full_name" not in event_of(group).body


def test_batches_and_lists_of_messages_are_taken_apart():
    one, two = {"message_id": "1"}, {"message_id": "2"}
    assert list(messages_of({"batch": [one, two], "sentAt": "x"})) == [one, two]
    assert list(messages_of([one, [two]])) == [one, two]
    with pytest.raises(TielineError):
        list(messages_of("a text"))


def test_strange_messages_are_no_fault_of_ours(workspace):
    strange = [
        {"type": "identify", "traits": "x", "context": [1]},
        {"type": "track", "event": {"a": 1}, "properties": None, "messageId": 5},
        {"body": [1]},
        {},
    ]
    read: list[Event | TielineError] = []
    for message in strange:
        try:
            read.append(event_of(message))
        except TielineError as problem:
            read.append(problem)
    done = remember(workspace, read, now=NOW)
    assert (done.new, done.refused) == (0, len(strange))


def test_the_order_of_fields_does_not_depend_on_which_event_came_first(workspace):
    remember(workspace, [event(1, topic="pumps")], now=NOW)
    sources(workspace)
    remember(workspace, [event(2, "2024-03-02T10:00:00Z", email="c@d.org")], now=NOW)
    grown = list(sources(workspace)["events:shop"].columns)
    shutil.rmtree(workspace.cache_dir / "events")
    assert list(sources(workspace)["events:shop"].columns) == grown
