"""What moves: events become a stage, judgements merge, webhooks tell, a kill loses nothing."""

import hashlib
import hmac
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from served_programs import until


class Receiver:
    """A program that takes webhooks; it refuses the first `refuse` of them."""

    def __init__(self, refuse=0):
        self.taken, self.refused = [], refuse
        ours = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = 500 if ours.refused else 200
                ours.refused = max(ours.refused - 1, 0)
                self.send_response(status)
                self.end_headers()
                if status == 200:
                    ours.taken.append((dict(self.headers), body))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture(scope="module")
def receiver():
    found = Receiver(refuse=1)
    yield found
    found.server.shutdown()


def signed(secret, headers, body):
    told = dict(part.split("=") for part in headers["Tieline-Signature"].split(","))
    wanted = hmac.new(secret.encode(), f"{told['t']}.".encode() + body, hashlib.sha256)
    return (
        hmac.compare_digest(wanted.hexdigest(), told["v1"])
        and abs(time.time() - int(told["t"])) < 60
    )


def test_an_event_moves_a_stage_and_a_webhook_tells(moving, receiver):
    made = moving.api("POST", "/webhooks", {"url": receiver.url, "topics": ["stages", "redirects"]})
    assert made.status == 201
    hook = made.json
    assert "secret" not in json.dumps(moving.api("GET", "/webhooks").json)
    [site] = moving.api("GET", "/sites?where=account=Ostrander%20Inc").json["rows"]
    assert site["stage"] != "dialogue"
    now = datetime.now(UTC) - timedelta(minutes=5)
    batch = [
        {"type": "identify", "messageId": "move-1", "anonymousId": "cookie-9",
         "timestamp": now.isoformat(), "traits": {"email": "ezra.whitcomb@ostrander.com"}},
        *({"type": "track", "messageId": f"move-{n}", "anonymousId": "cookie-9",
           "timestamp": (now + timedelta(seconds=n)).isoformat(), "event": "Contact form",
           "properties": {"title": "Pumps"}} for n in range(2, 6)),
    ]  # fmt: skip
    began = time.monotonic()
    assert (
        moving.ask("POST", "/v1/batch", {"batch": batch}, key=moving.key("web", "EVENTS")).status
        == 200
    )
    path = f"/sites/{site['site_id']}"
    moved = until(lambda: (told := moving.api("GET", path).json)["stage"] == "dialogue" and told)
    print(f"seconds from event to stage: {time.monotonic() - began:.1f}")
    timeline = moving.api("GET", f"/timeline/{moved['site_id']}").json["moments"]
    assert len([one for one in timeline if one["kind"] == "Contact form"]) == 4

    headers, body = until(lambda: receiver.taken and receiver.taken[0])
    assert signed(hook["secret"], headers, body)
    told = json.loads(body)
    changes = {(one["entity"], one["id"], one["field"]): one["after"] for one in told["changes"]}
    assert changes["site_stages", site["site_id"], "stage"] == "dialogue"
    assert "ezra" not in body.decode().lower()
    # The receiver refused once: that stands in the log, and the same part came again.
    log = moving.api("GET", f"/webhooks/{hook['id']}/deliveries").json["deliveries"]
    assert (log[0]["state"], log[0]["attempts"], log[0]["status"]) == ("done", 2, 200)


def test_a_merge_by_api_is_done_once_and_its_id_leads_on(moving, receiver):
    rows = moving.api("GET", "/accounts?sort=name&columns=name").json["rows"]
    ids = [row["account_id"] for row in rows if row["name"] in ("Larkmill Inc", "Pellworth Inc")]
    body = {"ids": ids, "reason": "one group since spring"}
    first = moving.api("POST", "/judgements/merge", body, Idempotency_Key="merge-1")
    again = moving.api("POST", "/judgements/merge", body, Idempotency_Key="merge-1")
    other = moving.api(
        "POST", "/judgements/merge", {**body, "reason": "else"}, Idempotency_Key="merge-1"
    )
    assert (first.status, again.status, other.status) == (201, 201, 422)
    assert first.body == again.body
    assert moving.api("GET", "/judgements").json["total"] == 1
    until(lambda: moving.api("GET", f"/accounts/{ids[0]}").json["account_id"]
          == moving.api("GET", f"/accounts/{ids[1]}").json["account_id"])  # fmt: skip
    asked = [moving.api("GET", f"/accounts/{one}").json for one in ids]
    assert {one["asked_id"] for one in asked} == set(ids)
    gone = next(one for one in ids if one != asked[0]["account_id"])

    def told():
        changes = [one for _, body in receiver.taken for one in json.loads(body)["changes"]]
        return [one for one in changes if one["change"] == "merged" and one["id"] == gone]

    assert until(told)[0]["other_id"] == asked[0]["account_id"]
    undone = moving.api("POST", "/judgements/undo", {"judgement": first.json["judgement"]})
    assert (undone.status, undone.json["ended"]) == (201, True)
    assert moving.api("POST", "/judgements/undo", {"judgement": "J1"}).status == 409
    until(lambda: moving.api("GET", f"/accounts/{gone}").json["account_id"] == gone)


def test_other_judgements(moving):
    [person] = moving.api("GET", "/contacts?where=email=trent.holloway@boltwright.com").json["rows"]
    which = {"id": person["contact_id"]}
    said = {**which, "reason": "told by phone"}
    for path, body in (
        ("note", {**which, "text": "Prefers to be called"}),
        ("override", {**said, "field": "title", "value": "Owner"}),
        ("consent", {**said, "state": "withdrawn", "purpose": "marketing", "channel": "email"}),
        ("set-aside", said),
    ):
        made = moving.api("POST", f"/judgements/{path}", body)
        assert made.status == 201, made.body
        assert made.json["kind"] == path.replace("-", "_")
    wrong = moving.api("POST", "/judgements/override", {**said, "field": "shoe", "value": "9"})
    assert (wrong.status, wrong.json["code"]) == (400, "unknown_field")
    lacking = moving.api("POST", "/judgements/merge", {"ids": ["C1"], "reason": "x"})
    assert (lacking.status, lacking.json["code"]) == (400, "bad_request")
    audited = moving.inside(
        "from tieline.web.models import AuditEntry\n"
        "print([one.action for one in AuditEntry.objects.filter(who='key all')])"
    )
    for action in ("note by API", "override by API", "consent by API", "set_aside by API"):
        assert audited.count(action) == 1


def test_a_request_whose_server_died_is_not_done_twice(moving):
    [person] = moving.api("GET", "/contacts?where=email=fiona.abernathy@ostrander.com").json["rows"]
    body = {"id": person["contact_id"], "text": "Met at the fair"}
    first = moving.api("POST", "/judgements/note", body, Idempotency_Key="died")
    # As if the server had died after it wrote the note down and before it kept its answer.
    moving.inside(
        "from datetime import timedelta; from django.utils import timezone\n"
        "from tieline.web.models import GivenAnswer\n"
        "GivenAnswer.objects.filter(token='died').update(status=None, body='')"
    )
    running = moving.api("POST", "/judgements/note", body, Idempotency_Key="died")
    assert (running.status, running.json["code"]) == (409, "still_running")
    moving.inside(
        "from datetime import timedelta; from django.utils import timezone\n"
        "from tieline.web.models import GivenAnswer\n"
        "long_ago = timezone.now() - timedelta(minutes=5)\n"
        "GivenAnswer.objects.filter(token='died').update(made_at=long_ago)"
    )
    again = moving.api("POST", "/judgements/note", body, Idempotency_Key="died")
    assert (again.status, again.json["judgement"]) == (201, first.json["judgement"])


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://10.0.0.1/", "private_address"),
        ("https://192.168.1.1/x", "private_address"),
        ("https://169.254.169.254/latest/meta-data", "private_address"),
        ("https://[::1]/", "private_address"),
        ("https://[::ffff:10.0.0.1]/", "private_address"),
        ("https://0.0.0.0/", "private_address"),
        ("https://2130706434/", "private_address"),
        ("http://1.1.1.1/", "not_encrypted"),
        ("ftp://example.com/", "bad_url"),
        ("https://user:word@1.1.1.1/", "bad_url"),
        ("https://[bad/", "bad_url"),
        ("https://nowhere.invalid/", "unknown_host"),
    ],
)
def test_webhooks_go_nowhere_inside(moving, url, code):
    answer = moving.api("POST", "/webhooks", {"url": url, "topics": ["stages"]})
    assert (answer.status, answer.json["code"]) == (400, code)


def test_a_webhook_can_be_tried_and_ended(moving, receiver):
    made = moving.api("POST", "/webhooks", {"url": receiver.url, "topics": ["outlooks"]}).json
    before = len(receiver.taken)
    tried = moving.api("POST", f"/webhooks/{made['id']}/try").json
    assert (tried["taken"], len(receiver.taken)) == (True, before + 1)
    assert moving.api("DELETE", f"/webhooks/{made['id']}").status == 200
    assert moving.api("POST", f"/webhooks/{made['id']}/try").status == 404
    wrong = moving.api("POST", "/webhooks", {"url": receiver.url, "topics": ["weather"]})
    assert wrong.json["code"] == "unknown_topic"


def test_what_was_answered_outlives_a_kill(moving):
    """The last of this file: it kills the server while four programs send."""
    key = moving.key("web", "EVENTS")
    answered, stop = [], threading.Event()

    def send(sender):
        for number in range(10_000):
            names = [f"kill-{sender}-{number}-{place}" for place in range(20)]
            batch = [
                {"type": "track", "messageId": one, "userId": "k", "event": "e"} for one in names
            ]
            try:
                answer = moving.ask("POST", "/v1/batch", {"batch": batch}, key=key)
            except (OSError, HTTPException):
                return
            if answer.status == 200:
                answered.extend(names)
            if stop.is_set():
                return

    senders = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for one in senders:
        one.start()
    until(lambda: len(answered) > 1000)
    moving.kill()
    stop.set()
    for one in senders:
        one.join()
    kept = {one["message_id"] for one in moving.events()}
    assert len(answered) > 1000
    assert set(answered) <= kept
    moving.start()
    again = {"type": "track", "messageId": answered[0], "userId": "k", "event": "e"}
    assert moving.ask("POST", "/v1/track", again, key=key).status == 200
    assert sum(one["message_id"] == answered[0] for one in moving.events()) == 1
