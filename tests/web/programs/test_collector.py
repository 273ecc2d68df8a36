"""The collector as Segment's protocol has it: what it keeps, answers and withstands."""

import base64
import gzip
import json
import socket
from datetime import datetime, timedelta

import pytest

NOW = "2026-03-02T10:00:00Z"


@pytest.fixture(scope="module")
def shop(server):
    return server.key("shop", "EVENTS")


def track(number, **more):
    return {
        "type": "track", "messageId": number, "anonymousId": "a1", "event": "Download",
        "timestamp": NOW, "properties": {"title": "FT-200"}, **more,
    }  # fmt: skip


def kept(server, start):
    return {
        one["message_id"]: one for one in server.events() if one["message_id"].startswith(start)
    }


def test_every_type_becomes_a_response(server, shop):
    batch = [
        track("kind-1"),
        {"type": "identify", "messageId": "kind-2", "anonymousId": "a1", "userId": "7",
         "timestamp": NOW, "traits": {"email": "a.lang@orbis.com", "name": "Anna Lang"}},
        {"type": "page", "messageId": "kind-3", "anonymousId": "a1", "timestamp": NOW,
         "name": "Pricing"},
        {"type": "screen", "messageId": "kind-4", "userId": "7", "timestamp": NOW, "name": "Cart"},
        {"type": "group", "messageId": "kind-5", "userId": "7", "groupId": "g", "timestamp": NOW,
         "traits": {"name": "Orbis Inc"}},
        {"type": "alias", "messageId": "kind-6", "previousId": "a1", "userId": "7",
         "timestamp": NOW},
    ]  # fmt: skip
    answer = server.ask("POST", "/v1/batch", {"batch": batch}, key=shop)
    assert (answer.status, answer.json) == (200, {"success": True, "set_aside": 0})
    found = kept(server, "kind-")
    assert {one["stream"] for one in found.values()} == {"shop"}
    assert {number: one["body"] for number, one in found.items()} == {
        "kind-1": {"identifier:anonymous_id": "a1", "response_kind": "Download", "topic": "FT-200"},
        "kind-2": {"identifier:anonymous_id": "a1", "identifier:user_id": "7",
                   "response_kind": "identify", "email": "a.lang@orbis.com",
                   "full_name": "Anna Lang"},
        "kind-3": {"identifier:anonymous_id": "a1", "response_kind": "visit", "topic": "Pricing",
                   "medium": "web"},
        "kind-4": {"identifier:user_id": "7", "response_kind": "visit", "topic": "Cart"},
        "kind-5": {"identifier:user_id": "7", "response_kind": "group", "company": "Orbis Inc"},
        "kind-6": {"identifier:anonymous_id": "a1", "identifier:user_id": "7",
                   "response_kind": "alias"},
    }  # fmt: skip


def test_a_message_told_again_is_kept_once_per_stream(server, shop):
    other = server.key("other_shop", "EVENTS")
    for key in (shop, shop, other):
        assert server.ask("POST", "/v1/track", track("again-1"), key=key).status == 200
    found = [one["stream"] for one in server.events() if one["message_id"] == "again-1"]
    assert sorted(found) == ["other_shop", "shop"]


def test_one_that_cannot_be_kept_keeps_no_other_out(server, shop):
    batch = [
        track("part-1"),
        track("part-2", timestamp="2199-01-01T00:00:00Z"),
        5,
        track("part-3", properties={"title": "\ud800"}),
        {"type": "teleport", "messageId": "part-4"},
        track("part-5", anonymousId="NUL\0"),
    ]
    answer = server.ask("POST", "/v1/batch", {"batch": batch}, key=shop)
    assert answer.json == {"success": True, "set_aside": 4}
    assert set(kept(server, "part-")) == {"part-1", "part-5"}
    [day] = (server.workspace / ".tieline" / "set_aside_events").glob("*.jsonl")
    lines = [json.loads(line) for line in day.read_text().splitlines()]
    lines = [line for line in lines if line["stream"] == "shop"]
    events = [line["event"] for line in lines]
    names = [one["messageId"] if isinstance(one, dict) else str(one) for one in events]
    told = dict(zip(names, [line["code"] for line in lines], strict=True))
    assert told == {
        "part-2": "absurd_time",
        "5": "not_an_object",
        "part-3": "unusable_event",
        "part-4": "unknown_type",
    }
    assert day.stat().st_mode & 0o077 == 0


def test_a_wrong_clock_is_put_right(server, shop):
    wrong = track("clock", timestamp="2001-01-01T00:09:00Z")
    sent = {"sentAt": "2001-01-01T00:10:00Z", "batch": [wrong]}
    assert server.ask("POST", "/v1/batch", sent, key=shop).status == 200
    [event] = kept(server, "clock").values()
    happened = datetime.fromisoformat(event["occurred_at"])
    received = datetime.fromisoformat(event["received_at"])
    assert abs(received - happened - timedelta(minutes=1)) < timedelta(seconds=5)


def test_without_id_and_time_it_is_known_by_what_it_says(server, shop):
    said = {"userId": "nameless", "event": "Call"}
    for _ in range(2):
        assert server.ask("POST", "/v1/track", said, key=shop).status == 200
    found = [one for one in server.events() if one["body"].get("response_kind") == "Call"]
    assert len(found) == 1


@pytest.mark.parametrize("path", ["t", "track", "p", "i", "g", "a", "s"])
def test_short_addresses_of_the_browser(server, shop, path):
    said = {"messageId": f"short-{path}", "anonymousId": "b", "timestamp": NOW, "writeKey": shop,
            "event": "x", "traits": {"email": "b@c.com"}}  # fmt: skip
    answer = server.ask("POST", f"/v1/{path}", said, Content_Type="text/plain", Origin="http://x.y")
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert f"short-{path}" in kept(server, "short-")


def test_a_browser_asks_first(server):
    asked = {"Origin": "http://x.y", "Access_Control_Request_Headers": "authorization,content-type"}
    answer = server.ask("OPTIONS", "/v1/t", Access_Control_Request_Method="POST", **asked)
    assert answer.status == 204
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_gzip_whatever_the_content_is_called(server, shop):
    body = gzip.compress(json.dumps({"batch": [track("gz-1")]}).encode())
    basic = base64.b64encode(f"{shop}:".encode()).decode()
    answer = server.ask("POST", "/v1/batch", body, Authorization=f"Basic {basic}",
                        Content_Type="application/x-www-form-urlencoded")  # fmt: skip
    assert answer.status == 200
    assert "gz-1" in kept(server, "gz-")


def test_a_body_in_chunks(server, shop):
    body = json.dumps({"batch": [track("chunk-1")]}).encode()
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(
            f"POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {shop}\r\n"
            "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
            + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        )  # fmt: skip
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    assert "chunk-1" in kept(server, "chunk-")


# Without the time of packing: the name of a test holds its bytes, and is the same in each process.
DEEP = b'{"batch":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BOMB = gzip.compress(b'{"batch":[' + b" " * 50_000_000 + b"]}", 1, mtime=0)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"[]", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b'{"batch": 3}', 400, "bad_json"),
        (b'{"batch": [' + b"9" * 5000 + b"]}", 400, "bad_json"),
        (DEEP, 400, "bad_json"),
        (b"\x1f\x8bnonsense", 400, "bad_json"),
        (gzip.compress(b"{}", mtime=0)[:-4], 400, "bad_json"),
        (BOMB[: 1024 * 1024], 413, "too_large"),
        (gzip.compress(b'{"batch": [' + b"0," * 20_000 + b"0]}", mtime=0), 413, "too_large"),
        (b'{"batch": ["' + b"x" * 1024 * 1024 + b'"]}', 413, "too_large"),
        (gzip.compress(b'{"batch":["' + b"x" * 5_000_000 + b'"]}', mtime=0), 413, "too_large"),
    ],
)
def test_what_cannot_be_read(server, shop, body, status, code):
    answer = server.ask("POST", "/v1/batch", body, key=shop)
    assert (answer.status, answer.json["code"]) == (status, code)


def test_keys(server):
    reader = server.key("reader", "READ")
    assert server.ask("POST", "/v1/t", track("k")).status == 401
    assert server.ask("POST", "/v1/t", track("k"), key="tieline_wrong").status == 401
    assert server.ask("POST", "/v1/t", track("k"), key=reader).status == 403
    assert server.ask("GET", "/v1/t").status == 405
    assert "k" not in kept(server, "k")


def test_what_a_key_sent_is_counted(server, shop):
    told = server.inside(
        "from tieline.web.models import EventDay\n"
        "one = EventDay.objects.get(key__name='shop')\n"
        "print(json.dumps([one.new, one.known, one.refused]))"
    )
    new, known, refused = json.loads(told)
    assert new == len([one for one in server.events() if one["stream"] == "shop"])
    assert known >= 1
    assert refused == 4


def test_overload_is_never_an_error_of_the_sender(server):
    busy = server.key("busy", "EVENTS")
    batch = gzip.compress(json.dumps({"batch": [0] * 10_000}).encode())
    for _ in range(20):
        answer = server.ask("POST", "/v1/batch", batch, key=busy)
        if answer.status != 200:
            break
    assert (answer.status, answer.json["code"]) == (429, "too_many")
    assert int(answer.headers["Retry-After"]) >= 1
    # Others go on meanwhile.
    assert (
        server.ask("POST", "/v1/t", track("meanwhile"), key=server.key("calm", "EVENTS")).status
        == 200
    )
