"""Events are kept once each, whoever sends them how often, and come back in order of arrival."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tieline.errors import TielineError
from tieline.ledger import Event, Remembered

ARRIVED = datetime(2026, 5, 1, tzinfo=UTC)


def event(number, stream="newsletter", **body):
    return Event(stream, f"m{number}", "response", "2026-04-01T10:00:00Z", body)


def held(ledger):
    return [row for batch in ledger.event_batches() for row in batch.to_pylist()]


def test_events_come_back_as_they_were_told(ledger):
    told = Event(
        "web", "x/1", "touch", "2026-04-01T12:00+02:00", {"email": "ä@b.c", "note": "a\n\0"}
    )
    assert ledger.remember([told], at=ARRIVED) == Remembered(new=1, known=0)
    assert held(ledger) == [
        {
            "stream": "web",
            "message_id": "x/1",
            "type": "touch",
            "occurred_at": "2026-04-01T10:00:00.000000Z",
            "received_at": "2026-05-01T00:00:00.000000Z",
            "body": '{"email":"ä@b.c","note":"a\\n\\u0000"}',
        }
    ]


def test_an_event_is_known_by_stream_and_message_id(ledger):
    assert ledger.remember([event(1), event(2)]) == Remembered(2, 0)
    again = [event(1, email="other@x.org"), event(3), event(3), event(1, stream="web")]
    assert ledger.remember(again) == Remembered(new=2, known=2)
    assert [(row["stream"], row["message_id"], row["body"]) for row in held(ledger)] == [
        ("newsletter", "m1", "{}"),
        ("newsletter", "m2", "{}"),
        ("newsletter", "m3", "{}"),
        ("web", "m1", "{}"),
    ]


def test_what_is_known_already_changes_no_fingerprint(ledger):
    ledger.remember([event(1)])
    before = ledger.fingerprint()
    ledger.remember([event(1)])
    assert ledger.fingerprint() == before
    ledger.remember([event(2)])
    assert ledger.fingerprint() != before


def test_more_events_than_one_transaction_holds_are_counted_exactly(ledger):
    assert ledger.remember(event(number) for number in range(45_000)) == Remembered(45_000, 0)
    assert ledger.remember(event(number) for number in range(44_990, 45_010)) == Remembered(10, 10)
    assert [row["message_id"] for row in held(ledger)] == [f"m{n}" for n in range(45_010)]


MOMENTS = [
    ("2026-04-01", "2026-04-01T00:00:00.000000Z"),
    ("2026-04-01 10:00", "2026-04-01T10:00:00.000000Z"),
    ("2026-04-01T10:00:00.5-05:00", "2026-04-01T15:00:00.500000Z"),
    (datetime(2026, 4, 1, 10), "2026-04-01T10:00:00.000000Z"),
    (datetime(2026, 4, 1, 10, tzinfo=timezone(timedelta(hours=1))), "2026-04-01T09:00:00.000000Z"),
    (datetime(301, 4, 1), "0301-04-01T00:00:00.000000Z"),
]


@pytest.mark.parametrize(("told", "kept"), MOMENTS)
def test_moments_are_kept_in_utc(ledger, told, kept):
    ledger.remember([Event("web", "1", "touch", told, {})])
    assert held(ledger)[0]["occurred_at"] == kept


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Event("web", "1", "click", "2026-04-01", {}), "no event of type 'click'"),
        (Event("web", "", "touch", "2026-04-01", {}), "needs a stream and a message id"),
        (Event("", "1", "touch", "2026-04-01", {}), "needs a stream and a message id"),
        (Event("web", "1" * 601, "touch", "2026-04-01", {}), "longer than 600"),
        (Event("web", "a\0", "touch", "2026-04-01", {}), "NUL"),
        (Event("web", "1", "touch", "1 April", {}), "'1 April' is no moment"),
        (Event("web", "1", "touch", "0001-01-01T00:00+05:00", {}), "is no moment"),
        (Event("web", "1", "touch", "2026-04-01", {"x": date(2026, 1, 1)}), "written as JSON"),
        (Event("web", "1", "touch", "2026-04-01", {"x": "\ud800"}), "half a character"),
    ],
)
def test_an_event_that_cannot_be_kept_names_itself(ledger, wrong, told):
    with pytest.raises(TielineError) as caught:
        ledger.remember([event(1), wrong])
    assert caught.value.code == "unusable_event"
    assert told in str(caught.value)
    assert repr(wrong.stream) in str(caught.value)
    # What is sent again after the correction is taken whole.
    assert ledger.remember([event(1), event(2)]).new == 2


def test_the_longest_names_are_kept(ledger):
    longest = Event("w", "\U0001f600" * 599, "touch", "2026-04-01", {})
    assert ledger.remember([longest, longest]) == Remembered(1, 1)


def test_a_ledger_without_events_gives_none(ledger):
    assert held(ledger) == []
    ledger.salt()
    assert held(ledger) == []
